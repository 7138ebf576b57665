package fleet

import (
	"math"
	"strings"
	"testing"
	"time"
)

// people returns the number of those who come by a rate until a time.
func people(rate Rate, until time.Duration) float64 {
	sum := 0.0
	for at := time.Duration(0); at < until; at += time.Second {
		sum += rate(at) / 3600
	}
	return sum
}

func TestRates(t *testing.T) {
	w := Usual()
	steady := Steady(90, w)
	day := Day(1000)
	for name, c := range map[string]struct{ got, want float64 }{
		"90 at a time for 45 minutes each, in an hour": {people(steady, time.Hour), 120},
		"ten times as many after half an hour":         {people(Burst(steady, 30*time.Minute), time.Hour), 60 + 600 - 9},
		"a class of 200 beside them":                   {people(Class(steady, 200, time.Minute), time.Hour), 320},
		"in the early afternoon":                       {day(14 * time.Hour), 1000},
		"at night":                                     {day(2 * time.Hour), 50},
		"the next day":                                 {day(38 * time.Hour), 1000},
	} {
		if math.Abs(c.got-c.want) > 0.2 {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
}

// TestArrivalsFollowTheRate: of a Poisson process; four standard deviations are
// allowed, and the seed is fixed.
func TestArrivalsFollowTheRate(t *testing.T) {
	s := Standard()[2]
	s.Rate, s.Most, s.Lead, s.For = Day(500), 500, 0, 24*time.Hour
	got, err := Run(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	want := people(s.Rate, s.For)
	if math.Abs(float64(got.Arrived)-want) > 4*math.Sqrt(want) {
		t.Errorf("%d came, want about %.0f", got.Arrived, want)
	}
}

func TestTheTables(t *testing.T) {
	var out strings.Builder
	result := Result{Title: "somebody", Arrived: 12, Served: 9, Refused: 2, Waiting: 1, WaitP50: 0.15, WaitP99: 75, TaskHours: 3, IdealHours: 2, AtOnce: 0.5}
	knob := Knob{Name: "warm", Shipped: "2", Picked: "1", Alternatives: []Alternative{{Value: "1"}, {Value: "2", Fails: "too few"}}}
	if err := PrintResults(&out, []Result{result}); err != nil {
		t.Fatal(err)
	}
	if err := PrintKnobs(&out, []Knob{knob}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"somebody", "12", "50.0 %", "150ms", "1m15s", "× 1.50", "warm", "picked", "shipped; too few"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}
