package ogg

import (
	"encoding/binary"
	"fmt"

	"casey.internal/worker/opus"
)

// vendor is the program that the comment header names as the stream's writer.
const vendor = "casey"

// Muxer lays Opus packets of one channel out as the pages of one Ogg stream. Its
// pages are appended to the caller's buffer, into which a packet is copied once.
// It is not safe for concurrent use.
type Muxer struct {
	serial   uint32
	sequence uint32
	samples  int64 // in the packets so far
}

// NewMuxer returns a muxer for a stream with a serial number.
func NewMuxer(serial uint32) *Muxer { return &Muxer{serial: serial} }

// Append appends packets to dst, on one page unless they need more than its 255
// segments, and before the first ones the headers. Every packet lies on one page
// (RFC 3533 would let it cross to the next). Where one of them is no Opus packet
// or too long for a page the error is ErrFormat, wrapped, nothing is appended and
// the stream can go on.
func (m *Muxer) Append(dst []byte, packets ...[]byte) ([]byte, error) {
	for _, p := range packets {
		if opus.Samples(p) == 0 || segments(p) > maxSegments {
			return dst, fmt.Errorf("ogg: packet of %d bytes: %w", len(p), ErrFormat)
		}
	}
	if m.sequence == 0 && len(packets) > 0 {
		dst = m.page(dst, first, head())
		dst = m.page(dst, 0, tags())
	}
	for len(packets) > 0 {
		n := fitting(packets)
		for _, p := range packets[:n] {
			m.samples += int64(opus.Samples(p))
		}
		dst = m.page(dst, 0, packets[:n]...)
		packets = packets[n:]
	}
	return dst, nil
}

// segments returns how many segments a packet takes: one for each 255 bytes, and
// a shorter one, if need be empty, that ends it.
func segments(packet []byte) int { return len(packet)/255 + 1 }

// fitting returns how many of the packets one page holds.
func fitting(packets [][]byte) (n int) {
	for used := 0; n < len(packets); n++ {
		if used += segments(packets[n]); used > maxSegments {
			break
		}
	}
	return n
}

// page appends a page with packets, whose position is the end of all so far.
func (m *Muxer) page(dst []byte, flags byte, packets ...[]byte) []byte {
	start := len(dst)
	dst = append(dst, "OggS\x00"...)
	dst = append(dst, flags)
	dst = binary.LittleEndian.AppendUint64(dst, uint64(m.samples))
	dst = binary.LittleEndian.AppendUint32(dst, m.serial)
	dst = binary.LittleEndian.AppendUint32(dst, m.sequence)
	dst = append(dst, 0, 0, 0, 0, 0) // checksum and number of segments
	for _, p := range packets {
		for n := len(p); n >= 255; n -= 255 {
			dst = append(dst, 255)
		}
		dst = append(dst, byte(len(p)%255))
	}
	dst[start+atSegments] = byte(len(dst) - start - headerSize)
	for _, p := range packets {
		dst = append(dst, p...)
	}
	seal(dst[start:])
	m.sequence++
	return dst
}

// head returns the identification header (RFC 7845 section 5.1).
func head() []byte {
	b := append([]byte("OpusHead"), 1, 1) // version 1, one channel
	b = binary.LittleEndian.AppendUint16(b, PreSkip)
	b = binary.LittleEndian.AppendUint32(b, opus.Rate)
	return append(b, 0, 0, 0) // no gain, mapping family 0
}

// tags returns the comment header (RFC 7845 section 5.2).
func tags() []byte {
	b := binary.LittleEndian.AppendUint32([]byte("OpusTags"), uint32(len(vendor)))
	b = append(b, vendor...)
	return binary.LittleEndian.AppendUint32(b, 0) // no comments
}
