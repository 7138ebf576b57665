package recognition

import (
	"bytes"
	"testing"
	"time"
)

const frame = 20 * time.Millisecond

// record fills a tape with packets of 80 bytes, each of which begins with its number.
func record(t *tape, from, packets int) {
	for i := from; i < from+packets; i++ {
		t.add(append([]byte{byte(i), byte(i >> 8)}, make([]byte, 78)...), frame)
	}
}

// TestWhatIsSettledIsForgotten: a tape that is read holds what may be asked for again,
// and keeps it whole.
func TestWhatIsSettledIsForgotten(t *testing.T) {
	for name, c := range map[string]struct {
		read, settled time.Duration
		begin         time.Duration
	}{
		"nothing is final":              {29 * time.Second, 0, 10 * time.Second},
		"all is":                        {29 * time.Second, 29 * time.Second, 29*time.Second - lead},
		"more than was sent":            {20 * time.Second, time.Hour, 20*time.Second - lead},
		"all but what is said now":      {29 * time.Second, 22 * time.Second, 22*time.Second - lead},
		"what was forgotten long ago":   {29 * time.Second, 3 * time.Second, 10 * time.Second},
		"what the reader is not yet at": {15 * time.Second, 29 * time.Second, 15*time.Second - lead},
	} {
		t.Run(name, func(t *testing.T) {
			tape := newTape(20 * time.Second)
			record(tape, 0, 1499)
			if _, _, err := tape.chunk(c.read, nil); err != nil {
				t.Fatal(err)
			}
			tape.settle(c.settled)
			record(tape, 1499, 1)
			if at, lost := tape.seek(0); at != c.begin || lost != c.begin {
				t.Errorf("it begins at %v, and %v are lost; want %v", at, lost, c.begin)
			}
			for at := c.begin; at < 30*time.Second-chunkLength; at += chunkLength {
				packets, end, err := tape.chunk(at, nil)
				if err != nil || len(packets) != 5 || end != at+chunkLength {
					t.Fatalf("at %v: %d packets to %v: %v", at, len(packets), end, err)
				}
				if n := int(at / frame); packets[0][0] != byte(n) || packets[0][1] != byte(n>>8) || len(packets[0]) != 80 {
					t.Fatalf("packet %d is % x", n, packets[0][:2])
				}
			}
		})
	}
}

// TestATapeIsSmall: a second of packets is three allocations, and one that is read is not
// written over.
func TestATapeIsSmall(t *testing.T) {
	tape, packet := newTape(20*time.Second), make([]byte, 80)
	second := func() {
		for range 50 {
			tape.add(packet, frame)
		}
	}
	if n := testing.AllocsPerRun(100, second); n > 3 {
		t.Errorf("a second is %v allocations", n)
	}
	held := 0
	for _, b := range tape.blocks {
		held += b.packets.Size() + 8*b.packets.Len()
	}
	if want := 21 * 50 * (80 + 8); held > want {
		t.Errorf("%d bytes are held, %d at most", held, want)
	}
	tape = newTape(time.Second)
	record(tape, 0, 5)
	packets, _, err := tape.chunk(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	was := bytes.Clone(packets[4])
	record(tape, 1000, 500)
	if !bytes.Equal(packets[4], was) {
		t.Error("a packet that was read is another one")
	}
}

// TestWhatIsKnown: what was said last may have no result yet, and is known only when none
// is awaited any more.
func TestWhatIsKnown(t *testing.T) {
	g := newGate(new(Silence))
	listen := func(to time.Duration) {
		for at := g.read; at < to; at += chunkLength {
			g.next(at, at+chunkLength, 0)
		}
	}
	g.hear(false, 0)
	for _, c := range []struct {
		say  string
		do   func()
		to   time.Duration
		want time.Duration
	}{
		{"nobody speaks", func() {}, 10 * time.Second, 8600 * time.Millisecond},
		{"somebody does", func() { g.hear(true, 9800*time.Millisecond) }, 12 * time.Second, 8600 * time.Millisecond},
		{"some words are final", func() { g.settle(11500 * time.Millisecond) }, 13 * time.Second, 11500 * time.Millisecond},
		{"the voice ends", func() { g.hear(false, 12400*time.Millisecond) }, 16 * time.Second, 11500 * time.Millisecond},
		{"more words come", func() { g.await(true) }, 20 * time.Second, 11500 * time.Millisecond},
		{"and are final", func() { g.settle(12300 * time.Millisecond); g.await(false) }, 21 * time.Second, 19600 * time.Millisecond},
		{"a cough", func() { g.hear(true, 20800*time.Millisecond); g.hear(false, 21*time.Second) }, 22 * time.Second, 19600 * time.Millisecond},
		{"may have been a word", func() {}, 30 * time.Second, 19600 * time.Millisecond},
	} {
		c.do()
		if listen(c.to); g.known() != c.want {
			t.Errorf("%s: %v are known of %v, want %v", c.say, g.known(), c.to, c.want)
		}
	}
}

// TestWhatWasForgottenIsNotSent: what is due is sent from where it is held, and not asked
// for again and again.
func TestWhatWasForgottenIsNotSent(t *testing.T) {
	const now, held = 20 * time.Second, 19500 * time.Millisecond
	for name, due := range map[string]func(*gate){
		"a beat":         func(*gate) {},
		"a voice":        func(g *gate) { g.hear(true, 18*time.Second) },
		"awaited result": func(g *gate) { g.hear(true, 18*time.Second); g.hear(false, 18500*time.Millisecond); g.await(true) },
	} {
		g := newGate(new(Silence))
		g.hear(false, 0)
		due(g)
		if from, send := g.next(now, now+chunkLength, held); !send || from != held {
			t.Errorf("%s: %v from %v, %v are held", name, send, from, held)
		}
		if from, send := g.next(held, held+chunkLength, held); !send || from != held {
			t.Errorf("%s: %v from %v the next time", name, send, from)
		}
	}
}
