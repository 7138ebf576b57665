// Package opus reads the description that an Opus packet carries (RFC 6716 section
// 3) and joins packets, without decoding a sample.
package opus

import "time"

const (
	// Rate is the clock of all sample counts here, whatever the codec runs at.
	Rate = 48000
	// MaxSamples is the longest packet, 120 ms (RFC 6716 3.2.5).
	MaxSamples = 5760
	maxFrames  = 48
	maxFrame   = 1275 // bytes (RFC 6716 3.2.1)
)

// Mode is the part of the codec that a packet uses.
type Mode int

// The modes of RFC 6716 table 2.
const (
	SILK   Mode = iota // speech
	Hybrid             // speech below 8 kHz, CELT above
	CELT               // music and noise
)

// TOC is the first byte of a packet: configuration, stereo and frame code.
type TOC byte

// Mode returns the part of the codec that the packet uses.
func (t TOC) Mode() Mode {
	switch config := t >> 3; {
	case config < 12:
		return SILK
	case config < 16:
		return Hybrid
	}
	return CELT
}

// FrameSamples returns the length of each frame of the packet at 48 kHz.
func (t TOC) FrameSamples() int {
	switch config := int(t >> 3); t.Mode() {
	case SILK:
		return [...]int{480, 960, 1920, 2880}[config&3]
	case Hybrid:
		return [...]int{480, 960}[config&1]
	default:
		return 120 << (config & 3)
	}
}

// Samples returns the length of a packet at 48 kHz, 0 if it is none:
// empty, without its frame count, or longer than 120 ms. It reads two bytes at
// most and does not check the rest; see Valid.
func Samples(packet []byte) int {
	if len(packet) == 0 {
		return 0
	}
	frames := 1
	switch packet[0] & 3 {
	case 1, 2:
		frames = 2
	case 3:
		if len(packet) < 2 {
			return 0
		}
		frames = int(packet[1] & 0x3f)
	}
	if n := frames * TOC(packet[0]).FrameSamples(); n <= MaxSamples {
		return n
	}
	return 0
}

// Duration returns the playing time of samples at 48 kHz.
func Duration(samples int64) time.Duration {
	// In two steps: a long stream's samples times 1e9 would overflow.
	return time.Duration(samples/Rate)*time.Second + time.Duration(samples%Rate)*time.Second/Rate
}

// Silence returns a packet of 20 ms of digital silence (CELT, fullband, mono),
// which ends what a decoder still plays.
func Silence() []byte { return []byte{0xf8, 0xff, 0xfe} }

// Fill returns a packet of one byte for a gap of at most samples after a packet
// that began with last, and the samples that it covers. Such a packet is its TOC
// alone: a frame of no bytes, for which a decoder conceals the loss or plays
// comfort noise (RFC 6716 3.2.1, RFC 7845 4.1). Where last's frames are too long
// it takes CELT's; covered is 0 when samples is less than the shortest of those,
// 2.5 ms.
func Fill(last TOC, samples int) (packet TOC, covered int) {
	packet = last &^ 3
	if covered = packet.FrameSamples(); covered <= samples {
		return packet, covered
	}
	for size := TOC(3); ; size-- { // 20, 10, 5, 2.5 ms of fullband CELT
		packet = 28<<3 | size<<3 | last&4
		if covered = packet.FrameSamples(); covered <= samples {
			return packet, covered
		}
		if size == 0 {
			return packet, 0
		}
	}
}

// Voice reports whether SILK calls any frame of the packet speech. known is
// false for CELT packets, which have no such flag, and for those without a frame
// of at least a byte. The flags are the first bits of a SILK frame, one for each
// 20 ms (RFC 6716 4.2.3), coded at even odds and so readable as they are.
func Voice(packet []byte) (voice, known bool) {
	var frames [maxFrames][]byte
	n, ok := split(packet, &frames)
	if !ok || TOC(packet[0]).Mode() == CELT {
		return false, false
	}
	flags := max(1, TOC(packet[0]).FrameSamples()/960)
	for _, f := range frames[:n] {
		if len(f) > 0 {
			known = true
			voice = voice || f[0]>>(8-flags) != 0
		}
	}
	return voice, known
}
