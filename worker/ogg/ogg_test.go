package ogg_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"testing/iotest"
	"time"

	"casey.internal/worker/ogg"
	"casey.internal/worker/opus"
)

// packet returns an Opus packet of 20 ms and size bytes.
func packet(size, seed int) []byte {
	p := bytes.Repeat([]byte{byte(seed)}, size)
	p[0] = 0x78
	return p
}

// stream muxes packets, five a call, and returns the stream with its length.
func stream(t testing.TB, packets ...[]byte) (data []byte, length time.Duration) {
	t.Helper()
	m := ogg.NewMuxer(7)
	for five := range slices.Chunk(packets, 5) {
		var err error
		if data, err = m.Append(data, five...); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range packets {
		length += opus.Duration(int64(opus.Samples(p)))
	}
	pages := pages(data)
	end := pages[len(pages)-1]
	end[5] |= 4 // the flag of the last page
	ogg.Seal(end)
	return data, length
}

// pages returns the pages of a stream (RFC 3533 section 6).
func pages(data []byte) (pages [][]byte) {
	for len(data) > 0 {
		size := 27 + int(data[26])
		for _, s := range data[27:size] {
			size += int(s)
		}
		pages, data = append(pages, data[:size]), data[size:]
	}
	return pages
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

// positions returns where the pages of a stream end.
func positions(data []byte) (ends []time.Duration) {
	for _, page := range pages(data) {
		ends = append(ends, opus.Duration(int64(binary.LittleEndian.Uint64(page[6:]))))
	}
	return ends
}

func TestAPageACall(t *testing.T) {
	var packets [][]byte
	for i := range 12 {
		packets = append(packets, packet(80, i))
	}
	data, _ := stream(t, packets...)
	want := []time.Duration{0, 0, 100 * time.Millisecond, 200 * time.Millisecond, 240 * time.Millisecond}
	if ends := positions(data); !slices.Equal(ends, want) {
		t.Errorf("pages end at %v, want %v", ends, want)
	}
}

func TestWhatOnePageDoesNotHoldGoesOnTheNext(t *testing.T) {
	want := [][]byte{packet(60000, 1), packet(5000, 2), packet(254, 3), packet(60000, 4)} // 236 + 20 + 1 + 236 segments
	data, err := ogg.NewMuxer(1).Append(nil, want...)
	if err != nil {
		t.Fatal(err)
	}
	if ends := positions(data); len(ends) != 5 || ends[2] != 20*time.Millisecond || ends[3] != 60*time.Millisecond || ends[4] != 80*time.Millisecond {
		t.Errorf("pages end at %v", ends)
	}
	got, err := demux(bytes.NewReader(data))
	if !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	if err := samePackets(got, want); err != nil {
		t.Error(err)
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
	m := ogg.NewMuxer(1)
	for _, p := range [][]byte{nil, {3}, make([]byte, 70000)} {
		if page, err := m.Append(nil, packet(80, 1), p); !errors.Is(err, ogg.ErrFormat) || len(page) > 0 {
			t.Errorf("a packet of %d bytes: %d bytes, %v", len(p), len(page), err)
		}
	}
	if page, err := m.Append(nil); err != nil || len(page) > 0 {
		t.Error("a page of nothing")
	}
}

func TestMuxerDoesNotAllocate(t *testing.T) {
	m, p := ogg.NewMuxer(1), packet(90, 1)
	page, err := m.Append(nil, p, p, p, p, p)
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(1000, func() { page, _ = m.Append(page[:0], p, p, p, p, p) }); n != 0 {
		t.Errorf("%v allocations a page", n)
	}
}

func BenchmarkMux(b *testing.B) {
	m, p := ogg.NewMuxer(1), packet(90, 1)
	var page []byte
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if page, err = m.Append(page[:0], p, p, p, p, p); err != nil {
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
