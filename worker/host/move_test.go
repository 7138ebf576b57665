package host_test

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	"casey.internal/worker/host"
	"casey.internal/worker/peer"
	"casey.internal/worker/session"
	"casey.internal/worker/session/sessiontest"
)

// sentence is how long a speaking Talk takes to end its sentence.
const sentence = 800 * time.Millisecond

// speaking is a Talk that is in the middle of a sentence when it is asked to
// hand over. It says which worker speaks from when to when.
type speaking struct {
	worker string
	stage  *stage
	stays  bool          // it does not do what it is asked to
	lasts  time.Duration // its sentence
}

// stage notes who speaks.
type stage struct {
	mu    sync.Mutex
	notes notes
}

type notes struct {
	worker string // who speaks now
	two    bool   // two did at the same time
	from   map[string]time.Time
	to     map[string]time.Time
	carry  map[string]string // what each found
	turns  map[string]int
}

func newStage() *stage {
	return &stage{notes: notes{from: map[string]time.Time{}, to: map[string]time.Time{}, carry: map[string]string{}, turns: map[string]int{}}}
}

// enter notes that a worker speaks, leave that it stopped.
func (s *stage) enter(worker string, line session.Media) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := &s.notes
	n.two = n.two || n.worker != ""
	n.worker, n.from[worker] = worker, time.Now()
	n.carry[worker], n.turns[worker] = line.Session.Carry, len(line.Turns)
}

func (s *stage) leave(worker string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.notes.worker == worker {
		s.notes.worker = ""
	}
	s.notes.to[worker] = time.Now()
}

// look returns what was noted.
func (s *stage) look() notes {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.notes
	n.from, n.to, n.carry, n.turns = maps.Clone(n.from), maps.Clone(n.to), maps.Clone(n.carry), maps.Clone(n.turns)
	return n
}

