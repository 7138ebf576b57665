package opus_test

import (
	"bytes"
	"testing"

	"casey.internal/worker/opus"
)

// TestPacketsStayAsTheyAre: what was read of packets in one piece is another's neither when
// more come, nor when its reader appends to it.
func TestPacketsStayAsTheyAre(t *testing.T) {
	want := [][]byte{{1}, {}, {2, 3, 4}, opus.Silence()}
	for name, p := range map[string]opus.Packets{"without room": {}, "with room": opus.MakePackets(2, 3)} {
		t.Run(name, func(t *testing.T) {
			var read [][]byte
			for i, packet := range want {
				given := bytes.Clone(packet)
				p.Append(given)
				clear(given)
				read = append(read, p.At(i))
			}
			_ = append(read[0], 9, 9, 9)
			p.Clip()
			for i, packet := range want {
				if !bytes.Equal(read[i], packet) || !bytes.Equal(p.At(i), packet) {
					t.Errorf("packet %d is %v, and was %v when it was added; want %v", i, p.At(i), read[i], packet)
				}
			}
			if p.Len() != 4 || p.Size() != 7 {
				t.Errorf("%d packets of %d bytes", p.Len(), p.Size())
			}
		})
	}
}

// TestPacketsWithRoomDoNotAllocate: what fits is added where it is.
func TestPacketsWithRoomDoNotAllocate(t *testing.T) {
	p, packet := opus.MakePackets(200, 200*80), make([]byte, 80)
	if n := testing.AllocsPerRun(100, func() { p.Append(packet) }); n != 0 {
		t.Errorf("a packet is %v allocations", n)
	}
}
