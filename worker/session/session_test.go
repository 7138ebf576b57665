package session_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	postmemory "casey.internal/shared/post/memory"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
	storememory "casey.internal/shared/store/memory"
	"casey.internal/shared/wire"
	"casey.internal/worker/peer"
	"casey.internal/worker/session"
	"casey.internal/worker/session/sessiontest"
)

// stage is one answered session with its browser, in a synctest bubble.
type stage struct {
	*testing.T
	live    *session.Session
	store   *away
	gateway *postmemory.Gateway
	socket  *postmemory.Socket
	network *sessiontest.Network
	talk    *script
	cause   error
	over    chan struct{}
}

// away is a store that can be away.
type away struct {
	*storememory.Store
	away atomic.Bool
}

func (a *away) err() error {
	if a.away.Load() {
		return errors.New("no route to host")
	}
	return nil
}

func (a *away) PutTurn(ctx context.Context, t interview.Turn) error {
	if err := a.err(); err != nil {
		return err
	}
	return a.Store.PutTurn(ctx, t)
}

func (a *away) PutJob(ctx context.Context, id interview.SessionID, j interview.Job, at time.Time) error {
	if err := a.err(); err != nil {
		return err
	}
	return a.Store.PutJob(ctx, id, j, at)
}

func (a *away) Adopt(ctx context.Context, id interview.SessionID, epoch int64, o interview.Offer) ([]wire.ICECandidate, error) {
	if err := a.err(); err != nil {
		return nil, err
	}
	return a.Store.Adopt(ctx, id, epoch, o)
}

func (a *away) End(ctx context.Context, id interview.SessionID, epoch int64, reason string, at time.Time) (*interview.Session, error) {
	if err := a.err(); err != nil {
		return nil, err
	}
	return a.Store.End(ctx, id, epoch, reason, at)
}

// script is a Talk that notes what it hears and does what say tells it.
type script struct {
	heard []string
	say   chan func(session.Media) error
	away  []session.Away
	// lingers, where it is set, says last words after the end until the candidate
	// is gone, and leaves something to do.
	lingers  bool
	ended    bool
	finished int
}

