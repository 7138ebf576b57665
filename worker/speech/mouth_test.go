package speech

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestAMouthFollowsASound: it is open while there is a voice, also through the short stops
// of consonants, and closed in pauses, at the beginning and at the end.
func TestAMouthFollowsASound(t *testing.T) {
	voice := append([]byte{0x78, 0x80}, bytes.Repeat([]byte{1}, 80)...)
	silence := []byte{0x78, 0, 0}
	for said, want := range map[string]string{
		"":                     "",
		"....":                 "",
		"..vvvv....":           "a 40, sil 120",
		"vvvvvvvvvvvvvvvvvv..": "a 0, @ 160, a 320, sil 360",
		"vvvv..vvvv...vvv":     "a 0, @ 160, sil 200, a 260, sil 320",
	} {
		r := newRecording()
		for _, c := range said {
			packet := silence
			if c == 'v' {
				packet = voice
			}
			r.append(packet, 960, time.Now())
		}
		r.end(nil)
		var got []string
		for _, m := range mouthOf(r) {
			if m.Kind != VisemeMark {
				t.Errorf("%q: a mark of kind %s", said, m.Kind)
			}
			got = append(got, fmt.Sprintf("%s %d", m.Value, m.Time.Milliseconds()))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%q moves the mouth %v, want %s", said, got, want)
		}
	}
}

// TestAMouthKnowsTheLookahead: a mark's time counts from what is heard first.
func TestAMouthKnowsTheLookahead(t *testing.T) {
	r := newRecording()
	r.setSkip(312)
	for range 3 {
		r.append(append([]byte{0x78, 0x80}, bytes.Repeat([]byte{1}, 80)...), 960, time.Now())
	}
	r.end(nil)
	times := []time.Duration{0, 60*time.Millisecond - 6500*time.Microsecond}
	if got := mouthOf(r); !slices.EqualFunc(got, times, func(m Mark, at time.Duration) bool { return m.Time == at }) {
		t.Errorf("%+v", got)
	}
}
