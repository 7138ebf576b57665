package price_test

import (
	"math"
	"testing"
	"time"

	"casey.internal/worker/price"
)

func TestATurnOfHalfAMinute(t *testing.T) {
	r, known := price.For("us.anthropic.claude-haiku-4-5-20251001-v1:0", "neural")
	if !known {
		t.Error("the default model and voice have no price")
	}
	// 0.0009 + 0.0003 for the model, 0.00768 for 240 characters and their marks, 0.012 for recognition.
	got := r.USD(price.Usage{InputTokens: 900, OutputTokens: 60, Characters: 240, Audio: 30 * time.Second})
	if math.Abs(got-0.02088) > 1e-9 {
		t.Errorf("%.6f dollars", got)
	}
}

func TestWhatIsNotListedIsSaid(t *testing.T) {
	for _, c := range [][2]string{{"another-model", "neural"}, {"us.anthropic.claude-haiku-4-5-20251001-v1:0", "steam"}} {
		r, known := price.For(c[0], c[1])
		if known || r.USD(price.Usage{Audio: time.Minute}) != 0.024 {
			t.Errorf("%v: known %v, a minute of recognition costs %f", c, known, r.USD(price.Usage{Audio: time.Minute}))
		}
	}
}