func (s speaking) Run(ctx context.Context, line session.Media) error {
	s.stage.enter(s.worker, line)
	defer s.stage.leave(s.worker)
	line.Book.PutTurn(interview.Turn{Number: len(line.Turns) + 1, Role: interview.Interviewer, Text: "said by " + s.worker, Began: time.Now()})
	for {
		select {
		case event := <-line.Events:
			switch event.(type) {
			case session.HandOver:
				if s.stays {
					continue
				}
				time.Sleep(s.lasts)
				line.Book.Keep("kept by " + s.worker)
				return session.ErrHandedOver
			case session.Farewell:
				return session.ErrDrained
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// pair starts two workers whose Talks speak on one stage, the first with a
// session that is connected.
func (w *world) pair(change ...func(*host.Config, *host.Services)) (*browser, *stage) {
	st := newStage()
	on := func(name string, stays bool) func(*host.Config, *host.Services) {
		return func(c *host.Config, s *host.Services) {
			c.Drain = time.Minute
			s.Talk = func(*interview.Session) session.Talk { return speaking{name, st, stays, sentence} }
		}
	}
	w.start("w1", 4, append([]func(*host.Config, *host.Services){on("w1", false)}, change...)...)
	b := w.browse("a").dispatch(sessiontest.Offer("f1", 1))
	w.wait(time.Second)
	b.connect()
	w.start("w2", 4, on("w2", false))
	return b, st
}

// invite offers a second peer as the message Lambda passes it on.
func (b *browser) invite(sdp string) {
	b.w.Helper()
	seen := b.record()
	b.offer = interview.Offer{Peer: "p2", SDP: sdp, Want: interview.WantElsewhere, Connection: seen.Connection, At: time.Now()}
	_, err := b.w.store.Invite(b.w.Context(), seen, b.offer)
	b.w.must(err)
	b.send()
	b.w.wait(time.Second)
}

func TestMakeBeforeBreak(t *testing.T) {
	play(t, func(w *world) {
		b, st := w.pair()
		w.workers["w1"].stop()
		w.wait(time.Second)
		b.expect("answer, *wire.Move")
		if s := b.record(); s.State != interview.Moving || st.look().worker != "w1" {
			t.Errorf("session is %q, %q speaks", s.State, st.look().worker)
		}
		b.invite(sessiontest.Offer("f2", 1))
		peer := b.connect()
		if st.look().worker != "w1" {
			t.Errorf("%q speaks before it was taken", st.look().worker)
		}
		taken := time.Now()
		peer.Say(`{"type":"take"}`)
		w.wait(5 * time.Second)
		if s := b.record(); s.State != interview.Answered || s.Owner != "w2" || s.Epoch != 2 || !s.HasMedia() {
			t.Errorf("session is %+v", s)
		}
		n := st.look()
		if n.two || n.worker != "w2" || n.to["w1"].Sub(taken) < sentence {
			t.Errorf("two spoke: %v; %q speaks; the sentence ended after %v", n.two, n.worker, n.to["w1"].Sub(taken))
		}
		if gap := n.from["w2"].Sub(n.to["w1"]); gap > 500*time.Millisecond {
			t.Errorf("nobody spoke for %v", gap)
		}
		if n.carry["w2"] != "kept by w1" || n.turns["w2"] != 1 {
			t.Errorf("the successor found %q and %d turns", n.carry["w2"], n.turns["w2"])
		}
		b.expect("answer, *wire.Move, answer")
		turns, err := w.store.Turns(t.Context(), b.session)
		w.must(err)
		if counted := interview.Count(b.record(), turns); len(counted) != 2 {
			t.Errorf("turns %v", counted)
		}
	})
}

func TestTheSuccessorTakesWhatNobodyHandsOver(t *testing.T) {
	for name, change := range map[string]func(*host.Config, *host.Services){
		"the owner cannot write":  func(_ *host.Config, s *host.Services) { s.Store = forgetful{s.Store} },
		"the owner hears nothing": func(_ *host.Config, s *host.Services) { s.Queue = deafened{s.Queue} },
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(w *world) {
				b, st := w.pair(change)
				w.workers["w1"].stop()
				w.wait(time.Second)
				b.invite(sessiontest.Offer("f2", 1))
				b.connect() // and says nothing: its old peer may be lost
				w.wait(30 * time.Second)
				if s := b.record(); s.Owner != "w2" || s.Epoch != 2 || st.look().worker == "w1" {
					t.Errorf("owner %q, epoch %d, %q speaks", s.Owner, s.Epoch, st.look().worker)
				}
			})
		})
	}
}

// TestTheSuccessorNeedNotBeTold: the owner's word that the session is the successor's may
// be late, and nobody listens until the successor knows.
func TestTheSuccessorNeedNotBeTold(t *testing.T) {
	play(t, func(w *world) {
		b, st := w.pair()
		w.end("w2")
		w.start("w3", 4, func(c *host.Config, s *host.Services) {
			s.Queue = deafened{s.Queue}
			s.Talk = func(*interview.Session) session.Talk { return speaking{"w3", st, false, sentence} }
		})
		w.workers["w1"].stop()
		w.wait(time.Second)
		b.invite(sessiontest.Offer("f2", 1))
		b.connect().Say(`{"type":"take"}`)
		w.wait(5 * time.Second)
		n := st.look()
		if gap := n.from["w3"].Sub(n.to["w1"]); n.worker != "w3" || gap > 500*time.Millisecond {
			t.Errorf("%q speaks, after %v", n.worker, gap)
		}
	})
}

// forgetful is a store that takes no succession from the owner.
type forgetful struct{ host.Store }

func (f forgetful) Succeed(context.Context, store.Succession) (*store.Claimed, error) {
	return nil, errors.New("no route to host")
}

// deafened is a queue whose inbox brings no word of a handover.
type deafened struct{ host.Queue }

func (d deafened) ReceiveInbox(ctx context.Context, url string, wait time.Duration) ([]queue.InboxDelivery, error) {
	all, err := d.Queue.ReceiveInbox(ctx, url, wait)
	for i := range all {
		if all[i].Kind == queue.KindHandover {
			all[i].Session = "nobody's"
		}
	}
	return all, err
}

// TestTheSuccessorsBrowserGoes: what is handed over to a successor whose browser has
// gone is nobody's ghost.
func TestTheSuccessorsBrowserGoes(t *testing.T) {
	play(t, func(w *world) {
		b, _ := w.pair()
		w.workers["w1"].stop()
		w.wait(time.Second)
		b.invite(sessiontest.Offer("f2", 1))
		p := b.connect()
		p.Say(`{"type":"take"}`)
		w.wait(sentence / 2)
		p.State(peer.Closed)
		w.wait(time.Minute)
		if s := b.record(); s.State != interview.Paused || s.Owner != "w2" {
			t.Errorf("session is %q, owned by %q", s.State, s.Owner)
		}
		if n := w.workers["w2"].Metrics()["active"]; n != 0 {
			t.Errorf("%d sessions are held", n)
		}
	})
}

// long is a sentence that takes more than its time.
const long = 16 * time.Second

// longWinded makes the Talks of a pair's first worker speak it.
func longWinded(_ *host.Config, s *host.Services) {
	talk := s.Talk
	s.Talk = func(i *interview.Session) session.Talk {
		t := talk(i).(speaking)
		t.lasts = long
		return t
	}
}

func TestALongSentenceIsHandedOverAllTheSame(t *testing.T) {
	play(t, func(w *world) {
		b, st := w.pair(longWinded)
		w.workers["w1"].stop()
		w.wait(time.Second)
		b.invite(sessiontest.Offer("f2", 1))
		b.connect().Say(`{"type":"take"}`)
		w.wait(time.Minute)
		if s, n := b.record(), st.look(); s.Owner != "w2" || s.State != interview.Answered || n.worker != "w2" || n.carry["w2"] != "kept by w1" {
			t.Errorf("session is %q, owned by %q; %q speaks and found %q", s.State, s.Owner, n.worker, n.carry["w2"])
		}
	})
}

// TestASuccessorLosesItsBrowserWhileItWaits for longer than a browser may be
// away: from when the session is the successor's it has that time once more.
func TestASuccessorLosesItsBrowserWhileItWaits(t *testing.T) {
	play(t, func(w *world) {
		b, _ := w.pair(longWinded)
		w.workers["w1"].stop()
		w.wait(time.Second)
		b.invite(sessiontest.Offer("f2", 1))
		p := b.connect()
		p.Say(`{"type":"take"}`)
		p.State(peer.Failed)
		w.wait(long + 10*time.Second)
		if s := b.record(); s.State != interview.Answered || s.Owner != "w2" {
			t.Errorf("session is %q, owned by %q", s.State, s.Owner)
		}
		w.wait(10 * time.Second)
		if s := b.record(); s.State != interview.Paused {
			t.Errorf("session is %q", s.State)
		}
	})
}

func TestWithoutASuccessorItStaysAndSaysGoodBye(t *testing.T) {
	play(t, func(w *world) {
		b, st := w.pair()
		w.end("w2")
		w.workers["w1"].stop()
		w.wait(40 * time.Second)
		if st.look().worker != "w1" {
			t.Error("it did not go on until its deadline")
		}
		w.wait(10 * time.Second)
		b.expect("answer, *wire.Move, *wire.Move, *wire.Move, *wire.Move, bye drained true")
		if s := b.record(); s.State != interview.Paused {
			t.Errorf("session is %q", s.State)
		}
	})
}

func TestANewerRevisionMovesSessionsAndKeepsTheLegacyClients(t *testing.T) {
	play(t, func(w *world) {
		newer := make(chan struct{})
		b, st := w.pair(func(_ *host.Config, s *host.Services) { s.Outdated = newer })
		legacy := w.browse("legacy").dispatch(sessiontest.Offer("f", 1))
		w.wait(time.Second)
		answers := legacy.answers()
		for _, wk := range w.workers {
			if p := wk.peers.Find(answers[0]); p != nil {
				p.Connect("downstream", "")
			}
		}
		close(newer)
		w.wait(time.Second)
		b.invite(sessiontest.Offer("f2", 1))
		b.connect().Say(`{"type":"take"}`)
		w.wait(10 * time.Second)
		if s := b.record(); s.Owner != "w2" {
			t.Errorf("owner %q, %q speaks", s.Owner, st.look().worker)
		}
		legacy.expect("answer")
		if s := legacy.record(); s.State != interview.Answered {
			t.Errorf("the legacy client's session is %q", s.State)
		}
	})
}
