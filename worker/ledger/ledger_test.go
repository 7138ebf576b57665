package ledger_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/metrics"
	"casey.internal/shared/price"
	"casey.internal/shared/store/memory"
	"casey.internal/worker/ledger"
	"casey.internal/worker/usage"
)

// desk is a ledger that runs in a bubble, with all that it writes.
type desk struct {
	*ledger.Ledger
	lines, metrics bytes.Buffer
	counters       *memory.Store
	stop           func()
}

func open(t *testing.T, log func(*desk) ledger.Log) *desk {
	d := &desk{counters: memory.New(memory.Options{})}
	d.Ledger = ledger.New(ledger.Config{
		Log: log(d), Counters: d.counters, Metrics: metrics.New(&d.metrics, "casey"),
		Engine: "neural", Logger: slog.New(slog.DiscardHandler),
	})
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = d.Run(ctx) })
	d.stop = func() { cancel(); running.Wait() }
	return d
}

func inLines(d *desk) ledger.Log { return ledger.Writer{Writer: &d.lines} }

func TestEveryCallIsALineAndIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, inLines)
		began := time.Now()
		d.Record(usage.Call{Session: "s", Service: "transcribe", Operation: "StartStreamTranscription opus", Started: began, Duration: time.Minute, Audio: time.Minute})
		d.Record(usage.Call{Session: "s", Turn: 2, Service: "bedrock", Operation: "ConverseStream", Model: "global.anthropic.claude-haiku-4-5-20251001-v1:0", Started: began, Duration: time.Second, Tokens: price.Tokens{Input: 5000, Output: 60}})
		d.Record(usage.Call{Session: "s", Service: "polly", Operation: "SynthesizeSpeech ogg_opus", Started: began, Characters: 100, Code: "ThrottlingException"})
		d.Record(usage.Call{Session: "s", Service: "polly", Operation: "SynthesizeSpeech json", Started: began, Code: "cancelled"})
		time.Sleep(6 * time.Second)
		synctest.Wait()
		want := []string{
			`{"time":"2000-01-01T00:00:00Z","service":"transcribe","operation":"StartStreamTranscription opus","event":"completed","session":"s","duration_ms":60000,"seconds":60,"dollars":0.024}`,
			`{"time":"2000-01-01T00:00:00Z","service":"bedrock","operation":"ConverseStream","event":"completed","session":"s","turn":2,"duration_ms":1000,"input_tokens":5000,"output_tokens":60,"dollars":0.0053}`,
			`{"time":"2000-01-01T00:00:00Z","service":"polly","operation":"SynthesizeSpeech ogg_opus","event":"failed","session":"s","duration_ms":0,"characters":100,"code":"ThrottlingException","dollars":0.0016}`,
			`{"time":"2000-01-01T00:00:00Z","service":"polly","operation":"SynthesizeSpeech json","event":"cancelled","session":"s","duration_ms":0,"code":"cancelled","dollars":0}`,
		}
		if got := strings.TrimSpace(d.lines.String()); got != strings.Join(want, "\n") {
			t.Errorf("lines are\n%s", got)
		}
		spent, err := d.counters.Add(t.Context(), price.DayCounter(began), 0, began)
		if err != nil || spent < 30_900 || spent > 30_901 {
			t.Errorf("the day has cost %d, %v", spent, err)
		}
		if got := d.metrics.String(); strings.Count(got, `"CallErrors":1`) != 1 || strings.Count(got, `"Throttled":1`) != 1 || strings.Count(got, `"Cost":`) != 4 {
			t.Errorf("metrics are\n%s", got)
		}
		d.stop()
	})
}

// stuck is a log that hangs until its context ends.
type stuck struct{}

func (stuck) Put(ctx context.Context, _ []ledger.Line) error {
	<-ctx.Done()
	return errors.Join(errors.New("stuck"), ctx.Err())
}

func TestALogThatHangsDelaysNoCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, func(*desk) ledger.Log { return stuck{} })
		d.Record(usage.Call{Service: "polly"})
		time.Sleep(6 * time.Second) // now it hangs
		began := time.Now()
		for range 7000 {
			d.Record(usage.Call{Service: "polly"})
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("recording took %v", took)
		}
		time.Sleep(5 * time.Minute)
		d.stop()
		lost := 0.0
		for line := range strings.Lines(d.metrics.String()) {
			var m struct{ UsageLost float64 }
			if err := json.Unmarshal([]byte(line), &m); err != nil {
				t.Fatal(err)
			}
			lost += m.UsageLost
		}
		if lost != 7001 {
			t.Errorf("%v lines are said to be lost", lost)
		}
	})
}

func TestWhatIsLeftIsWrittenAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, inLines)
		for range 1200 {
			d.Record(usage.Call{Service: "polly"})
		}
		d.stop()
		if n := strings.Count(d.lines.String(), "\n"); n != 1200 {
			t.Errorf("%d lines", n)
		}
	})
}