func (s *script) Run(ctx context.Context, line session.Media) error {
	for {
		select {
		case event := <-line.Events:
			var what any = event
			if page, ok := event.(session.Page); ok {
				what = page.Event
			}
			s.heard = append(s.heard, strings.TrimPrefix(fmt.Sprintf("%T", what), "*"))
			if away, ok := event.(session.Away); ok {
				s.away = append(s.away, away)
			}
			_, over := what.(*channel.End)
			s.ended = s.ended || over
			if s.ended && (!s.lingers || s.isGone()) {
				line.Book.Finish(func(context.Context) { s.finished++ })
				return nil
			}
		case p := <-line.Packets:
			s.heard = append(s.heard, fmt.Sprintf("packet %d", p.Sequence))
		case f := <-s.say:
			if err := f(line); err != nil {
				return err
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func (s *script) isGone() bool { return len(s.away) > 0 && s.away[len(s.away)-1].Closed }

// play runs a test on an answered session that nobody is connected to yet.
func play(t *testing.T, test func(s *stage)) {
	synctest.Test(t, func(t *testing.T) {
		s := &stage{
			T: t, store: &away{Store: storememory.New(storememory.Options{})}, gateway: postmemory.New(),
			network: &sessiontest.Network{Name: "w"}, talk: &script{say: make(chan func(session.Media) error)},
			over: make(chan struct{}),
		}
		s.socket = s.gateway.Open("c")
		s.live = session.New(session.Config{
			Session: s.claim(), Dial: s.network.Dial, Talk: s.talk, Store: s.store, Post: s.gateway,
			Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		})
		s.must(s.live.Answer(t.Context(), nil))
		s.must(s.store.Answered(t.Context(), "s", 1, time.Now()))
		s.must(s.live.Announce(t.Context()))
		ctx, stop := context.WithCancelCause(t.Context())
		go func() {
			defer close(s.over)
			s.cause = s.live.Run(ctx)
			s.live.Settle(t.Context(), s.cause)
		}()
		synctest.Wait()
		test(s)
		stop(session.ErrDrained)
		<-s.over
		for i, p := range s.network.Peers() {
			if !p.Closed() {
				t.Errorf("peer %d is left open", i)
			}
		}
	})
}

// claim makes the record of an offered session and claims it.
func (s *stage) claim() interview.Session {
	ctx, now := s.Context(), time.Now()
	seen, err := s.store.Open(ctx, store.Opening{Session: "s", Connection: "c", SecretHash: []byte("x"), ConnectedAt: now, At: now})
	s.must(err)
	_, err = s.store.PutOffer(ctx, seen, interview.Offer{Peer: "p1", SDP: sessiontest.Offer("f1", 1), Connection: "c", At: now})
	s.must(err)
	claimed, err := s.store.Claim(ctx, store.Claim{Session: "s", Peer: "p1", OfferAt: now, Worker: "w", Inbox: "inbox", At: now})
	s.must(err)
	return *claimed.Session
}

func (s *stage) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// connect connects a peer as casey's own page does.
func (s *stage) connect(i int) *sessiontest.Peer {
	p := s.network.Peers()[i]
	p.Connect("casey", "casey.v1")
	synctest.Wait()
	return p
}

func (s *stage) offer(name interview.PeerName, sdp string) {
	s.live.Deliver(queue.Inbox{Kind: queue.KindOffer, Offer: &interview.Offer{Peer: name, SDP: sdp, Connection: "c", At: time.Now()}})
	synctest.Wait()
}

func (s *stage) wait(d time.Duration) {
	time.Sleep(d) // the bubble's clock
	synctest.Wait()
}

// ended checks how the session ended, in the record and for the browser.
func (s *stage) ended(cause error, state interview.State, reason, last string) {
	s.Helper()
	synctest.Wait()
	select {
	case <-s.over:
	default:
		s.Fatal("the session goes on")
	}
	if !errors.Is(s.cause, cause) {
		s.Errorf("cause is %v, want %v", s.cause, cause)
	}
	r, err := s.store.Session(s.Context(), "s")
	s.must(err)
	if r.State != state || r.EndReason != reason {
		s.Errorf("record is %q (%q), want %q (%q)", r.State, r.EndReason, state, reason)
	}
	messages := s.socket.Messages()
	if got := string(messages[len(messages)-1]); got != last {
		s.Errorf("the browser was told %s, want %s", got, last)
	}
}

func (s *stage) heard(want ...string) {
	s.Helper()
	synctest.Wait()
	if got := strings.Join(s.talk.heard, ", "); got != strings.Join(want, ", ") {
		s.Errorf("the talk heard %q, want %q", got, want)
	}
}

func bye(reason string, resumable bool) string {
	return string(wire.Encode(wire.Bye{Reason: reason, Resumable: resumable}))
}

func TestLeaveIsAPause(t *testing.T) {
	play(t, func(s *stage) {
		s.connect(0)
		s.live.Deliver(queue.Inbox{Kind: queue.KindLeave})
		s.ended(session.ErrLeft, interview.Paused, "", bye("left", true))
	})
}

func TestEndBySignalingOrByThePage(t *testing.T) {
	for name, end := range map[string]func(*stage){
		"signaling": func(s *stage) { s.live.Deliver(queue.Inbox{Kind: queue.KindEnd}) },
		"page":      func(s *stage) { s.network.Peers()[0].Say(`{"type":"end"}`) },
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *stage) {
				s.connect(0)
				end(s)
				s.heard("session.Opened", "channel.End")
				s.ended(session.ErrEnded, interview.Ended, "ended", bye("ended", false))
			})
		})
	}
}

func TestEndBeforeAnybodyConnected(t *testing.T) {
	play(t, func(s *stage) {
		s.live.Deliver(queue.Inbox{Kind: queue.KindEnd})
		s.ended(session.ErrEnded, interview.Ended, "ended", bye("ended", false))
	})
}

