package mic

import (
	"slices"
	"time"
)

// maxHeld is far more packets than come in maxLag.
const maxHeld = 64

// held keeps packets that wait for earlier ones, in order. Their payloads are
// copied into buffers that are used again.
type held struct {
	packets []Packet
	free    [][]byte
	total   time.Duration
}

func (h *held) any() bool             { return len(h.packets) > 0 }
func (h *held) full() bool            { return len(h.packets) == maxHeld }
func (h *held) first() Packet         { return h.packets[0] }
func (h *held) length() time.Duration { return h.total }

// add keeps a copy of p; false when it is there already.
func (h *held) add(p Packet) bool {
	at, there := slices.BinarySearchFunc(h.packets, p, func(a, b Packet) int {
		return int(int16(a.Sequence - b.Sequence))
	})
	if there {
		return false
	}
	var buffer []byte
	if n := len(h.free); n > 0 {
		buffer, h.free = h.free[n-1], h.free[:n-1]
	}
	p.Payload = append(buffer[:0], p.Payload...)
	h.packets = slices.Insert(h.packets, at, p)
	h.total += length(p)
	return true
}

// take removes the first packet, whose payload is valid until the next add.
func (h *held) take() Packet {
	p := h.packets[0]
	h.packets = slices.Delete(h.packets, 0, 1)
	h.free = append(h.free, p.Payload)
	h.total -= length(p)
	return p
}
