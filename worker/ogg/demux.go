package ogg

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"casey.internal/worker/opus"
)

// maxPacket is more than any Opus packet of one stream can be (RFC 6716 3.4).
const maxPacket = 48*1275 + 100

// Demuxer takes the Opus packets out of an Ogg stream as it comes, whatever the
// size of its pages. It is not safe for concurrent use.
type Demuxer struct {
	r        *bufio.Reader
	header   [headerSize]byte
	table    [maxSegments]byte
	segments []byte // of the page being read, those not yet taken
	body     []byte // the same page's bytes
	page     []byte // backs body
	partial  []byte // a packet that goes on on the next page
	serial   uint32
	preSkip  int
	packets  int // taken, headers included
	ended    bool
	err      error
}

// NewDemuxer reads from r. Whatever r holds after the stream's end stays unread
// or is lost in the buffer.
func NewDemuxer(r io.Reader) *Demuxer { return &Demuxer{r: bufio.NewReader(r)} }

// PreSkip returns how many samples at the beginning are not to be played, known
// once Next has returned a packet.
func (d *Demuxer) PreSkip() int { return d.preSkip }

// Next returns the next Opus packet, valid until the following call, and its
// length in samples at 48 kHz. The error is io.EOF after the last packet,
// io.ErrUnexpectedEOF where the stream is cut off, and ErrFormat, with a reason,
// for what is no Ogg Opus. It stays the same once it came.
func (d *Demuxer) Next() (packet []byte, samples int, err error) {
	for d.err == nil {
		packet, d.err = d.next()
		if d.err != nil {
			break
		}
		d.packets++
		switch d.packets {
		case 1:
			d.err = d.readHead(packet)
		case 2:
			if !bytes.HasPrefix(packet, []byte("OpusTags")) {
				d.err = fmt.Errorf("%w: no comment header", ErrFormat)
			}
		default:
			if samples = opus.Samples(packet); samples == 0 {
				d.err = fmt.Errorf("%w: packet %d is not Opus", ErrFormat, d.packets-2)
				break
			}
			return packet, samples, nil
		}
	}
	return nil, 0, d.err
}

func (d *Demuxer) readHead(packet []byte) error {
	switch {
	case len(packet) < 19 || !bytes.HasPrefix(packet, []byte("OpusHead")):
		return fmt.Errorf("%w: no identification header", ErrFormat)
	case packet[8] > 15:
		return fmt.Errorf("%w: version %d", ErrFormat, packet[8])
	case packet[18] != 0 || packet[9] > 2:
		return fmt.Errorf("%w: %d channels in mapping family %d", ErrFormat, packet[9], packet[18])
	}
	d.preSkip = int(binary.LittleEndian.Uint16(packet[10:]))
	return nil
}

// next returns the next packet of the container.
func (d *Demuxer) next() ([]byte, error) {
	d.partial = d.partial[:0]
	for {
		if len(d.segments) == 0 {
			if err := d.nextPage(); err != nil {
				return nil, err
			}
			continue
		}
		piece, whole := d.removePacket()
		if whole && len(d.partial) == 0 {
			return piece, nil
		}
		if len(d.partial)+len(piece) > maxPacket {
			return nil, fmt.Errorf("%w: a packet of more than %d bytes", ErrFormat, maxPacket)
		}
		d.partial = append(d.partial, piece...)
		if whole {
			return d.partial, nil
		}
	}
}

// removePacket removes a packet, or the piece of it on this page, from the page.
func (d *Demuxer) removePacket() (piece []byte, whole bool) {
	size, n := 0, 0
	for n < len(d.segments) && !whole {
		size += int(d.segments[n])
		whole = d.segments[n] < 255
		n++
	}
	piece = d.body[:size]
	d.segments, d.body = d.segments[n:], d.body[size:]
	return piece, whole
}

// nextPage reads a page of the stream, which must fit the one before.
func (d *Demuxer) nextPage() error {
	if d.ended {
		if len(d.partial) > 0 {
			return io.ErrUnexpectedEOF
		}
		return io.EOF
	}
	if err := d.readPage(); err != nil {
		if errors.Is(err, io.EOF) && (len(d.partial) > 0 || d.packets < 2) {
			return io.ErrUnexpectedEOF
		}
		return err
	}
	serial, flags := binary.LittleEndian.Uint32(d.header[atSerial:]), d.header[atFlags]
	if d.packets == 0 && flags&first != 0 {
		d.serial = serial
	}
	switch {
	case serial != d.serial || (d.packets == 0) != (flags&first != 0):
		return fmt.Errorf("%w: a page of another stream", ErrFormat)
	case (flags&continued != 0) != (len(d.partial) > 0):
		return fmt.Errorf("%w: a packet's other part is missing", ErrFormat)
	}
	d.ended = flags&last != 0
	return nil
}

// readPage reads any page; io.EOF means that there is none, not even a part.
func (d *Demuxer) readPage() error {
	if _, err := io.ReadFull(d.r, d.header[:]); err != nil {
		return err
	}
	if !bytes.HasPrefix(d.header[:], []byte("OggS\x00")) {
		return fmt.Errorf("%w: no page where one should begin", ErrFormat)
	}
	d.segments = d.table[:d.header[atSegments]]
	if _, err := io.ReadFull(d.r, d.segments); err != nil {
		return cutOff(err)
	}
	size := 0
	for _, s := range d.segments {
		size += int(s)
	}
	head := headerSize + len(d.segments)
	if cap(d.page) < head+size {
		d.page = make([]byte, min(maxPage, 2*(head+size)))
	}
	d.page = d.page[:head+size]
	copy(d.page[copy(d.page, d.header[:]):], d.segments)
	d.body = d.page[head:]
	if _, err := io.ReadFull(d.r, d.body); err != nil {
		return cutOff(err)
	}
	if !sealed(d.page) {
		return fmt.Errorf("%w: checksum of a page", ErrFormat)
	}
	return nil
}

// cutOff makes an end within a page the error of a stream that is cut off.
func cutOff(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