func TestNobodyConnects(t *testing.T) {
	play(t, func(s *stage) {
		s.wait(29 * time.Second)
		if len(s.socket.Messages()) != 1 {
			t.Fatal("given up too early")
		}
		s.wait(2 * time.Second)
		s.ended(session.ErrNotReached, interview.Ended, "not reached",
			`{"type":"error","code":"unavailable","message":"No media connection within 30 s. A firewall may block it."}`)
	})
}

func TestALostPeerMayReturnFor15s(t *testing.T) {
	play(t, func(s *stage) {
		p := s.connect(0)
		p.State(peer.Disconnected)
		p.State(peer.Failed)
		s.wait(14 * time.Second)
		s.offer("p1", sessiontest.Offer("f1", 2))
		p.State(peer.Connected)
		s.wait(time.Minute)
		s.heard("session.Opened", "session.Away", "session.Away", "session.Opened")
		p.State(peer.Failed)
		s.wait(15 * time.Second)
		s.ended(session.ErrAway, interview.Paused, "", bye("away", true))
	})
}

// TestAShortBreakIsTold: what was sent since the last packet may be lost, and the
// Talk learns when that was and when the page is back.
func TestAShortBreakIsTold(t *testing.T) {
	play(t, func(s *stage) {
		p := s.connect(0)
		last := time.Now()
		p.Speak(peer.Packet{Sequence: 1, Arrived: last})
		s.wait(3 * time.Second)
		p.State(peer.Disconnected)
		s.wait(time.Second)
		p.State(peer.Connected)
		s.wait(time.Minute)
		s.heard("session.Opened", "packet 1", "session.Away", "session.Opened")
		if got := s.talk.away; len(got) != 1 || !got[0].Since.Equal(last) || got[0].Closed {
			t.Errorf("told of %+v, want that nothing came since %v", got, last)
		}
	})
}

// TestWhoSendsNoSoundIsThereAllTheSame: of a browser without a microphone's packets
// only the last seconds may be lost.
func TestWhoSendsNoSoundIsThereAllTheSame(t *testing.T) {
	play(t, func(s *stage) {
		p := s.connect(0)
		p.Speak(peer.Packet{Sequence: 1, Arrived: time.Now()})
		s.wait(time.Minute)
		p.State(peer.Disconnected)
		s.wait(0)
		if got := s.talk.away; len(got) != 1 || time.Since(got[0].Since) != peer.SilentFor {
			t.Errorf("told of %+v", got)
		}
	})
}

// TestALegacyClientIsNotTakenForAway: its files arrive late, and whole.
func TestALegacyClientIsNotTakenForAway(t *testing.T) {
	play(t, func(s *stage) {
		p := s.network.Peers()[0]
		p.Connect(channel.Downstream, "")
		s.wait(0)
		p.State(peer.Disconnected)
		p.State(peer.Connected)
		s.wait(time.Minute)
		if slices.Contains(s.talk.heard, "session.Away") {
			t.Errorf("the talk heard %q", s.talk.heard)
		}
	})
}

// TestWhoEndedAndIsGoneIsTold has the candidate end the interview, and go in each
// way and order.
func TestWhoEndedAndIsGoneIsTold(t *testing.T) {
	end := func(s *stage, _ *sessiontest.Peer) { s.live.Deliver(queue.Inbox{Kind: queue.KindEnd, Session: "s"}) }
	say := func(_ *stage, p *sessiontest.Peer) { p.Say(`{"type":"end"}`) }
	closes := func(_ *stage, p *sessiontest.Peer) { p.State(peer.Closed) }
	leaves := func(s *stage, _ *sessiontest.Peer) { s.live.Deliver(queue.Inbox{Kind: queue.KindLeave, Session: "s"}) }
	for name, steps := range map[string][]func(*stage, *sessiontest.Peer){
		"ends and closes":                {end, closes},
		"ends on the channel and closes": {say, closes},
		"ends and leaves":                {end, leaves},
		"closes, and the end comes late": {closes, end},
		"ends, leaves and closes":        {say, leaves, closes},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *stage) {
				s.talk.lingers = true
				p := s.connect(0)
				for _, step := range steps {
					step(s, p)
					s.wait(100 * time.Millisecond)
				}
				s.ended(session.ErrEnded, interview.Ended, "ended", bye("ended", false))
				if got := s.talk.away; len(got) == 0 || !got[len(got)-1].Closed {
					t.Errorf("the talk was told %+v", got)
				}
				if s.talk.finished != 1 {
					t.Errorf("what was left to do was done %d times", s.talk.finished)
				}
			})
		})
	}
}

