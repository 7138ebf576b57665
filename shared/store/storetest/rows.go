package storetest

import (
	"slices"
	"testing"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/shared/store"
)

func connections(t *testing.T, d *desk) {
	s := d.open()
	c := store.Connection{ID: s.Connection, Session: s.ID, User: "u", Source: "192.0.2.1", At: d.now}
	d.must(d.Connect(t.Context(), c))
	d.must(d.Connect(t.Context(), store.Connection{ID: c.ID, Session: "another", At: d.now}))
	got, err := d.Connection(t.Context(), c.ID)
	d.must(err)
	if *got != c {
		t.Errorf("connection: %+v, want %+v", got, c)
	}
	session, current, err := d.Disconnect(t.Context(), c.ID, d.now.Add(time.Second))
	if err != nil || session != s.ID || !current {
		t.Errorf("disconnect: %q, %v, %v", session, current, err)
	}
	if got, _ = d.Connection(t.Context(), c.ID); !got.Gone.Equal(d.now.Add(time.Second)) {
		t.Errorf("gone at %v", got.Gone)
	}
	other := d.open()
	d.must(d.Rebind(t.Context(), c.ID, other.ID))
	if session, current, err = d.Disconnect(t.Context(), c.ID, d.now); err != nil || session != other.ID || current {
		t.Errorf("disconnect of one that is not the session's: %q, %v, %v", session, current, err)
	}
	_, err = d.Connection(t.Context(), "none")
	missing(t, "no connection", err)
	_, _, err = d.Disconnect(t.Context(), "none", d.now)
	missing(t, "no connection to end", err)
	missing(t, "no connection to bind", d.Rebind(t.Context(), "none", s.ID))
}

func (d *desk) turn(s *interview.Session, epoch int64, number int, words string) {
	d.t.Helper()
	d.must(d.PutTurn(d.t.Context(), interview.Turn{
		Session: s.ID, Epoch: epoch, Number: number, Role: interview.Candidate, Text: words, Began: d.now.Add(time.Duration(number) * time.Second),
	}))
}

func turns(t *testing.T, d *desk) {
	s := d.answered("w1")
	d.turn(s, 1, 1, "one")
	d.turn(s, 1, 2, "tw")
	d.turn(s, 1, 2, "two")
	c := d.mustClaim(d.offer(s, "p2", "v=0", d.now.Add(time.Minute)), "w2", d.now.Add(time.Minute))
	if got := words(c.Turns); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("the claim found %q", got)
	}
	d.turn(s, 1, 3, "too late")
	d.turn(s, 2, 3, "three")
	all, err := d.Turns(t.Context(), s.ID)
	d.must(err)
	if got := words(all); !slices.Equal(got, []string{"one", "two", "too late", "three"}) {
		t.Errorf("turns %q", got)
	}
	if got := words(interview.Count(d.read(s.ID), all)); !slices.Equal(got, []string{"one", "two", "three"}) {
		t.Errorf("turns that count %q", got)
	}
	ended := interview.Turn{Session: s.ID, Epoch: 2, Number: 4, Role: interview.Interviewer, Text: "x", Began: d.now, Ended: d.now.Add(1), Cut: true, Unsure: 3, Pause: 1500 * time.Millisecond, Took: `{"usd":0.01}`}
	d.must(d.PutTurn(t.Context(), ended))
	all, _ = d.Turns(t.Context(), s.ID)
	if all[len(all)-1] != ended {
		t.Errorf("%+v, want %+v", all[len(all)-1], ended)
	}
}

// jobs: what a candidate told is found by whoever has the session next, beside the turns,
// and only there.
func jobs(t *testing.T, d *desk) {
	s := d.answered("w1")
	told := interview.Job{Role: "driver", Advertisement: "We look for a driver.", CV: "Ten years of buses.", Focus: "Why buses?", Minutes: 10}
	d.must(d.PutJob(t.Context(), s.ID, told, d.now))
	told.Brief = "buses"
	d.must(d.PutJob(t.Context(), s.ID, told, d.now))
	d.turn(s, 1, 1, "one")
	again := func(peer interview.PeerName, owner interview.WorkerID, after time.Duration) *store.Claimed {
		return d.mustClaim(d.offer(d.read(s.ID), peer, "v=0", d.now.Add(after)), owner, d.now.Add(after))
	}
	c := again("p2", "w2", time.Minute)
	if c.Job == nil || *c.Job != told || len(c.Turns) != 1 {
		t.Errorf("the next owner found %+v and %d turns", c.Job, len(c.Turns))
	}
	if all, err := d.Turns(t.Context(), s.ID); err != nil || len(all) != 1 {
		t.Errorf("turns %v, %v", all, err)
	}
	d.must(d.Answered(t.Context(), s.ID, 2, d.now))
	if other := d.mustClaim(d.offer(d.open(), "p", "v=0", d.now), "w1", d.now); other.Job != nil {
		t.Errorf("another session has %+v", other.Job)
	}
	_, err := d.Pause(t.Context(), s.ID, 2, d.now)
	d.must(err)
	left := func() *interview.Job {
		t.Helper()
		job, err := d.Job(t.Context(), s.ID)
		d.must(err)
		return job
	}
	if job := left(); job == nil || *job != told {
		t.Errorf("in a pause it is %+v", job)
	}
	_, err = d.End(t.Context(), s.ID, -1, "x", d.now)
	d.must(err)
	_, err = d.End(t.Context(), s.ID, -1, "y", d.now)
	refused(t, "another end", err)
	if job := left(); job != nil {
		t.Errorf("after the end it is %+v", job)
	}
	waiting := d.offer(d.open(), "p", "v=0", d.now)
	d.must(d.PutJob(t.Context(), waiting.ID, told, d.now))
	_, err = d.EndWaiting(t.Context(), waiting.ID, waiting.Offer.At, "x", d.now)
	d.must(err)
	if job, err := d.Job(t.Context(), waiting.ID); err != nil || job != nil {
		t.Errorf("after a wait it is %+v, %v", job, err)
	}
	long := d.answered("w1")
	d.must(d.PutJob(t.Context(), long.ID, told, d.now.Add(-store.KeepSession-time.Hour)))
	if c := d.mustClaim(d.offer(d.read(long.ID), "p2", "v=0", d.now), "w2", d.now); c.Job != nil {
		t.Errorf("an old one is there: %+v", c.Job)
	}
}

