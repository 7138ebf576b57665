package session_test

import (
	"strings"
	"testing"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/worker/session"
)

// keepJob has the Talk keep a job.
func (s *stage) keepJob(kept *int) {
	s.talk.say <- func(m session.Media) error {
		m.Book.KeepJob(interview.Job{CV: "trams"}, func() { *kept++ })
		return m.Out.Send(channel.State{State: channel.Listening})
	}
}

// job is what is stored; nil = nothing.
func (s *stage) job() *interview.Job {
	s.Helper()
	job, err := s.store.Job(s.Context(), "s")
	s.must(err)
	return job
}

// TestAJobIsKeptUntilTheEnd: the Talk is told when the store has it, it outlasts a pause,
// and is deleted with the end.
func TestAJobIsKeptUntilTheEnd(t *testing.T) {
	play(t, func(s *stage) {
		kept := 0
		s.connect(0)
		s.store.away.Store(true)
		s.keepJob(&kept)
		s.wait(time.Second)
		if kept != 0 {
			t.Error("kept while the store is away")
		}
		s.store.away.Store(false)
		s.wait(10 * time.Second)
		if job := s.job(); kept != 1 || job == nil || job.CV != "trams" {
			t.Errorf("told %d times, stored %+v", kept, job)
		}
		s.live.Deliver(queue.Inbox{Kind: queue.KindEnd})
		s.ended(session.ErrEnded, interview.Ended, "ended", bye("ended", false))
		if job := s.job(); job != nil {
			t.Errorf("after the end there is %+v", job)
		}
	})
}

func TestAJobOutlastsAPause(t *testing.T) {
	play(t, func(s *stage) {
		kept := 0
		s.connect(0)
		s.keepJob(&kept)
		s.live.Deliver(queue.Inbox{Kind: queue.KindLeave})
		s.ended(session.ErrLeft, interview.Paused, "", bye("left", true))
		if s.job() == nil {
			t.Error("nothing is stored")
		}
	})
}

// TestTheTalkIsTold of a job as the page sends it, and of what cannot be read.
func TestTheTalkIsTold(t *testing.T) {
	play(t, func(s *stage) {
		p := s.connect(0)
		p.Say(string(channel.EncodePage(&channel.Job{CV: strings.Repeat("x", channel.MaxTold)})))
		p.Say(string(channel.EncodePage(&channel.Job{CV: strings.Repeat("x", channel.MaxTold+1)})))
		p.Say("{\"type\":\"job\",\"cv\":\"\xff\"}")
		p.Say(`{"type":"of tomorrow"}`)
		s.heard("session.Opened", "channel.Job", "session.Refused", "session.Refused")
		s.live.Deliver(queue.Inbox{Kind: queue.KindEnd})
		s.wait(time.Second)
		if n := s.live.Counts().Dropped; n != 3 {
			t.Errorf("%d counted", n)
		}
	})
}

// TestJobsWithoutEndAreBounded as any other flood.
func TestJobsWithoutEndAreBounded(t *testing.T) {
	job := string(channel.EncodePage(&channel.Job{CV: strings.Repeat("x", channel.MaxTold)}))
	play(t, func(s *stage) {
		p := s.connect(0)
		s.flood(func() {
			for range 1000 {
				p.Say(job)
			}
		})
	})
}