// TestWhoEndedAndDoesNotComeBackHasEnded: a lost connection is no pause then.
func TestWhoEndedAndDoesNotComeBackHasEnded(t *testing.T) {
	play(t, func(s *stage) {
		s.talk.lingers = true
		p := s.connect(0)
		p.Say(`{"type":"end"}`)
		p.State(peer.Failed)
		s.wait(16 * time.Second)
		s.ended(session.ErrEnded, interview.Ended, "ended", bye("ended", false))
	})
}

// TestADeadChannelEndsItsPeer: a page that noticed has come with another one by then;
// one that has not notices that its peer is closed.
func TestADeadChannelEndsItsPeer(t *testing.T) {
	play(t, func(s *stage) {
		old := s.connect(0)
		old.LoseChannel()
		s.wait(time.Second)
		s.offer("p2", sessiontest.Offer("f2", 1))
		s.connect(1)
		s.wait(time.Minute)
		s.heard("session.Opened", "session.Opened")
	})
	play(t, func(s *stage) {
		p := s.connect(0)
		p.LoseChannel()
		s.wait(2 * time.Second)
		p.State(peer.Disconnected) // of which nothing is known yet
		s.wait(2 * time.Second)
		p.State(peer.Connected)
		if p.Closed() {
			t.Error("it is closed while the network is away")
		}
		s.wait(3 * time.Second)
		if !p.Closed() {
			t.Error("it goes on without events")
		}
		s.offer("p2", sessiontest.Offer("f2", 1))
		s.connect(1)
		s.wait(time.Minute)
		s.heard("session.Opened", "session.Away", "session.Away", "session.Opened")
	})
}

func TestALegacyClientWithoutItsChannelIsToldSo(t *testing.T) {
	play(t, func(s *stage) {
		p := s.network.Peers()[0]
		p.Connect(channel.Downstream, "")
		s.wait(0)
		p.LoseChannel()
		s.wait(5 * time.Second)
		if !errors.Is(s.cause, session.ErrAway) || !strings.Contains(string(s.socket.Messages()[1]), `"lost"`) {
			t.Errorf("it ended because of %v; the client got %s", s.cause, s.socket.Messages())
		}
	})
}

func TestAReloadedPageGetsAFreshPeer(t *testing.T) {
	play(t, func(s *stage) {
		p := s.connect(0)
		p.State(peer.Closed)
		s.wait(3 * time.Second)
		s.offer("p2", sessiontest.Offer("f2", 1))
		s.connect(1)
		s.wait(time.Minute)
		s.heard("session.Opened", "session.Away", "session.Opened")
	})
}

func TestTheOldPeerGoesWhenTheNewOneIsConnected(t *testing.T) {
	play(t, func(s *stage) {
		old := s.connect(0)
		s.offer("p2", sessiontest.Offer("f2", 1))
		old.Speak(peer.Packet{Sequence: 1})
		if old.Closed() {
			t.Error("the old peer went before the new one was connected")
		}
		fresh := s.connect(1)
		if !old.Closed() {
			t.Error("the old peer stays")
		}
		old.Speak(peer.Packet{Sequence: 2})
		fresh.Speak(peer.Packet{Sequence: 3})
		s.heard("session.Opened", "packet 1", "session.Opened", "packet 3")
	})
}

func TestAFreshPeerThatNeverConnectsChangesNothing(t *testing.T) {
	play(t, func(s *stage) {
		s.connect(0)
		s.offer("p2", sessiontest.Offer("f2", 1))
		s.wait(time.Minute)
		if peers := s.network.Peers(); peers[0].Closed() || !peers[1].Closed() {
			t.Errorf("closed: the old peer %t, the fresh one %t", peers[0].Closed(), peers[1].Closed())
		}
	})
}

