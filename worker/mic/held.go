package mic

import (
	"slices"
	"time"
)

// maxHeld is far more packets than come in maxLag.
const maxHeld = 64

// held keeps packets that wait for earlier ones, in order.
type held struct {
	packets []Packet
	total   time.Duration
}

func (h *held) any() bool             { return len(h.packets) > 0 }
func (h *held) full() bool            { return len(h.packets) == maxHeld }
func (h *held) first() Packet         { return h.packets[0] }
func (h *held) length() time.Duration { return h.total }

// add keeps p; false when it is there already.
func (h *held) add(p Packet) bool {
	at, there := slices.BinarySearchFunc(h.packets, p, func(a, b Packet) int {
		return int(int16(a.Sequence - b.Sequence))
	})
	if there {
		return false
	}
	h.packets = slices.Insert(h.packets, at, p)
	h.total += p.length()
	return true
}

// removeFirst removes the first packet and returns it.
func (h *held) removeFirst() Packet {
	p := h.packets[0]
	h.packets = slices.Delete(h.packets, 0, 1)
	h.total -= p.length()
	return p
}
