package recognition

import "testing"

// TestWithoutAStreamItIsBehind: with what is less than a chunk, too.
func TestWithoutAStreamItIsBehind(t *testing.T) {
	l := newLag()
	if l.hear(frame); !l.is() {
		t.Error("it is not behind before there is a stream")
	}
	if l.begin(0); l.is() {
		t.Error("it is behind by less than a chunk")
	}
	l.end()
	if l.hear(frame); !l.is() {
		t.Error("it is not behind after the stream ended")
	}
}

// TestWhatIsBehindIsFoundOutForNothing: every packet asks.
func TestWhatIsBehindIsFoundOutForNothing(t *testing.T) {
	l := newLag()
	l.begin(0)
	if n := testing.AllocsPerRun(1000, func() { l.hear(frame) }); n > 0 {
		t.Errorf("a packet is %v allocations", n)
	}
}
