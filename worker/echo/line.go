package echo

import (
	"slices"
	"time"

	"github.com/thesyncim/gopus"

	"casey.internal/worker/opus"
)

// rate is that of all samples, in Hz: what tells voices apart lies below 4 kHz.
const rate = 8000

// count is how many samples there are in a time.
func count(d time.Duration) int { return int(d * rate / time.Second) }

// line remembers the last packets of one direction. The zero value has none.
type line struct {
	packets *[64]packet // more than are ever asked for; nil = none came
	next    int         // where the next one is written
}

type packet struct {
	at        time.Time
	timestamp uint32 // 48 kHz
	payload   []byte
}

// add remembers a packet. One that is not of Opus says nothing.
func (l *line) add(at time.Time, timestamp uint32, payload []byte) {
	if opus.Samples(payload) == 0 {
		return
	}
	if l.packets == nil {
		l.packets = new([64]packet)
	}
	p := &l.packets[l.next]
	*p = packet{at, timestamp, append(p.payload[:0], payload...)}
	l.next = (l.next + 1) % len(l.packets)
}

// clone returns a line that does not change.
func (l *line) clone() line {
	if l.packets == nil {
		return line{}
	}
	c := line{new(*l.packets), l.next}
	for i, p := range c.packets {
		c.packets[i].payload = slices.Clone(p.payload)
	}
	return c
}

// samples returns the last sound before now, of a length: packets stand as far apart as their
// timestamps say, and the newest ends when it came. nil = there is none.
func (l *line) samples(now time.Time, length time.Duration) []float32 {
	if l.packets == nil {
		return nil
	}
	decoder, err := gopus.NewDecoder(gopus.DefaultDecoderConfig(rate, 1))
	if err != nil {
		return nil
	}
	newest := l.packets[(l.next+len(l.packets)-1)%len(l.packets)]
	sound := make([]float32, count(length))
	var decoded [opus.MaxSamples * rate / opus.Rate]float32
	for i := range l.packets {
		p := &l.packets[(l.next+i)%len(l.packets)]
		before := time.Duration(int32(newest.timestamp-p.timestamp)) * time.Second / opus.Rate
		ended := now.Sub(newest.at) + before // so long ago
		if p.payload == nil || ended < 0 || ended > length+settling {
			continue
		}
		n, err := decoder.Decode(p.payload, decoded[:])
		if err != nil {
			continue
		}
		for j, s := range decoded[:n] {
			if at := len(sound) - count(ended) - n + j; at >= 0 {
				sound[at] = s
			}
		}
	}
	return sound
}
