package crash

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"casey.internal/lambdas/signaling"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/post/memory"
	"casey.internal/shared/wire"
	"casey.internal/worker/host/hosttest"
	"casey.internal/worker/peer"
	"casey.internal/worker/session"
	"casey.internal/worker/session/sessiontest"
)

type sessionID = interview.SessionID

// notice is the time that a page takes to see that its peer is gone.
const notice = 3 * time.Second

// again is the wait before a page that moves tries another peer.
const again = 4 * time.Second

// speaker is a Talk that says one turn after the other. What a dead worker says
// nobody hears.
type speaker struct {
	life *hosttest.Life
	job  *job
}

// job is what became of what the candidate told of the job.
type job struct {
	kept   atomic.Bool
	unread atomic.Int32 // how often a Talk did not know what was kept
}

// read keeps it, where it was not kept before.
func (j *job) read(line session.Media) {
	switch {
	case line.Job == nil && j.kept.Load():
		j.unread.Add(1)
	case line.Job == nil:
		line.Book.KeepJob(interview.Job{CV: "ten years of trams"}, func() { j.kept.Store(true) })
	}
}

func (s speaker) Run(ctx context.Context, line session.Media) error {
	s.job.read(line)
	number := 0
	for _, t := range line.Turns {
		number = max(number, t.Number)
	}
	turns := time.NewTicker(400 * time.Millisecond)
	defer turns.Stop()
	for {
		number++
		t := interview.Turn{Number: number, Role: interview.Interviewer, Text: fmt.Sprint(number), Began: time.Now()}
		line.Book.PutTurn(t)
		leave := error(nil)
		for said := false; !said; {
			select {
			case <-turns.C:
				said = true
			case event := <-line.Events:
				leave = errors.Join(leave, parting(event))
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		if s.life.Over() {
			<-ctx.Done()
			return context.Cause(ctx)
		}
		_ = line.Out.Send(channel.Caption{Role: interview.Interviewer, Text: t.Text, Turn: t.Number, Final: true}) // who is away misses it
		if leave != nil {
			line.Book.Keep(t.Text)
			return leave
		}
	}
}

// parting returns the reason why a Talk ends after its sentence.
func parting(event session.Event) error {
	switch event.(type) {
	case session.HandOver:
		return session.ErrHandedOver
	case session.Farewell:
		return session.ErrDrained
	}
	return nil
}

// listener is a page in an interview: it hears turns, moves when it is asked
// to, and goes elsewhere when its peer is gone.
type listener struct {
	w       *world
	id      interview.ConnectionID
	socket  *memory.Socket
	current *leg
	next    *leg // offered; nil = none
	legs    []*leg
	heard   map[int]bool
	word    time.Time     // the last turn heard, or word of signaling
	longest time.Duration // without either
	wrong   []string
	over    bool
	tries   int // made without being asked
}

// leg is one offer and what became of it.
type leg struct {
	name      interview.PeerName
	answers   []string
	peer      *sessiontest.Peer // once connected
	worker    *worker
	read      int // events read
	offered   time.Time
	connected bool
	gone      time.Time
}

// talk has a page join that lives on until ctx ends; then done is closed.
func (w *world) talk(ctx context.Context, name string) (l *listener, done chan struct{}) {
	done = make(chan struct{})
	l = &listener{w: w, id: interview.ConnectionID(name), socket: w.gateway.Open(interview.ConnectionID(name)), heard: map[int]bool{}, word: time.Now()}
	w.run(func() {
		defer close(done)
		if err := w.service.Connect(ctx, signaling.Arrival{Connection: l.id, Source: "192.0.2.1", At: time.Now()}); err != nil {
			l.wrong = append(l.wrong, err.Error())
			return
		}
		l.offer(ctx, interview.WantNothing)
		for ctx.Err() == nil && !l.over {
			l.listen(ctx)
			l.watch(ctx)
		}
	})
	return l, done
}

// offer offers a new peer connection.
func (l *listener) offer(ctx context.Context, want interview.Want) {
	n := len(l.legs)
	l.next = &leg{name: interview.PeerName(fmt.Sprintf("p%d", n)), offered: time.Now()}
	l.legs = append(l.legs, l.next)
	data := wire.Encode(wire.Offer{Peer: l.next.name, Want: want, SDP: wire.Description{Type: "offer", SDP: sessiontest.Offer(fmt.Sprintf("f%d", n), 1)}})
	if err := l.w.service.Message(ctx, l.id, data); err != nil && ctx.Err() == nil {
		l.wrong = append(l.wrong, "offer: "+err.Error())
	}
}

// listen reads what signaling says for a moment.
func (l *listener) listen(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	for {
		data, err := l.socket.Next(ctx)
		if err != nil {
			return
		}
		message, err := wire.ParseServer(data)
		if err != nil {
			l.wrong = append(l.wrong, err.Error())
			return
		}
		l.handleMessage(ctx, message)
	}
}

func (l *listener) handleMessage(ctx context.Context, message any) {
	switch m := message.(type) {
	case *wire.Answer:
		l.answered(m)
	case *wire.Error:
		l.over = true
		l.spoken()
	case *wire.Bye:
		l.spoken()
		l.offer(ctx, interview.WantElsewhere)
	case *wire.Move:
		l.tries = 0
		l.offer(ctx, interview.WantElsewhere)
	}
}

// answered connects the peer of a leg, where its worker lives.
func (l *listener) answered(m *wire.Answer) {
	for _, leg := range l.legs {
		if leg.name != m.Peer || slices.Contains(leg.answers, m.SDP.SDP) {
			continue
		}
		leg.answers = append(leg.answers, m.SDP.SDP)
		l.spoken()
		if leg == l.next && leg.peer == nil {
			if leg.worker, leg.peer = l.w.find(m.SDP.SDP); leg.peer != nil {
				leg.connect()
			}
		}
	}
}

func (l *leg) connect() {
	if l.worker.life.Over() {
		return
	}
	l.connected = true
	l.peer.Connect("casey", "casey.v1")
	l.peer.Say(`{"type":"take"}`)
}

// spoken notes that the candidate knows how it stands.
func (l *listener) spoken() {
	l.longest = max(l.longest, time.Since(l.word))
	l.word = time.Now()
}

// watch hears what the peers say, and sees which are gone.
func (l *listener) watch(ctx context.Context) {
	if l.next.hears() { // its first event makes it the one
		l.hear(l.current)
		if l.current != nil {
			l.current.peer.State(peer.Closed)
		}
		l.current, l.next, l.tries = l.next, nil, 0
	}
	l.hear(l.current)
	if l.next.lost() {
		l.next = nil
	}
	late := l.next != nil && !l.next.connected && time.Since(l.next.offered) > again
	switch {
	case l.current.lost() && (l.next == nil || late):
		l.offer(ctx, interview.WantElsewhere)
	case late && l.current == nil:
		l.offer(ctx, interview.WantNothing)
	case late && l.tries < 2:
		l.tries++
		l.offer(ctx, interview.WantElsewhere)
	}
}

// hears reports whether anything has come on a leg.
func (l *leg) hears() bool { return l != nil && l.peer != nil && len(l.peer.Sent()) > 0 }

// lost reports whether the page has seen that the worker at the other end is
// gone.
func (l *leg) lost() bool {
	if l == nil || l.peer == nil || !l.worker.life.Over() && !l.peer.Closed() {
		return false
	}
	if l.gone.IsZero() {
		l.gone = time.Now()
	}
	return time.Since(l.gone) > notice
}

func (l *listener) hear(from *leg) {
	if from == nil {
		return
	}
	sent := from.peer.Sent()
	for _, data := range sent[from.read:] {
		if _, event, err := channel.ParseServer([]byte(data)); err == nil {
			if c, ok := event.(*channel.Caption); ok {
				l.heard[c.Turn] = true
				l.spoken()
			}
		}
	}
	from.read = len(sent)
}

// verdict returns the faults that are left in the end.
func (l *listener) verdict(ctx context.Context) []string {
	l.spoken()
	wrong := l.wrong
	if l.longest > limit+notice {
		wrong = append(wrong, fmt.Sprintf("nothing was heard for %v", l.longest))
	}
	for _, leg := range l.legs {
		if len(leg.answers) > 1 {
			wrong = append(wrong, fmt.Sprintf("two answers to one offer: %q", leg.answers))
		}
	}
	if l.current == nil || l.over {
		return append(wrong, "the interview is over")
	}
	if n := l.w.job.unread.Load(); n > 0 || !l.w.job.kept.Load() {
		wrong = append(wrong, fmt.Sprintf("the job was kept: %t, and unknown to %d workers after that", l.w.job.kept.Load(), n))
	}
	return append(wrong, l.lostTurns(ctx)...)
}

// lostTurns are those that were heard and do not count.
func (l *listener) lostTurns(ctx context.Context) (lost []string) {
	open, err := l.w.store.Unended(ctx)
	if err != nil || len(open) != 1 {
		return []string{fmt.Sprintf("%d sessions are open: %v", len(open), err)}
	}
	s, err := l.w.store.Session(ctx, open[0].ID)
	if err != nil {
		return []string{err.Error()}
	}
	turns, err := l.w.store.Turns(ctx, s.ID)
	if err != nil {
		return []string{err.Error()}
	}
	counted := map[int]bool{}
	for _, t := range interview.Count(s, turns) {
		if counted[t.Number] {
			lost = append(lost, fmt.Sprintf("turn %d counts twice", t.Number))
		}
		counted[t.Number] = true
	}
	for n := range l.heard {
		if !counted[n] {
			lost = append(lost, fmt.Sprintf("turn %d was heard and is lost", n))
		}
	}
	return lost
}