func TestTheSameOfferIsAnsweredTheSame(t *testing.T) {
	play(t, func(s *stage) {
		s.connect(0)
		s.offer("p1", sessiontest.Offer("f1", 1))
		m := s.socket.Messages()
		if len(m) != 2 || string(m[0]) != string(m[1]) || len(s.network.Peers()) != 1 {
			t.Errorf("got %q from %d peers", m, len(s.network.Peers()))
		}
	})
}

func TestARestartKeepsThePeer(t *testing.T) {
	play(t, func(s *stage) {
		s.connect(0)
		s.offer("p1", sessiontest.Offer("f1", 2))
		if m := s.socket.Messages(); len(m) != 2 || !strings.Contains(string(m[1]), "restart 1 of v=0 f1 2") || len(s.network.Peers()) != 1 {
			t.Errorf("got %q from %d peers", m, len(s.network.Peers()))
		}
	})
}

func TestABadFurtherOfferIsRejected(t *testing.T) {
	play(t, func(s *stage) {
		p := s.connect(0)
		s.offer("p2", sessiontest.BadOffer)
		if m := s.socket.Messages(); string(m[len(m)-1]) != `{"type":"rejected","code":"bad_offer","message":"this is no offer","of":"offer"}` {
			t.Errorf("got %s", m[len(m)-1])
		}
		if p.Closed() {
			t.Error("the session suffered")
		}
	})
}

func TestICECandidatesMayOvertakeTheirOffer(t *testing.T) {
	play(t, func(s *stage) {
		ice := func(peer interview.PeerName, c string) {
			s.live.Deliver(queue.Inbox{Kind: queue.KindICE, Peer: peer, ICECandidate: &wire.ICECandidate{Candidate: c}})
		}
		ice("p1", "one")
		ice("p2", "early")
		s.connect(0)
		s.offer("p2", sessiontest.Offer("f2", 1))
		ice("p2", "late")
		for range 100 {
			ice("nobody", "lost")
		}
		synctest.Wait()
		for i, want := range []string{"one", "early late"} {
			var got []string
			for _, c := range s.network.Peers()[i].ICECandidates() {
				got = append(got, c.Candidate)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("peer %d got %q, want %q", i, got, want)
			}
		}
	})
}

func TestTheLegacyClientIsOverWhenItsPeerCloses(t *testing.T) {
	play(t, func(s *stage) {
		p := s.network.Peers()[0]
		p.Connect("downstream", "")
		synctest.Wait()
		p.State(peer.Closed)
		s.ended(session.ErrClosed, interview.Ended, "closed", bye("closed", false))
	})
}

func TestTheLegacyClientIsToldThatItsMediaIsLost(t *testing.T) {
	play(t, func(s *stage) {
		p := s.network.Peers()[0]
		p.Connect("downstream", "")
		synctest.Wait()
		p.State(peer.Failed)
		s.wait(20 * time.Second)
		s.ended(session.ErrAway, interview.Ended, "away", string(wire.Encode(wire.Error{Code: "lost", Message: "The connection was lost. Please start again."})))
	})
}

func TestAnInterviewHasALongestTime(t *testing.T) {
	play(t, func(s *stage) {
		s.connect(0)
		s.wait(time.Hour)
		s.ended(session.ErrTooLong, interview.Ended, "time", bye("time", false))
	})
}

