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
		"all is":                        {29 * time.Second, 29 * time.Second, 29*time.Second - lookBack},
		"more than was sent":            {20 * time.Second, time.Hour, 20*time.Second - lookBack},
		"all but what is said now":      {29 * time.Second, 22 * time.Second, 22*time.Second - lookBack},
		"what was forgotten long ago":   {29 * time.Second, 3 * time.Second, 10 * time.Second},
		"what the reader is not yet at": {15 * time.Second, 29 * time.Second, 10 * time.Second},
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