func words(turns []interview.Turn) []string {
	var words []string
	for _, t := range turns {
		words = append(words, t.Text)
	}
	return words
}

func ahead(t *testing.T, d *desk) {
	since := d.now.Add(-20 * 24 * time.Hour) // before anything else that waits
	d.offer(d.open(), "p", "v=0", since)
	second := d.offer(d.open(), "p", "v=0", since.Add(time.Second))
	count := func(at time.Time) int {
		t.Helper()
		n, err := d.Ahead(t.Context(), at)
		d.must(err)
		return n
	}
	before := count(since)
	if n := count(since.Add(time.Second)); n != before+1 {
		t.Errorf("%d ahead of the second, %d of the first", n, before)
	}
	d.mustClaim(second, "w", since.Add(time.Second))
	if n := count(since.Add(2 * time.Second)); n != before+1 {
		t.Errorf("%d wait after a claim, want %d", n, before+1)
	}
}

func unended(t *testing.T, d *desk) {
	waiting := d.offer(d.open(), "p", "v=0", d.now)
	d.must(d.Dispatched(t.Context(), waiting.ID, waiting.Offer.At, d.now))
	running, paused, ended, allotted := d.answered("w1"), d.answered("w2"), d.answered("w3"), d.open()
	_, err := d.Pause(t.Context(), paused.ID, paused.Epoch, d.now)
	d.must(err)
	_, err = d.End(t.Context(), ended.ID, ended.Epoch, "x", d.now)
	d.must(err)

	open := map[interview.SessionID]interview.Session{}
	all, err := d.Unended(t.Context())
	d.must(err)
	for _, s := range all {
		open[s.ID] = s
	}
	for _, id := range []interview.SessionID{waiting.ID, running.ID, paused.ID} {
		want := *d.read(id)
		want.Offer.SDP = ""
		got := open[id]
		if got.State != want.State || got.Offer != want.Offer || got.Owner != want.Owner || got.Epoch != want.Epoch ||
			!got.Dispatched.Equal(want.Dispatched) || !got.AnsweredAt.Equal(want.AnsweredAt) || !got.PausedAt.Equal(want.PausedAt) {
			t.Errorf("listed %+v, is %+v", got, want)
		}
	}
	for _, id := range []interview.SessionID{ended.ID, allotted.ID} {
		if s, listed := open[id]; listed {
			t.Errorf("listed: %+v", s)
		}
	}
}

func heartbeats(t *testing.T, d *desk) {
	w := interview.Worker{ID: interview.WorkerID(d.id("w")), Inbox: "q", Slots: 25, Active: 3, Draining: true, Beat: d.now}
	d.must(d.Beat(t.Context(), w))
	w.Active = 4
	d.must(d.Beat(t.Context(), w))
	got, err := d.Worker(t.Context(), w.ID)
	d.must(err)
	if *got != w {
		t.Errorf("%+v, want %+v", got, w)
	}
	all, err := d.Workers(t.Context())
	d.must(err)
	if !slices.Contains(all, w) {
		t.Errorf("%+v is not among %+v", w, all)
	}
	d.must(d.Gone(t.Context(), w.ID))
	d.must(d.Gone(t.Context(), w.ID))
	_, err = d.Worker(t.Context(), w.ID)
	missing(t, "a worker that is gone", err)
}

func expired(t *testing.T, d *desk) {
	long := d.now.Add(-store.KeepSession - time.Hour)
	s, err := d.Open(t.Context(), store.Opening{Session: interview.SessionID(d.id("s")), Connection: "c", ConnectedAt: long, SecretHash: hash("x"), At: long})
	d.must(err)
	_, err = d.Session(t.Context(), s.ID)
	missing(t, "an old session", err)
	_, err = d.End(t.Context(), s.ID, -1, "x", d.now)
	missing(t, "the end of an old session", err)
	id := interview.ConnectionID(d.id("c"))
	d.must(d.Connect(t.Context(), store.Connection{ID: id, At: long}))
	_, err = d.Connection(t.Context(), id)
	missing(t, "an old connection", err)
	worker := interview.WorkerID(d.id("w"))
	d.must(d.Beat(t.Context(), interview.Worker{ID: worker, Beat: long}))
	_, err = d.Worker(t.Context(), worker)
	missing(t, "an old worker", err)
}
