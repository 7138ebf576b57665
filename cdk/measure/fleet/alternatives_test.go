package fleet

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
)

// TestTheDefaultsAreThoseThatTheRulePicks: whoever changes a default, a policy
// or the model sees what it does to those who wait and to the bill.
func TestTheDefaultsAreThoseThatTheRulePicks(t *testing.T) {
	knobs := Knobs()
	if err := TryAll(t.Context(), knobs); err != nil {
		t.Fatal(err)
	}
	for _, k := range knobs {
		if k.Picked != k.Shipped {
			t.Errorf("%s is %s, but %q is picked", k.Name, k.Shipped, k.Picked)
		}
	}
	if t.Failed() {
		_ = PrintKnobs(t.Output(), knobs)
	}
}

func TestThePick(t *testing.T) {
	k := Knob{Shipped: "c", Alternatives: []Alternative{
		{Value: "a", Dollars: 90, Class: 9, Fails: "it is refused"},
		{Value: "b", Dollars: 110, Class: 1},
		{Value: "c"},
		{Value: "d", Dollars: 100, Class: 8},
		{Value: "e", Dollars: 100, Class: 7},
	}}
	if k.pick(Alternative{Dollars: 100.1, Class: 7}); k.Picked != "c" {
		t.Errorf("picked %s", k.Picked)
	}
	if k.Shipped = "d"; k.fate(k.Alternatives[3]) == "" {
		t.Error("nobody is told what is shipped")
	}
}

func TestThePicture(t *testing.T) {
	results, err := RunAll(t.Context(), Standard())
	if err != nil {
		t.Fatal(err)
	}
	picture := Picture(results)
	if len(picture) > 60_000 {
		t.Errorf("it has %d bytes", len(picture))
	}
	for d := xml.NewDecoder(strings.NewReader(picture)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if runtime.GOARCH != "amd64" {
		t.Skip("other processors may round another digit of it")
	}
	kept, err := os.ReadFile("fleet.svg")
	if err != nil || string(kept) != picture {
		t.Errorf("fleet.svg is not what the code draws: make simulate (%v)", err)
	}
}

func TestWhatInterviewsNeed(t *testing.T) {
	want := Need{Interviews: 100, Streams: 100, Speech: 15, Tokens: 1_316_000, VCPU: 10, MaxTasks: 5}
	if got := NeedOf(100); got != want {
		t.Errorf("%+v", got)
	}
	var out strings.Builder
	if err := PrintNeeds(&out, []Need{want}); err != nil || !strings.Contains(out.String(), "-c streams=100 -c maxTasks=5") {
		t.Errorf("%s, %v", out.String(), err)
	}
}
