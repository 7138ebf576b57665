package recognition_test

import (
	"strings"
	"testing"
	"time"

	"casey.internal/worker/recognition"
)

// TestItIsKnownWhenRecognitionIsBehind: from the end of a stream until another one was sent
// all that was heard, however many it takes.
func TestItIsKnownWhenRecognitionIsBehind(t *testing.T) {
	type change struct {
		on bool
		at time.Time
	}
	var told []change
	behind := func(on bool) { told = append(told, change{on, time.Now()}) }
	listen(t, recognition.Config{Behind: behind}, func(t *testing.T, l *listening) {
		began := time.Now()
		l.say(strings.Repeat("word ", 60))
		l.latest().Fail(reset)
		l.say("in the replay")
		l.latest().Fail(reset)
		l.say(strings.Repeat("more ", 18) + strings.Repeat(". ", 100))
		l.finish(t)
		want := []change{{true, began}, {false, began}, {true, began.Add(6 * time.Second)}, {false, began.Add(12600 * time.Millisecond)}}
		if len(told) != len(want) {
			t.Fatalf("told was %v", told)
		}
		for i, got := range told {
			if off := got.at.Sub(want[i].at).Abs(); got.on != want[i].on || off > 300*time.Millisecond {
				t.Errorf("told was %t after %v, want %t after %v", got.on, got.at.Sub(began), want[i].on, want[i].at.Sub(began))
			}
		}
	})
}
