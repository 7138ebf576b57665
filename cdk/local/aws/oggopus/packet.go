package oggopus

// frameSamples are the samples at 48 kHz in one frame of each of the 32
// configurations (RFC 6716, table 2).
var frameSamples = [32]int{
	480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 1920, 2880, // SILK
	480, 960, 480, 960, // hybrid
	120, 240, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960, // CELT
}

// maxSamples is the longest packet, 120 ms (RFC 6716, section 3.4).
const maxSamples = 5760

// Samples returns the duration of a packet in samples at 48 kHz, read off its
// first two bytes; 0 for what is no Opus packet.
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
	if n := frames * frameSamples[packet[0]>>3]; n <= maxSamples {
		return n
	}
	return 0
}
