// Package mp3 takes MP3 streams apart into frames, without decoding: what is
// needed to join them and to know exactly how long they play.
package mp3

import (
	"bytes"
	"time"
)

// headerSize is the length of a frame's header in bytes.
const headerSize = 4

// maxFrame is more than any Layer III frame (320 kbit/s at 32 kHz, or 160 at 8).
const maxFrame = 1441

// Header describes a frame (ISO 11172-3 2.4.1.3, 13818-3 2.4.1.3).
type Header struct {
	Rate     int // samples a second
	Bitrate  int // bits a second
	Channels int
	Samples  int // in the frame, of each channel: 1152, or 576 below 32 kHz
	Size     int // of the frame in bytes, header included

	low       bool // MPEG 2 or 2.5
	protected bool // a checksum of two bytes follows the header
}

// Duration returns how long the frame plays.
func (h Header) Duration() time.Duration {
	return time.Duration(h.Samples) * time.Second / time.Duration(h.Rate)
}

// Tables of Layer III, by the header's fields. Bitrates are in kbit/s.
var (
	rates        = [3]int{44100, 48000, 32000}
	bitrates     = [15]int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}
	lowBitrates  = [15]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}
	rateDivisors = [4]int{4, 0, 2, 1} // MPEG 2.5, reserved, 2, 1
)

// ParseHeader reads the header at the beginning of b; ok is false for what is no
// Layer III frame, and for free format, which nobody uses.
func ParseHeader(b []byte) (h Header, ok bool) {
	if len(b) < headerSize || b[0] != 0xff || b[1]&0xe0 != 0xe0 {
		return h, false
	}
	divisor, layer := rateDivisors[b[1]>>3&3], b[1]>>1&3
	bitrate, rate, padding := b[2]>>4, b[2]>>2&3, int(b[2]>>1&1)
	if divisor == 0 || layer != 1 || bitrate == 0 || bitrate == 15 || rate == 3 {
		return h, false
	}
	h = Header{
		Rate: rates[rate] / divisor, Bitrate: bitrates[bitrate] * 1000, Channels: 2, Samples: 1152,
		low: divisor > 1, protected: b[1]&1 == 0,
	}
	if h.low {
		h.Bitrate, h.Samples = lowBitrates[bitrate]*1000, 576
	}
	if b[3]>>6 == 3 {
		h.Channels = 1
	}
	h.Size = h.Samples/8*h.Bitrate/h.Rate + padding
	return h, true
}

// info reports whether a frame holds no sound but what its encoder says of the
// file: a "Xing" or "Info" header where the sound would begin.
func (h Header) info(frame []byte) bool {
	at := headerSize + 32
	switch {
	case h.low && h.Channels == 1:
		at = headerSize + 9
	case h.low || h.Channels == 1:
		at = headerSize + 17
	}
	if h.protected {
		at += 2
	}
	if len(frame) < at+4 {
		return false
	}
	tag := frame[at : at+4]
	return bytes.Equal(tag, []byte("Xing")) || bytes.Equal(tag, []byte("Info"))
}
