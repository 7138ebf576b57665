package ogg

import (
	"encoding/binary"
	"fmt"
	"time"

	"casey.internal/worker/opus"
)

// pageSamples is the audio on one page, 100 ms: pages of 20 ms would cost a
// third more bytes, longer ones would hold speech back.
const pageSamples = opus.Rate / 10

// vendor is what the comment header says wrote the stream.
const vendor = "casey"

// Sink takes a finished page. end is the time from the stream's start to the end
// of the page's last packet, 0 for headers. page is valid only during the call.
type Sink func(page []byte, end time.Duration)

// Muxer turns Opus packets into pages of 100 ms. Every packet lies on one page,
// so that a stream can go on with any page (see Splice). It is not safe for
// concurrent use.
type Muxer struct {
	sink     Sink
	serial   uint32
	sequence uint32
	samples  int64 // written, on finished pages and the one being filled
	filled   int   // of these on the page being filled
	segments []byte
	body     []byte
	page     []byte
}

// NewMuxer returns a muxer for a stream of one channel; the first packet brings
// the headers out first.
func NewMuxer(serial uint32, sink Sink) *Muxer {
	return &Muxer{
		sink: sink, serial: serial,
		segments: make([]byte, 0, maxSegments), body: make([]byte, 0, 1<<10), page: make([]byte, 0, 1<<10),
	}
}

// Samples returns the length of all packets written, at 48 kHz.
func (m *Muxer) Samples() int64 { return m.samples }

// Write adds a packet, which is copied. The error says what is wrong with it;
// the stream can go on.
func (m *Muxer) Write(packet []byte) error {
	samples := opus.Samples(packet)
	needed := len(packet)/255 + 1
	if samples == 0 || needed > maxSegments {
		return fmt.Errorf("ogg: packet of %d bytes: %w", len(packet), ErrFormat)
	}
	if m.sequence == 0 {
		m.headers()
	}
	if len(m.segments)+needed > maxSegments {
		m.Flush()
	}
	m.add(packet)
	m.samples += int64(samples)
	if m.filled += samples; m.filled >= pageSamples {
		m.Flush()
	}
	return nil
}

// Flush ends the page being filled, however short.
func (m *Muxer) Flush() {
	if len(m.segments) > 0 {
		m.write(0, m.samples)
	}
}

// Restart ends the stream, as Close does, and begins another one at time zero.
func (m *Muxer) Restart(serial uint32) {
	m.Close()
	m.serial, m.sequence, m.samples = serial, 0, 0
}

// Close marks the end of the stream; nothing is written to one without packets.
func (m *Muxer) Close() {
	if m.sequence > 0 {
		m.write(last, m.samples)
	}
}

// headers writes the two pages that identify and comment the stream (RFC 7845 5).
func (m *Muxer) headers() {
	m.add(appendHead(m.page[:0]))
	m.write(first, 0)
	m.add(appendTags(m.page[:0]))
	m.write(0, 0)
}

func appendHead(b []byte) []byte {
	b = append(b, "OpusHead\x01\x01"...) // version 1, one channel
	b = binary.LittleEndian.AppendUint16(b, PreSkip)
	b = binary.LittleEndian.AppendUint32(b, opus.Rate)
	return append(b, 0, 0, 0) // no gain, mapping family 0
}

func appendTags(b []byte) []byte {
	b = append(b, "OpusTags"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(vendor)))
	b = append(b, vendor...)
	return binary.LittleEndian.AppendUint32(b, 0) // no comments
}

// add appends a packet to the page being filled: a segment for each 255 bytes,
// and a shorter one, if need be empty, that ends it.
func (m *Muxer) add(packet []byte) {
	m.body = append(m.body, packet...)
	n := len(packet)
	for ; n >= 255; n -= 255 {
		m.segments = append(m.segments, 255)
	}
	m.segments = append(m.segments, byte(n))
}

// write hands the page being filled to the sink.
func (m *Muxer) write(flags byte, granule int64) {
	b := append(m.page[:0], "OggS\x00"...)
	b = append(b, flags)
	b = binary.LittleEndian.AppendUint64(b, uint64(granule))
	b = binary.LittleEndian.AppendUint32(b, m.serial)
	b = binary.LittleEndian.AppendUint32(b, m.sequence)
	b = append(b, 0, 0, 0, 0, byte(len(m.segments)))
	b = append(b, m.segments...)
	b = append(b, m.body...)
	seal(b)
	m.page = b
	m.sequence++
	m.segments, m.body, m.filled = m.segments[:0], m.body[:0], 0
	m.sink(b, opus.Duration(granule))
}
