package latency

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"casey.internal/cdk/client"
	"casey.internal/cdk/local"
	"casey.internal/cdk/measure/report"
)

// gap is the time between two packets from which on a voice is broken.
const gap = 60 * time.Millisecond

// count adds one interview.
func (r *Run) count(turns []exchange) error {
	for _, x := range turns {
		r.Turns++
		r.Gaps += gaps(x.heard)
		first, err := audible(x.heard)
		switch {
		case err != nil:
			return err
		case first.IsZero() || first.Sub(x.ended) > givesUp:
			r.Unanswered++
		case first.Before(x.ended):
			r.Early++
		default:
			r.Waits = append(r.Waits, first.Sub(x.ended))
		}
	}
	return nil
}

// audible returns when the first packet came in which a voice is heard; zero = in none.
func audible(packets []client.Event) (time.Time, error) {
	all := make([]client.Packet, len(packets))
	for i, e := range packets {
		all[i] = *e.Packet
	}
	first, err := client.Audible(all)
	if err != nil || first < 0 {
		return time.Time{}, err
	}
	return packets[first].At, nil
}

// gaps counts the breaks of a voice.
func gaps(packets []client.Event) (n int) {
	for i := 1; i < len(packets); i++ {
		if packets[i].At.Sub(packets[i-1].At) > gap {
			n++
		}
	}
	return n
}

// add adds what was measured to a table.
func (r Run) add(t *report.Table) {
	name := fmt.Sprintf("%d at a time: ", r.Sessions)
	usual := float64(goalVoice)
	if r.Lag > 0 {
		name = fmt.Sprintf("%d at a time, words %v late: ", r.Sessions, r.Lag)
		usual = goalLaggedVoice
	}
	t.Note(name+"turns", float64(r.Turns), "")
	t.AtMost(name+"unanswered", float64(r.Unanswered), 0, "")
	t.AtMost(name+"spoken into", float64(r.Early), 0, "")
	t.AtMost(name+"gaps over 60 ms in the voice", float64(r.Gaps), 0, "")
	t.AtMost(name+"voice to voice, p50", report.Percentile(r.Waits, 50), usual, "ms")
	if r.Lag == 0 {
		t.AtMost(name+"voice to voice, p95", report.Percentile(r.Waits, 95), goalVoiceTail, "ms")
	} else {
		t.Note(name+"voice to voice, p95", report.Percentile(r.Waits, 95), "ms")
	}
	var decision, packet, own []time.Duration
	drafted := 0
	for _, x := range r.timed {
		packet = append(packet, x.packet.Sub(x.decided))
		decision = append(decision, x.whole-x.packet.Sub(x.decided))
		own = append(own, x.own())
		if x.drafted {
			drafted++
		}
	}
	t.Note(name+"of it from the end of speech to the decision, as the worker hears it, p50", report.Percentile(decision, 50), "ms")
	t.Note(name+"of it from the decision to the first packet, p50", report.Percentile(packet, 50), "ms")
	t.Note(name+"casey's own share after the decision, p95", report.Percentile(own, 95), "ms")
	t.Note(name+"replies thought of before the turn was over", 100*float64(drafted)/float64(max(1, len(r.timed))), "%")
	t.Note(name+"worker's CPU for a minute of interview", r.CPU.Seconds(), "s")
	t.Note(name+"worker's memory at most", r.Memory, "MB")
}

// peakMemory is the most memory that the first worker had, in MB (VmHWM, proc(5)).
func peakMemory(stack *local.Stack) (float64, error) {
	pid, err := stack.PID("worker-1")
	if err != nil {
		return 0, err
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("worker's memory: %w", err)
	}
	fields := strings.Fields(string(status))
	i := slices.Index(fields, "VmHWM:")
	if i < 0 || i+1 >= len(fields) {
		return 0, fmt.Errorf("worker's memory: no VmHWM")
	}
	kB, err := strconv.Atoi(fields[i+1])
	return float64(kB) / 1000, err
}
