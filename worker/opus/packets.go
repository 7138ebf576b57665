package opus

import "bytes"

// Packets holds packets in one piece: one by itself takes 40 bytes more, which is as much as
// it has while nobody speaks, work for the collector, and keeps whatever it was cut from. The
// zero value holds none.
type Packets struct {
	data []byte
	ends []uint32 // where in data each packet ends
}

// MakePackets returns Packets with room for so many of so many bytes in all.
func MakePackets(count, size int) Packets {
	return Packets{make([]byte, 0, size), make([]uint32, 0, count)}
}

// Append adds a copy of a packet.
func (p *Packets) Append(packet []byte) {
	p.data = append(p.data, packet...)
	p.ends = append(p.ends, uint32(len(p.data)))
}

// Len returns how many packets there are.
func (p *Packets) Len() int { return len(p.ends) }

// Size returns how many bytes all packets have.
func (p *Packets) Size() int { return len(p.data) }

// At returns packet i, which stays as it is.
func (p *Packets) At(i int) []byte {
	from, end := uint32(0), p.ends[i]
	if i > 0 {
		from = p.ends[i-1]
	}
	return p.data[from:end:end]
}

// Clip gives back the room that Append has left for more bytes.
func (p *Packets) Clip() { p.data = bytes.Clone(p.data) }
