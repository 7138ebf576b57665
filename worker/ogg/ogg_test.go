package ogg_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/iotest"
	"time"

	"casey.internal/worker/ogg"
)

// packet returns an Opus packet of 20 ms and size bytes.
func packet(size, seed int) []byte {
	p := bytes.Repeat([]byte{byte(seed)}, size)
	p[0] = 0x78
	return p
}

// stream muxes packets and returns the stream with the ends of its pages.
func stream(t testing.TB, packets ...[]byte) (data []byte, ends []time.Duration) {
	t.Helper()
	m := ogg.NewMuxer(7, func(page []byte, end time.Duration) {
		data = append(data, page...)
		ends = append(ends, end)
	})
	for _, p := range packets {
		if err := m.Write(p); err != nil {
			t.Fatal(err)
		}
	}
	m.Close()
	return data, ends
}

// demux returns all packets and the error that ended them.
func demux(r io.Reader) (packets [][]byte, err error) {
	d := ogg.NewDemuxer(r)
	for {
		p, _, err := d.Next()
		if err != nil {
			return packets, err
		}
		packets = append(packets, bytes.Clone(p))
	}
}

func samePackets(got, want [][]byte) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d packets, want %d", len(got), len(want))
	}
	for i := range want {
		if !bytes.Equal(got[i], want[i]) {
			return fmt.Errorf("packet %d of %d bytes differs (%d bytes)", i, len(want[i]), len(got[i]))
		}
	}
	return nil
}