func TestATalkThatFailsEndsItsSessionWithAWord(t *testing.T) {
	for name, c := range map[string]struct {
		say  func(session.Media) error
		want string
	}{
		"for people": {
			func(session.Media) error { return apperr.New(apperr.Unavailable, "Nobody hears you.") },
			`{"type":"error","code":"unavailable","message":"Nobody hears you."}`,
		},
		"internal": {
			func(session.Media) error { return errors.New("index out of range") },
			`{"type":"error","code":"internal","message":"internal error"}`,
		},
		"panic": {
			func(session.Media) error { panic("oh") },
			`{"type":"error","code":"internal","message":"internal error"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *stage) {
				s.connect(0)
				s.talk.say <- c.say
				s.wait(time.Second)
				s.ended(s.cause, interview.Ended, "failed", c.want)
			})
		})
	}
}

func TestANoticeOfAnotherOwnerEndsItInSilence(t *testing.T) {
	play(t, func(s *stage) {
		s.connect(0)
		before := len(s.socket.Messages())
		s.live.Deliver(queue.Inbox{Kind: queue.KindNotice, Epoch: 1})
		synctest.Wait()
		if s.network.Peers()[0].Closed() {
			t.Fatal("its own epoch ended it")
		}
		s.live.Deliver(queue.Inbox{Kind: queue.KindNotice, Epoch: 2})
		<-s.over
		if !errors.Is(s.cause, session.ErrTaken) || len(s.socket.Messages()) != before {
			t.Errorf("cause %v, messages %q", s.cause, s.socket.Messages())
		}
	})
}

func TestARefusedWriteEndsItInSilence(t *testing.T) {
	play(t, func(s *stage) {
		_, err := s.store.End(t.Context(), "s", -1, "swept", time.Now())
		s.must(err)
		s.network.Peers()[0].State(peer.Connected)
		<-s.over
		if !errors.Is(s.cause, session.ErrTaken) || len(s.socket.Messages()) != 1 {
			t.Errorf("cause %v, messages %q", s.cause, s.socket.Messages())
		}
	})
}

func TestTurnsWaitForAStoreThatIsAway(t *testing.T) {
	play(t, func(s *stage) {
		s.connect(0)
		s.store.away.Store(true)
		for i, text := range []string{"Hel", "Hello", "World"} {
			s.talk.say <- func(line session.Media) error {
				line.Book.PutTurn(interview.Turn{Number: (i + 2) / 2, Text: text})
				return line.Out.Send(channel.Caption{Text: text})
			}
		}
		s.offer("p2", sessiontest.Offer("f2", 1)) // answered all the same
		s.wait(20 * time.Second)
		if n := len(s.socket.Messages()); n != 2 {
			t.Errorf("%d messages for two offers", n)
		}
		s.live.Deliver(queue.Inbox{Kind: queue.KindEnd})
		s.wait(20 * time.Second)
		s.store.away.Store(false)
		s.wait(10 * time.Second)
		turns, err := s.store.Turns(t.Context(), "s")
		s.must(err)
		if len(turns) != 2 || turns[0].Text != "Hello" || turns[1].Text != "World" || turns[0].Epoch != 1 {
			t.Errorf("stored: %+v", turns)
		}
		s.ended(session.ErrEnded, interview.Ended, "ended", bye("ended", false))
	})
}

func TestLostSignalingDoesNotEndAnInterview(t *testing.T) {
	play(t, func(s *stage) {
		p := s.connect(0)
		s.socket.Close()
		s.offer("p1", sessiontest.Offer("f1", 1))
		s.wait(time.Minute)
		if p.Closed() {
			t.Error("the interview ended")
		}
		s.socket = s.gateway.Open("c2")
		_, err := s.store.Resume(t.Context(), store.Opening{
			Session: "s", Connection: "c2", SecretHash: []byte("x"), ConnectedAt: time.Now(), At: time.Now(),
		})
		s.must(err)
		s.live.Deliver(queue.Inbox{Kind: queue.KindEnd})
		s.ended(session.ErrEnded, interview.Ended, "ended", bye("ended", false))
	})
}

func TestEventsAreNumberedForEachPeer(t *testing.T) {
	play(t, func(s *stage) {
		first := s.connect(0)
		state := func(line session.Media) error { return line.Out.Send(channel.State{State: channel.Listening}) }
		s.talk.say <- state
		s.talk.say <- state
		s.offer("p2", sessiontest.Offer("f2", 1))
		second := s.connect(1)
		s.talk.say <- state
		synctest.Wait()
		for want, p := range map[string]*sessiontest.Peer{"1 2": first, "1": second} {
			var got []string
			for _, m := range p.Sent() {
				seq, _, err := channel.ParseServer([]byte(m))
				s.must(err)
				got = append(got, fmt.Sprint(seq))
			}
			if strings.Join(got, " ") != want {
				t.Errorf("numbers are %q, want %q", got, want)
			}
		}
	})
}
