// Package ledger keeps account of the calls to paid services: a line in the
// usage log for each, metrics, and what the day has cost so far, which limits
// who may begin. Nothing of what people said is in it.
//
// A call is recorded without waiting: what cannot be written in time is lost,
// and counted.
package ledger

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"casey.internal/shared/metrics"
	"casey.internal/shared/price"
	"casey.internal/worker/usage"
)

const (
	maxWaiting  = 5000            // calls that wait to be written
	batch       = 500             // lines at a time
	writeEvery  = 5 * time.Second // when there are fewer
	writeWithin = 4 * time.Second
)

// Log keeps lines, each one a JSON object. Lines that it fails to keep are lost.
type Log interface {
	Put(ctx context.Context, lines []Line) error
}

// Line is one line of the usage log.
type Line struct {
	At   time.Time
	Text string
}

// Counters count what all workers together cost; package store has them.
type Counters interface {
	Add(ctx context.Context, counter string, n int64, expires time.Time) (int64, error)
}

// Config has what a Ledger works with.
type Config struct {
	Log      Log             // nil = no lines
	Counters Counters        // nil = no ceiling needs them
	Metrics  *metrics.Writer // nil = none
	Engine   string          // of Polly: it decides the price
	Logger   *slog.Logger
}

// Ledger takes calls from many goroutines.
type Ledger struct {
	Config
	calls chan usage.Call
	lost  atomic.Int64
}

// New returns a ledger that writes nothing until Run.
func New(c Config) *Ledger { return &Ledger{Config: c, calls: make(chan usage.Call, maxWaiting)} }

// Record is a usage.Report.
func (l *Ledger) Record(c usage.Call) {
	l.emitMetrics(c)
	select {
	case l.calls <- c:
	default:
		l.lost.Add(1)
	}
}

// emitMetrics emits the metrics of a call.
func (l *Ledger) emitMetrics(c usage.Call) {
	provider := metrics.Dimension{Name: metrics.Provider, Value: c.Service}
	l.Metrics.Emit(metrics.Values{
		metrics.CallTime: float64(c.Duration.Milliseconds()), metrics.Cost: l.dollars(c),
	}, provider)
	if !failed(c) {
		return
	}
	values := metrics.Values{metrics.CallErrors: 1}
	if strings.Contains(c.Code, "Throttl") || strings.Contains(c.Code, "LimitExceeded") || strings.Contains(c.Code, "TooManyRequests") {
		values[metrics.Throttled] = 1
	}
	l.Metrics.Emit(values, provider, metrics.Dimension{Name: metrics.Code, Value: c.Code})
}

// cancelled is the code of calls that we gave up ourselves, since they were no
// longer needed.
const cancelled = "cancelled"

func failed(c usage.Call) bool { return c.Code != "" && c.Code != cancelled }

// dollars estimates what a call cost. One that was refused at once is free.
func (l *Ledger) dollars(c usage.Call) float64 {
	switch c.Service {
	case "transcribe":
		if c.Audio > 0 {
			return price.Transcribe(c.Audio)
		}
	case "polly":
		return price.Polly(l.Engine, c.Characters)
	case "bedrock":
		return price.Bedrock(c.Model, c.Tokens)
	}
	return 0
}

// entry is a call as a line.
type entry struct {
	Time       time.Time `json:"time"` // when it began
	Service    string    `json:"service"`
	Operation  string    `json:"operation"`
	Event      string    `json:"event"` // completed, cancelled or failed
	Session    string    `json:"session"`
	Turn       int       `json:"turn,omitempty"`
	DurationMS int64     `json:"duration_ms"`
	Seconds    float64   `json:"seconds,omitempty"` // of audio
	Characters int       `json:"characters,omitempty"`
	price.Tokens
	Retried bool    `json:"retried,omitempty"`
	Code    string  `json:"code,omitempty"`
	Dollars float64 `json:"dollars"`
}

func (l *Ledger) line(c usage.Call) Line {
	event := "completed"
	switch {
	case failed(c):
		event = "failed"
	case c.Code != "":
		event = cancelled
	}
	text, err := json.Marshal(entry{
		Time: c.Started.UTC(), Service: c.Service, Operation: c.Operation, Event: event, Session: string(c.Session), Turn: c.Turn,
		DurationMS: c.Duration.Milliseconds(), Seconds: c.Audio.Seconds(), Characters: c.Characters,
		Tokens: c.Tokens, Retried: c.Retried, Code: c.Code, Dollars: l.dollars(c),
	})
	if err != nil {
		l.Logger.Error("usage not encoded", "error", err) // no field can do that
	}
	return Line{At: c.Started.Add(c.Duration), Text: string(text)}
}

// Run writes recorded calls until ctx is done, and then those that are left.
func (l *Ledger) Run(ctx context.Context) error {
	tick := time.NewTicker(writeEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			l.flush(context.WithoutCancel(ctx))
			return context.Cause(ctx)
		}
		l.flush(ctx)
	}
}

// flush writes all that is recorded now.
func (l *Ledger) flush(ctx context.Context) {
	for more := true; more; {
		var lines []Line
		dollars := 0.0
		for len(lines) < batch && more {
			select {
			case c := <-l.calls:
				lines = append(lines, l.line(c))
				dollars += l.dollars(c)
			default:
				more = false
			}
		}
		l.write(ctx, lines, dollars)
	}
	if lost := l.lost.Swap(0); lost > 0 {
		l.Metrics.Emit(metrics.Values{metrics.UsageLost: float64(lost)})
		l.Logger.Warn("usage lost", "calls", lost)
	}
}

func (l *Ledger) write(ctx context.Context, lines []Line, dollars float64) {
	ctx, cancel := context.WithTimeout(ctx, writeWithin)
	defer cancel()
	if len(lines) > 0 && l.Log != nil {
		if err := l.Log.Put(ctx, lines); err != nil {
			l.lost.Add(int64(len(lines)))
			l.Logger.Warn("usage not written", "error", err)
		}
	}
	if dollars > 0 && l.Counters != nil {
		now := time.Now()
		if _, err := l.Counters.Add(ctx, price.DayCounter(now), price.Micro(dollars), now.Add(price.KeepDay)); err != nil {
			l.Logger.Warn("cost not counted", "error", err)
		}
	}
}
