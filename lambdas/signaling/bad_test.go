package signaling_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"casey.internal/lambdas/signaling"
	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/wire"
)

// TestBadInput sends what nobody should, each to a connection of its own,
// beside a session that runs.
func TestBadInput(t *testing.T) {
	for name, c := range map[string]struct {
		send  string
		code  string
		final bool // `error`: it was an offer, and there is no interview without it
	}{
		"nothing":                  {"", "malformed", false},
		"not JSON":                 {"hello", "malformed", false},
		"an array":                 {"[1,2]", "malformed", false},
		"binary":                   {"\x00\xff\xfe", "malformed", false},
		"no type":                  {"{}", "malformed", false},
		"an unknown type":          {`{"type":"dance"}`, "unknown_type", false},
		"30 KB of a type":          {`{"type":"` + strings.Repeat("x", 30<<10) + `"}`, "unknown_type", false},
		"over 32 KB":               {strings.Repeat("x", wire.MaxMessage+1), "too_large", false},
		"an offer without SDP":     {`{"type":"offer"}`, "bad_offer", true},
		"an SDP that is none":      {encode(offerOf("p", "hello")), "bad_offer", true},
		"an answer for an offer":   {`{"type":"offer","sdp":{"type":"answer","sdp":"v=0"}}`, "bad_offer", true},
		"500 m-lines":              {encode(offerOf("p", "v=0\r\n"+strings.Repeat("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", 500))), "bad_offer", true},
		"an SDP over 24 KB":        {encode(offerOf("p", "v=0"+strings.Repeat("x", wire.MaxSDP))), "too_large", true},
		"a peer's name too long":   {encode(offerOf(strings.Repeat("p", 33), sdp)), "", true},
		"an unknown want":          {`{"type":"offer","want":"more","sdp":{"type":"offer","sdp":"v=0"}}`, "malformed", true},
		"no ICE candidate":         {`{"type":"ice"}`, "bad_candidate", false},
		"a candidate that is none": {`{"type":"ice","candidate":{"candidate":"hello"}}`, "bad_candidate", false},
		"another's session":        {`{"type":"hello","session":"somebodyelse"}`, "forbidden", false},
		"a wrong secret":           {`{"type":"hello","session":"somebodyelse","resume":"guess"}`, "forbidden", false},
		"an offer for another's":   {`{"type":"offer","session":"somebodyelse","want":"elsewhere","sdp":{"type":"offer","sdp":"v=0"}}`, "forbidden", false},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				other, inbox := w.owned()
				b := w.connect()
				b.send(c.send)
				b.refusal(c.code, c.final)
				if got := b.state(); got != interview.Allotted {
					t.Errorf("its session is %q", got)
				}
				w.boot(1, never)
				b.send(encode(offerOf("p", sdp)))
				begun(b)
				if s := other.session(); s.State != interview.Answered || s.Epoch != 1 {
					t.Errorf("another session: %+v", s)
				}
				if got, err := w.queue.ReceiveInbox(t.Context(), inbox, 0); err != nil || len(got) != 0 {
					t.Errorf("another's worker was told %+v, %v", got, err)
				}
			})
		})
	}
}

// refusal expects `error` or `rejected` with a code (empty = any) and a
// sentence.
func (b *browser) refusal(code string, final bool) {
	b.t.Helper()
	var got, sentence string
	switch m := b.next(time.Second).(type) {
	case *wire.Error:
		got, sentence = m.Code, m.Message
		if !final {
			b.t.Errorf("error %+v, want rejected", m)
		}
	case *wire.Rejected:
		got, sentence = m.Code, m.Message
		if final {
			b.t.Errorf("rejected %+v, want error", m)
		}
	default:
		b.t.Fatalf("got %T %+v, want a refusal", m, m)
	}
	if got == "" || sentence == "" || code != "" && got != code {
		b.t.Errorf("refused with %q: %q, want %q", got, sentence, code)
	}
}

func TestABadOfferLeavesARunningSessionAlone(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		b, inbox := w.owned()
		b.send(encode(offerOf("p", "hello")))
		b.refusal("bad_offer", false)
		if s := b.session(); s.State != interview.Answered {
			t.Errorf("session: %+v", s)
		}
		if got, err := w.queue.ReceiveInbox(t.Context(), inbox, 0); err != nil || len(got) != 0 {
			t.Errorf("its worker was told %+v, %v", got, err)
		}
	})
}

func TestAThousandICECandidates(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		b := w.connect()
		for n := range 1000 {
			b.send(encode(wire.ICE{Peer: "p", Candidate: &wire.ICECandidate{Candidate: fmt.Sprintf("candidate:%d 1 udp 1 192.0.2.1 9 typ host", n)}}))
		}
		if n := len(b.socket.Messages()); n != 1000-wire.MaxCandidates {
			t.Errorf("%d messages were refused", n)
		}
		for range b.socket.Messages() {
			b.refusal("too_many", false)
		}
		for n := range 10 {
			b.send(encode(wire.ICE{Peer: interview.PeerName(fmt.Sprintf("p%d", n)), Candidate: &wire.ICECandidate{Candidate: "candidate:1"}}))
		}
		for range 7 {
			b.refusal("too_many", false)
		}
		b.silent()
		w.boot(1, never)
		b.send(encode(offerOf("p", sdp)))
		begun(b)
	})
}

func TestMulticastNamesAreIgnored(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		b, inbox := w.owned()
		b.send(encode(wire.ICE{Peer: "p1", Candidate: &wire.ICECandidate{Candidate: "candidate:1 1 udp 2113937151 0b1c-4a.local 54400 typ host"}}))
		b.silent()
		if got, err := w.queue.ReceiveInbox(t.Context(), inbox, 0); err != nil || len(got) != 0 {
			t.Errorf("the worker was told %+v, %v", got, err)
		}
	})
}

func TestSecretsAreLimited(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		b := w.connect()
		for range 8 {
			b.send(`{"type":"hello"}`)
			expect[wire.Session](b)
		}
		b.send(`{"type":"hello"}`)
		b.refusal("too_many", false)
	})
}

// broken is a queue that fails.
type broken struct{}

var errBroken = errors.New("the queue is away")

func (broken) SendDispatch(context.Context, queue.Dispatch) error   { return errBroken }
func (broken) SendInbox(context.Context, string, queue.Inbox) error { return errBroken }

func TestAFailureOfOursIsSaidAndEndsTheWait(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		b := w.connect()
		w.service = signaling.New(signaling.Config{
			Store: w.store, Queue: broken{}, Poster: w.posts, MaxWait: time.Minute, Log: quiet(),
		})
		b.send(encode(offerOf("p", sdp)))
		e := expect[wire.Error](b)
		if e.Code != "internal" || strings.Contains(e.Message, "queue") {
			t.Errorf("%+v", e)
		}
		if got := b.state(); got != interview.Ended {
			t.Errorf("the session is %q", got)
		}
	})
	bubble(t, func(t *testing.T, w *world) {
		b, _ := w.owned()
		w.service = signaling.New(signaling.Config{
			Store: w.store, Queue: broken{}, Poster: w.posts, MaxWait: time.Minute, Log: quiet(),
		})
		b.send(`{"type":"leave"}`)
		b.refusal("internal", false)
		fresh := offerOf("p2", sdp+"a=2\r\n")
		fresh.Want = interview.WantFresh
		b.send(encode(fresh))
		b.refusal("internal", false)
		if got := b.state(); got != interview.Answered {
			t.Errorf("the session that runs is %q", got)
		}
	})
}
