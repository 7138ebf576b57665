package fleet

import (
	"math"
	"slices"
	"time"

	"casey.internal/shared/price"
)

const (
	// sampleEvery is the resolution of Series and of what is integrated.
	sampleEvery = 10 * time.Second
	// spoken is the number of characters in a call of Polly: a sentence. Each is
	// asked for twice, as audio and as marks.
	spoken = 80.0
	// speech is the number of calls a second that an interview makes.
	speech = 2 * price.SpokenAMinute / spoken / 60
)

// SpeechFor returns the calls of Polly a second that so many interviews make.
func SpeechFor(interviews int) float64 { return math.Ceil(float64(interviews) * speech) }

// Result is the outcome of a scenario, without its lead.
type Result struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Arrived int    `json:"arrived"`
	Served  int    `json:"served"`
	Refused int    `json:"refused"` // waited too long
	Waiting int    `json:"waiting"` // at the end

	// Wait is of all but those who still wait, in seconds.
	WaitP50 float64 `json:"waitP50"`
	WaitP95 float64 `json:"waitP95"`
	WaitP99 float64 `json:"waitP99"`
	AtOnce  float64 `json:"atOnce"` // the share that waited for less than a second

	MostActive  int     `json:"mostActive"`
	MostWorkers int     `json:"mostWorkers"`
	TaskHours   float64 `json:"taskHours"`
	IdealHours  float64 `json:"idealHours"` // as many workers as the interviews fill, at every moment

	Workers  float64 `json:"workersDollars"`
	Services float64 `json:"servicesDollars"` // Transcribe, Polly, Bedrock

	Throttled  int     `json:"throttled"`  // offers that went back for want of a stream
	Blocked    int     `json:"blocked"`    // and of protection
	Killed     int     `json:"killed"`     // interviews whose worker was stopped
	OverSlots  int     `json:"overSlots"`  // the most that a worker held beyond its slots
	OverSpeech float64 `json:"overSpeech"` // the share of speech that is beyond Polly's quota

	Series []Sample `json:"series"`
}

// Sample is a moment.
type Sample struct {
	Seconds  int `json:"t"`
	Arrivals int `json:"arrivals"` // since the last sample
	Active   int `json:"active"`
	Capacity int `json:"capacity"` // slots of the workers that run
	Waiting  int `json:"waiting"`
}

// tally gathers a result.
type tally struct {
	Result
	scenario  Scenario
	waits     []time.Duration
	arrivals  int
	blocked   int
	throttled int
	killed    int
	said      float64 // calls of Polly
	unsaid    float64 // of those, the ones beyond the quota
}

func newTally(s Scenario) *tally {
	return &tally{Result: Result{Name: s.Name, Title: s.Title}, scenario: s}
}

func (t *tally) arrived(v *visitor) {
	t.arrivals++
	if v.counted {
		t.Arrived++
	}
}

func (t *tally) served(v *visitor, now time.Duration) {
	if v.counted {
		t.Served++
		t.waits = append(t.waits, now-v.arrived)
		t.Services += price.Interview(v.length, t.scenario.Options.Services())
	}
}

func (t *tally) refused(v *visitor) {
	if v.counted {
		t.Refused++
		t.waits = append(t.waits, t.scenario.Options.MaxWait)
	}
}

// gone adds the hours of a task that is over.
func (t *tally) gone(w *worker, now time.Duration) {
	t.TaskHours += max(0, now-max(w.born, t.scenario.Lead)).Hours()
}

// sample looks at the moment.
func (t *tally) sample(r *run) {
	if r.now < r.Lead {
		t.arrivals = 0
		return
	}
	capacity := 0
	for _, w := range r.workers {
		if w.state == running {
			capacity += r.Options.Slots
		}
		t.OverSlots = max(t.OverSlots, w.active-r.Options.Slots)
	}
	if r.Options.Streams > 0 {
		capacity = min(capacity, r.Options.Streams)
	}
	t.Series = append(t.Series, Sample{int((r.now - r.Lead).Seconds()), t.arrivals, r.active, capacity, r.crowd()})
	t.arrivals = 0
	t.MostActive = max(t.MostActive, r.active)
	t.MostWorkers = max(t.MostWorkers, len(r.workers))
	t.IdealHours += max(float64(r.Options.MinTasks), ceil(r.active, r.Options.Slots)) * sampleEvery.Hours()
	calls := float64(r.active) * speech
	t.said += calls
	t.unsaid += max(0, calls-r.Account.Speech)
}

func (t *tally) finish(r *run) Result {
	for _, w := range r.workers {
		t.gone(w, r.now)
	}
	for v := range r.unserved() {
		if v.counted {
			t.Waiting++
		}
	}
	o := r.Options
	t.Workers = t.TaskHours * price.Fargate(o.Arch == "arm64", float64(o.CPU)/1024, float64(o.Memory)/1024)
	t.Blocked, t.Throttled, t.Killed = t.blocked, t.throttled, t.killed
	if t.said > 0 {
		t.OverSpeech = t.unsaid / t.said
	}
	slices.Sort(t.waits)
	t.WaitP50, t.WaitP95, t.WaitP99 = t.percentile(50), t.percentile(95), t.percentile(99)
	soon, _ := slices.BinarySearch(t.waits, time.Second)
	if len(t.waits) > 0 {
		t.AtOnce = float64(soon) / float64(len(t.waits))
	}
	return t.Result
}

// percentile is in seconds, 0 of none; the waits are sorted.
func (t *tally) percentile(p int) float64 {
	if len(t.waits) == 0 {
		return 0
	}
	return t.waits[(len(t.waits)-1)*p/100].Seconds()
}
