package peer

// redBlock is a frame that a RED packet repeats.
type redBlock struct {
	offset uint32 // how much older than the packet's timestamp, in samples
	data   []byte
}

// parseRED splits a payload by RFC 2198: headers of four bytes for the repeated
// blocks (F bit, payload type, 14 bits of timestamp offset, 10 of length), one
// of one byte for the primary, then the blocks. It appends the repeated ones to
// dst; the slices point into payload. Any payload type but opus is refused.
func parseRED(dst []redBlock, payload []byte, opus uint8) (repeated []redBlock, primary []byte, ok bool) {
	lengths := [32]int{}
	count, rest := 0, payload
	for len(rest) >= 4 && rest[0]&0x80 != 0 {
		if rest[0]&0x7f != opus || count == len(lengths) {
			return dst, nil, false
		}
		bits := uint32(rest[1])<<16 | uint32(rest[2])<<8 | uint32(rest[3])
		dst = append(dst, redBlock{offset: bits >> 10})
		lengths[count] = int(bits & 0x3ff)
		count++
		rest = rest[4:]
	}
	if len(rest) == 0 || rest[0] != opus {
		return dst, nil, false
	}
	rest = rest[1:]
	for i := range dst {
		if lengths[i] > len(rest) {
			return dst, nil, false
		}
		dst[i].data, rest = rest[:lengths[i]], rest[lengths[i]:]
	}
	return dst, rest, true
}

// misordered is the distance that a sequence number may lie back before it counts
// as a new stream (RFC 3550 A.1).
const misordered = 100

// window remembers which of the newest 64 sequence numbers were there.
type window struct {
	started bool
	newest  uint16
	seen    uint64 // bit i: newest - i was there
}

// include moves the window so that sequence lies in it, still to be taken.
func (w *window) include(sequence uint16) {
	ahead := int16(sequence - w.newest)
	switch {
	case !w.started || ahead < -misordered:
		// What is older than the first packet is not ours to repair.
		w.started, w.newest, w.seen = true, sequence, ^uint64(1)
	case ahead > 0:
		w.newest, w.seen = sequence, w.seen<<uint(ahead)
	}
}

// remember reports whether sequence is new, and remembers it.
func (w *window) remember(sequence uint16) bool {
	w.include(sequence)
	behind := w.newest - sequence
	if behind >= 64 || w.seen&(1<<behind) != 0 {
		return false
	}
	w.seen |= 1 << behind
	return true
}
