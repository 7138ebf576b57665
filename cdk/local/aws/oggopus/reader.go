// Package oggopus takes an Ogg Opus stream apart as it arrives (RFC 3533, RFC 7845).
package oggopus

import (
	"bytes"
	"encoding/binary"
	"errors"
)

const (
	headerSize    = 27
	continued     = 0x01
	maxPacket     = 64 << 10
	noSegment     = 255
	headerPackets = 2 // OpusHead and OpusTags
)

// ErrNotOgg is returned for bytes that are no Ogg Opus stream.
var ErrNotOgg = errors.New("not an Ogg Opus stream")

// Reader is a push parser for pages of any size, in pieces of any size. It is
// used by one goroutine.
type Reader struct {
	pending []byte // bytes that are not a whole page yet
	packet  []byte // the packet that goes on on the next page
	serial  uint32
	begun   bool
	packets int
	foreign int
	preSkip int
}

// PreSkip is the number of samples at 48 kHz that a decoder throws away at the
// start; 0 before the OpusHead packet.
func (r *Reader) PreSkip() int { return r.preSkip }

// Foreign is the number of pages so far that belonged to another logical stream
// than the first page. They are skipped.
func (r *Reader) Foreign() int { return r.foreign }

// Push takes the next bytes of the stream and returns the audio packets that
// they complete. The packets are the caller's.
func (r *Reader) Push(b []byte) ([][]byte, error) {
	r.pending = append(r.pending, b...)
	var packets [][]byte
	for {
		page, size, err := parse(r.pending)
		if err != nil {
			return packets, err
		}
		if size == 0 {
			return packets, nil
		}
		found, err := r.packetsOf(page)
		if err != nil {
			return packets, err
		}
		packets = append(packets, found...)
		r.pending = r.pending[size:]
	}
}

type page struct {
	flags  byte
	serial uint32
	lacing []byte
	body   []byte
}

// parse returns the page at the start of b and its size, or a size of 0 where b
// holds only a part of it.
func parse(b []byte) (page, int, error) {
	if n := min(4, len(b)); !bytes.Equal(b[:n], []byte("OggS")[:n]) {
		return page{}, 0, ErrNotOgg
	}
	if len(b) < headerSize || len(b) < headerSize+int(b[26]) {
		return page{}, 0, nil
	}
	lacing := b[headerSize : headerSize+int(b[26])]
	size := headerSize + len(lacing)
	for _, n := range lacing {
		size += int(n)
	}
	if len(b) < size {
		return page{}, 0, nil
	}
	if !intact(b[:size]) {
		return page{}, 0, ErrNotOgg
	}
	return page{flags: b[5], serial: binary.LittleEndian.Uint32(b[14:]), lacing: lacing, body: b[headerSize+len(lacing) : size]}, size, nil
}

// packetsOf returns the audio packets that a page completes.
func (r *Reader) packetsOf(p page) ([][]byte, error) {
	if !r.begun {
		r.begun, r.serial = true, p.serial
	}
	if p.serial != r.serial {
		r.foreign++
		return nil, nil
	}
	if p.flags&continued == 0 {
		r.packet = nil // the rest of it never came
	}
	var packets [][]byte
	for _, n := range p.lacing {
		r.packet = append(r.packet, p.body[:n]...)
		p.body = p.body[n:]
		if len(r.packet) > maxPacket {
			return nil, ErrNotOgg
		}
		if n == noSegment {
			continue
		}
		packet := r.packet
		r.packet = nil
		audio, err := r.sort(packet)
		if err != nil {
			return nil, err
		}
		if audio {
			packets = append(packets, packet)
		}
	}
	return packets, nil
}

// sort tells audio packets from the two headers, and reads the first of these.
func (r *Reader) sort(packet []byte) (audio bool, err error) {
	r.packets++
	if r.packets == 1 {
		if len(packet) < 19 || !bytes.HasPrefix(packet, []byte("OpusHead")) {
			return false, ErrNotOgg
		}
		r.preSkip = int(binary.LittleEndian.Uint16(packet[10:]))
	}
	return r.packets > headerPackets, nil
}
