package latency

import (
	"strconv"
	"strings"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/cdk/local/aws/control"
	"casey.internal/cdk/local/process/logs"
	"casey.internal/cdk/measure/report"
)

// timed is one reply as the worker logged it.
type timed struct {
	decide, ask, voice, send, whole   time.Duration
	decided, asked, completed, packet time.Time
	drafted                           bool
}

// own is casey's own share.
func (r timed) own() time.Duration { return r.decide + r.ask + r.voice + r.send }

// OwnShares returns casey's own share of each reply that workers have logged from
// since on.
func OwnShares(stack *local.Stack, since time.Time) (own []time.Duration) {
	for _, r := range timedReplies(stack) {
		if r.packet.After(since) {
			own = append(own, r.own())
		}
	}
	return own
}

// timedReplies reads what the workers logged.
func timedReplies(stack *local.Stack) (replies []timed) {
	for _, e := range stack.Logs().Entries() {
		if e.Message == "reply timed" {
			replies = append(replies, parse(e))
		}
	}
	return replies
}

func parse(e logs.Entry) timed {
	took := func(name string) time.Duration {
		ns, _ := strconv.ParseInt(e.Attr(name), 10, 64) // the worker's own words
		return time.Duration(ns)
	}
	at := func(name string) time.Time {
		when, _ := time.Parse(time.RFC3339Nano, e.Attr(name))
		return when
	}
	return timed{
		decide: took("decide"), ask: took("ask"), voice: took("voice"), send: took("send"), whole: took("after_speech"),
		decided: at("decided_at"), asked: at("asked_at"), completed: at("completed_at"), packet: at("packet_at"),
		drafted: e.Attr("drafted") == "true",
	}
}

// outside is a reply's own share as the stand-ins saw it: from the decision to
// the request at Bedrock, from the completed sentence to the one at Polly, from
// the first page of audio to the first packet. false = its calls are forgotten.
func (r timed) outside(calls []control.Record) (share time.Duration, ok bool) {
	asked, ok := after(calls, r.asked, func(c control.Record) bool { return c.Service == control.Bedrock })
	if !ok {
		return 0, false
	}
	spoken, ok := after(calls, r.completed, func(c control.Record) bool {
		return c.Service == control.Polly && strings.HasPrefix(c.About, "ogg_opus") && len(c.EventsUS) > 0
	})
	if !ok {
		return 0, false
	}
	ask := micro(asked.ReceivedUS).Sub(r.decided)
	voice := micro(spoken.ReceivedUS).Sub(r.completed)
	send := r.packet.Sub(micro(spoken.EventsUS[0])) // the canned stand-in sends all audio in one piece
	return r.decide + ask + voice + send, true
}

// after returns the first call of a kind that was received after at.
func after(calls []control.Record, at time.Time, kind func(control.Record) bool) (first control.Record, ok bool) {
	for _, c := range calls {
		if kind(c) && !micro(c.ReceivedUS).Before(at.Truncate(time.Microsecond)) && (!ok || c.ReceivedUS < first.ReceivedUS) {
			first, ok = c, true
		}
	}
	return first, ok
}

func micro(us int64) time.Time { return time.UnixMicro(us) }

// addReplies adds to a table what was measured of replies.
func addReplies(t *report.Table, all []timed, calls []control.Record) {
	parts := map[string][]time.Duration{}
	drafted := 0
	add := func(name string, d time.Duration) { parts[name] = append(parts[name], d) }
	for _, r := range all {
		add("own", r.own())
		add("whole", r.whole)
		add("decide", r.decide)
		add("ask", r.ask)
		add("voice", r.voice)
		add("send", r.send)
		if r.drafted {
			drafted++
			continue // its calls came before the decision
		}
		if seen, ok := r.outside(calls); ok {
			add("outside", seen)
			add("disagree", (seen - r.own()).Abs())
		}
	}
	t.Note("replies", float64(len(all)), "")
	t.Note("of them thought of before the turn was over (none: words seem to be missing; bench-voice has drafts)", float64(drafted), "")
	t.AtMost("own share of a reply, p50", report.Percentile(parts["own"], 50), goalOwn, "ms")
	t.AtMost("own share of a reply, p95", report.Percentile(parts["own"], 95), goalOwnTail, "ms")
	for _, part := range []string{"decide", "ask", "voice", "send"} {
		t.Note("of it "+part+", p50", report.Percentile(parts[part], 50), "ms")
		t.Note("of it "+part+", p95", report.Percentile(parts[part], 95), "ms")
	}
	t.Note("replies that the stand-ins saw too", float64(len(parts["outside"])), "")
	t.Note("own share as the stand-ins saw it, p50", report.Percentile(parts["outside"], 50), "ms")
	t.Note("own share as the stand-ins saw it, p95", report.Percentile(parts["outside"], 95), "ms")
	if len(parts["disagree"]) > 0 {
		t.AtMost("difference of the two, p50", report.Percentile(parts["disagree"], 50), goalDisagree, "ms")
	}
	t.Note("end of speech -> first packet, p50", report.Percentile(parts["whole"], 50), "ms")
	t.Note("end of speech -> first packet, p95", report.Percentile(parts["whole"], 95), "ms")
}
