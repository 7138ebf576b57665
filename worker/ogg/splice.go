package ogg

import (
	"encoding/binary"
	"fmt"
	"time"

	"casey.internal/worker/opus"
)

// headerPages is how many pages a Muxer begins with that hold no audio.
const headerPages = 2

// Splice makes a stream of its own from the pages of a Muxer, from any page on:
// what a recogniser needs that is started again in the middle of an interview.
// It is not safe for concurrent use.
type Splice struct {
	serial   uint32
	sequence uint32
	base     uint64 // granule position of the other stream at which this one begins
}

// NewSplice returns a splice whose first page comes with headers.
func NewSplice(serial uint32) *Splice { return &Splice{serial: serial} }

// Append appends page to dst as the next one of the new stream, after the
// headers if it is the first. A header page of the old stream adds nothing.
func (s *Splice) Append(dst, page []byte) ([]byte, error) {
	samples, err := pageSamplesOf(page)
	if err != nil {
		return dst, fmt.Errorf("ogg: splice: %w", err)
	}
	if binary.LittleEndian.Uint32(page[atSequence:]) < headerPages {
		return dst, nil
	}
	granule := binary.LittleEndian.Uint64(page[atGranule:])
	if s.sequence == 0 {
		s.base = granule - uint64(samples)
		m := NewMuxer(s.serial, func(header []byte, _ time.Duration) { dst = append(dst, header...) })
		m.headers()
		s.sequence = headerPages
	}
	start := len(dst)
	dst = append(dst, page...)
	moved := dst[start:]
	binary.LittleEndian.PutUint64(moved[atGranule:], granule-s.base)
	binary.LittleEndian.PutUint32(moved[atSerial:], s.serial)
	binary.LittleEndian.PutUint32(moved[atSequence:], s.sequence)
	seal(moved)
	s.sequence++
	return dst, nil
}

// pageSamplesOf returns the length of the packets of a page, all of which must
// lie on it.
func pageSamplesOf(page []byte) (samples int, err error) {
	if len(page) < headerSize || len(page) < headerSize+int(page[atSegments]) {
		return 0, fmt.Errorf("%w: %d bytes of a page", ErrFormat, len(page))
	}
	segments := page[headerSize:][:page[atSegments]]
	body := page[headerSize+len(segments):]
	size := 0
	for _, s := range segments {
		size += int(s)
		if s == 255 {
			continue
		}
		if size > len(body) {
			return 0, fmt.Errorf("%w: a page that is cut off", ErrFormat)
		}
		samples += opus.Samples(body[:size])
		body, size = body[size:], 0
	}
	if len(body) > 0 || page[atFlags]&continued != 0 {
		return 0, fmt.Errorf("%w: a packet that does not lie on one page", ErrFormat)
	}
	return samples, nil
}