func TestRoundTrip(t *testing.T) {
	var want [][]byte
	for i := range 120 {
		want = append(want, packet(1+i*13, i)) // lengths around every multiple of 255
	}
	data, _ := stream(t, want...)
	for name, r := range map[string]io.Reader{
		"whole":        bytes.NewReader(data),
		"byte by byte": iotest.OneByteReader(bytes.NewReader(data)),
	} {
		got, err := demux(r)
		if !errors.Is(err, io.EOF) {
			t.Fatalf("%s: %v", name, err)
		}
		if err := samePackets(got, want); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// paged lays a stream out anew with at most n segments on a page, so that
// packets cross borders.
func paged(packets [][]byte, n int) (data []byte) {
	var segments, body []byte
	for _, p := range packets {
		body = append(body, p...)
		segments = append(segments, bytes.Repeat([]byte{255}, len(p)/255)...)
		segments = append(segments, byte(len(p)%255))
	}
	flags := byte(2)
	for sequence := byte(0); len(segments) > 0; sequence++ {
		on := segments[:min(n, len(segments))]
		segments = segments[len(on):]
		page := append([]byte("OggS\x00"), flags, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, sequence, 0, 0, 0, 0, 0, 0, 0)
		page = append(append(page, byte(len(on))), on...)
		for _, s := range on {
			page, body = append(page, body[:s]...), body[s:]
		}
		flags = 0
		if on[len(on)-1] == 255 {
			flags = 1
		}
		ogg.Seal(page)
		data = append(data, page...)
	}
	return data
}

func TestPacketsThatCrossPages(t *testing.T) {
	want := [][]byte{packet(1000, 1), packet(255, 2), packet(10, 3), packet(1275, 4)}
	head := append([]byte("OpusHead\x01\x01"), make([]byte, 9)...)
	all := append([][]byte{head, []byte("OpusTags")}, want...)
	for n := range 12 {
		got, err := demux(bytes.NewReader(paged(all, n+1)))
		if !errors.Is(err, io.EOF) {
			t.Fatalf("%d segments a page: %v", n+1, err)
		}
		if err := samePackets(got, want); err != nil {
			t.Errorf("%d segments a page: %v", n+1, err)
		}
	}
}

func TestPagesOf100ms(t *testing.T) {
	var packets [][]byte
	for i := range 12 {
		packets = append(packets, packet(80, i))
	}
	_, ends := stream(t, packets...)
	want := []time.Duration{0, 0, 100 * time.Millisecond, 200 * time.Millisecond, 240 * time.Millisecond}
	if fmt.Sprint(ends) != fmt.Sprint(want) {
		t.Errorf("pages end at %v, want %v", ends, want)
	}
}

func TestRestartBeginsAtZero(t *testing.T) {
	var data []byte
	var ends []time.Duration
	m := ogg.NewMuxer(1, func(page []byte, end time.Duration) {
		data, ends = append(data, page...), append(ends, end)
	})
	write := func(n int) {
		for i := range n {
			if err := m.Write(packet(50, i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(6)
	m.Restart(2)
	cut := len(data)
	write(5)
	m.Close()
	for i, part := range [][]byte{data[:cut], data[cut:]} {
		packets, err := demux(bytes.NewReader(part))
		if !errors.Is(err, io.EOF) || len(packets) != 6-i {
			t.Errorf("stream %d: %d packets, %v", i, len(packets), err)
		}
	}
	if end := ends[len(ends)-1]; end != 100*time.Millisecond {
		t.Errorf("the second stream ends at %v", end)
	}
}

func TestSpliceGoesOnFromAnyPage(t *testing.T) {
	var pages [][]byte
	m := ogg.NewMuxer(1, func(page []byte, _ time.Duration) { pages = append(pages, bytes.Clone(page)) })
	var want [][]byte
	for i := range 25 {
		want = append(want, packet(300, i))
		if err := m.Write(want[i]); err != nil {
			t.Fatal(err)
		}
	}
	m.Close()
	for from, skipped := range map[int]int{0: 0, 2: 0, 4: 10, 6: 20} {
		s := ogg.NewSplice(9)
		var data []byte
		for _, page := range pages[from:] {
			var err error
			if data, err = s.Append(data, page); err != nil {
				t.Fatal(err)
			}
		}
		got, err := demux(bytes.NewReader(data))
		if !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		if err := samePackets(got, want[skipped:]); err != nil {
			t.Errorf("from page %d: %v", from, err)
		}
		if granule := data[len(data)-21]; from == 6 && granule != byte(5*960&0xff) {
			t.Errorf("last granule position ends in %#x", granule)
		}
	}
}

func TestBadInput(t *testing.T) {
	data, _ := stream(t, packet(80, 1), packet(600, 2), packet(80, 3))
	change := func(at int, b byte) []byte {
		d := bytes.Clone(data)
		d[at] = b
		return d
	}
	for _, c := range []struct {
		name string
		data []byte
		want error
	}{
		{"nothing", nil, io.ErrUnexpectedEOF},
		{"garbage", bytes.Repeat([]byte("no ogg"), 50), ogg.ErrFormat},
		{"cut in a header", data[:20], io.ErrUnexpectedEOF},
		{"cut after the first page", data[:47], io.ErrUnexpectedEOF},
		{"cut in a packet", data[:len(data)-100], io.ErrUnexpectedEOF},
		{"a bit flipped", change(len(data)-100, 0x99), ogg.ErrFormat},
		{"the second page alone", data[47:], ogg.ErrFormat},
		{"two streams in one", append(bytes.Clone(data[:47]), data...), ogg.ErrFormat},
	} {
		if _, err := demux(bytes.NewReader(c.data)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	m := ogg.NewMuxer(1, func([]byte, time.Duration) { t.Error("a page of nothing") })
	for _, p := range [][]byte{nil, {3}, make([]byte, 70000)} {
		if err := m.Write(p); !errors.Is(err, ogg.ErrFormat) {
			t.Errorf("a packet of %d bytes: %v", len(p), err)
		}
	}
	m.Close()
}

func TestMuxerDoesNotAllocate(t *testing.T) {
	m := ogg.NewMuxer(1, func([]byte, time.Duration) {})
	p := packet(90, 1)
	if n := testing.AllocsPerRun(1000, func() { _ = m.Write(p) }); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
}

func BenchmarkMux(b *testing.B) {
	m := ogg.NewMuxer(1, func([]byte, time.Duration) {})
	p := packet(90, 1)
	b.ReportAllocs()
	for b.Loop() {
		if err := m.Write(p); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzDemux(f *testing.F) {
	data, _ := stream(f, packet(80, 1), packet(600, 2), packet(80, 3))
	f.Add(data)
	f.Add(data[:len(data)-90])
	f.Add([]byte("OggS"))
	f.Fuzz(func(t *testing.T, data []byte) {
		packets, err := demux(bytes.NewReader(data))
		if err == nil || len(packets) > len(data) {
			t.Errorf("%d packets out of %d bytes, %v", len(packets), len(data), err)
		}
	})
}
