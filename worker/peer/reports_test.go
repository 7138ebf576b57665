package peer

import (
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// TestReports counts what a browser sends, with losses, repeated and late packets and
// over the end of the sequence numbers, and what is sent to it.
func TestReports(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var all []rtcp.Packet
	r := &reports{write: func(p []rtcp.Packet) error { all = append(all, p...); return nil }}
	r.voice.ssrc = 7
	mic := r.add(9)
	came := func(sequence uint16, at time.Duration) {
		r.came(mic, &rtp.Header{SSRC: 9, SequenceNumber: sequence, Timestamp: uint32(sequence) * 960}, start.Add(at))
	}
	const frame = 20 * time.Millisecond
	for i := range 50 {
		switch i {
		case 10, 11: // lost
		case 20:
			came(uint16(65500+i), time.Duration(i)*frame)
			came(uint16(65500+i), time.Duration(i)*frame) // twice
		case 30: // late
		case 31:
			came(uint16(65500+i), time.Duration(i)*frame)
			came(uint16(65500+30), time.Duration(i)*frame)
		default:
			came(uint16(65500+i), time.Duration(i)*frame)
		}
	}
	if len(all) != 0 {
		t.Fatalf("%d reports in the first second", len(all))
	}
	r.read(must(rtcp.SenderReport{SSRC: 9, NTPTime: 0x1111222233334444}.Marshal()))
	came(65550-1<<16, time.Second)
	first, ok := all[0].(*rtcp.ReceiverReport)
	if !ok || first.SSRC != 7 || len(first.Reports) != 1 {
		t.Fatalf("nothing was sent, but reported is %v", all[0])
	}
	b := first.Reports[0]
	if b.SSRC != 9 || b.LastSequenceNumber != 65550 || b.TotalLost != 1 || b.FractionLost != 256/51 || b.LastSenderReport != 0x22223333 {
		t.Errorf("reported %+v", b) // two are lost, and one came twice
	}
	for i := range 50 {
		r.went(&rtp.Packet{Header: rtp.Header{Timestamp: uint32(i) * 960}, Payload: make([]byte, 100)}, start.Add(time.Second+time.Duration(i)*frame))
	}
	r.went(&rtp.Packet{Header: rtp.Header{Timestamp: 50 * 960}, Payload: make([]byte, 100)}, start.Add(2*time.Second))
	second, ok := all[1].(*rtcp.SenderReport)
	if !ok || second.PacketCount != 51 || second.OctetCount != 5100 || second.RTPTime != 50*960 || second.NTPTime>>32 != uint64(start.Unix())+2208988800+2 {
		t.Fatalf("reported %v", all[1])
	}
	if b := second.Reports[0]; b.FractionLost != 0 || b.TotalLost != 1 {
		t.Errorf("reported %+v", b)
	}
	if len(all) != 2 {
		t.Errorf("%d reports in two seconds", len(all))
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// quietHandler is told of packets and does nothing with them.
type quietHandler struct {
	Handler
	heard int
}

func (h *quietHandler) Packet(Packet) { h.heard++ }

// TestAPacketCostsNoAllocation: there are fifty a second in every session.
func TestAPacketCostsNoAllocation(t *testing.T) {
	h := &quietHandler{}
	in := &inbound{handler: h, level: 1, opus: 111, red: 63}
	r := &reports{write: func([]rtcp.Packet) error { return nil }, due: time.Now().Add(time.Hour)}
	came, tap := r.add(9), newInlet(nil)
	var mics microphones
	tap.hand(func(packet []byte) {
		now := time.Now()
		if in.read(packet) == nil {
			r.came(came, &in.header, now)
			mics.hears(0, now)
			in.packet(packet, now)
		}
	})
	p := &rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: 111, SSRC: 9}, Payload: make([]byte, 80)}
	if err := p.SetExtension(1, []byte{30}); err != nil {
		t.Fatal(err)
	}
	raw := must(p.Marshal())
	if n := testing.AllocsPerRun(200, func() {
		raw[3]++ // the sequence number
		if _, err := tap.Write(raw); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("%v allocations a packet", n)
	}
	if h.heard == 0 {
		t.Error("no packet was heard")
	}
}
