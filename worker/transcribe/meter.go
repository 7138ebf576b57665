package transcribe

import (
	"encoding/binary"
	"sync/atomic"
	"time"
)

// meter adds up how much audio was sent, for it is what is billed.
type meter struct {
	pcm  bool
	sent atomic.Int64 // a time.Duration
}

func (m *meter) total() time.Duration { return time.Duration(m.sent.Load()) }

func (m *meter) add(chunk []byte) {
	if m.pcm {
		m.sent.Add(int64(len(chunk)) / 2 * int64(time.Second) / 16000)
		return
	}
	if samples := lastGranule(chunk); samples > 0 {
		m.sent.Store(samples * int64(time.Second) / 48000)
	}
}

// lastGranule walks the Ogg pages (RFC 3533 section 6) of a chunk and returns
// the position of the last, in samples since the stream began.
func lastGranule(chunk []byte) (granule int64) {
	for len(chunk) >= 27 && string(chunk[:4]) == "OggS" {
		granule = int64(binary.LittleEndian.Uint64(chunk[6:]))
		segments := int(chunk[26])
		size := 27 + segments
		for _, n := range chunk[27:min(size, len(chunk))] {
			size += int(n)
		}
		chunk = chunk[min(size, len(chunk)):]
	}
	return granule
}
