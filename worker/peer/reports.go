package peer

import (
	"slices"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// reportEvery is the time between two reports.
const reportEvery = time.Second

// reports tells the browser once a second what came of its microphones and what was
// sent to it (RFC 3550 6.4): by the first it learns that packets are lost, and has its
// codec repeat itself. There is one packet of RTCP for both, sent by whoever sends or
// hears the next packet when it is due, so that no goroutine and no timer wait for it.
type reports struct {
	write func([]rtcp.Packet) error

	mu      sync.Mutex
	due     time.Time // of the next; zero = nothing came or went yet
	voice   sent
	streams []*reception
}

// sent counts what was sent of one stream.
type sent struct {
	ssrc, packets, octets, timestamp uint32
	at                               time.Time // of the timestamp
}

// reception counts what came of one stream (RFC 3550 A.1, A.3, A.8).
type reception struct {
	ssrc           uint32
	begun          bool
	base, highest  uint32 // sequence numbers with their cycles
	received       uint32
	expectedBefore uint32 // at the last report, like
	receivedBefore uint32
	since          time.Time // of the first packet
	transit        uint32    // RTP clock
	jitter         float64
	senderReport   uint32 // middle of the NTP time of the browser's last
	reported       time.Time
}

// add returns the reception of another stream.
func (r *reports) add(ssrc uint32) *reception {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := &reception{ssrc: ssrc}
	r.streams = append(r.streams, c)
	return c
}

// came counts a packet that came.
func (r *reports) came(c *reception, h *rtp.Header, now time.Time) {
	r.mu.Lock()
	c.count(h.SequenceNumber, h.Timestamp, now)
	r.unlockAndSend(now)
}

// went counts a packet that was sent.
func (r *reports) went(p *rtp.Packet, now time.Time) {
	r.mu.Lock()
	r.voice.packets++
	r.voice.octets += uint32(len(p.Payload))
	r.voice.timestamp, r.voice.at = p.Timestamp, now
	r.unlockAndSend(now)
}

// unlockAndSend sends a report if one is due. The caller holds mu.
func (r *reports) unlockAndSend(now time.Time) {
	if now.Before(r.due) {
		r.mu.Unlock()
		return
	}
	first := r.due.IsZero()
	r.due = now.Add(reportEvery)
	report := r.report(now)
	r.mu.Unlock()
	if !first {
		_ = r.write([]rtcp.Packet{report}) // the next one says it too
	}
}

// report returns the report of now: a sender's once anything was sent.
func (r *reports) report(now time.Time) rtcp.Packet {
	blocks := make([]rtcp.ReceptionReport, 0, len(r.streams))
	for _, c := range r.streams {
		if c.begun {
			blocks = append(blocks, c.report(now))
		}
	}
	blocks = blocks[:min(len(blocks), 31)] // as many as there may be
	if r.voice.packets == 0 {
		return &rtcp.ReceiverReport{SSRC: r.voice.ssrc, Reports: blocks}
	}
	return &rtcp.SenderReport{
		SSRC: r.voice.ssrc, NTPTime: ntp(now), RTPTime: r.voice.timestamp + ticks(now.Sub(r.voice.at)),
		PacketCount: r.voice.packets, OctetCount: r.voice.octets, Reports: blocks,
	}
}

// read takes note of a packet of RTCP.
func (r *reports) read(packet []byte) {
	var report rtcp.SenderReport
	if report.Unmarshal(packet) != nil {
		return // of another kind
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := slices.IndexFunc(r.streams, func(c *reception) bool { return c.ssrc == report.SSRC }); i >= 0 {
		r.streams[i].senderReport, r.streams[i].reported = uint32(report.NTPTime>>16), time.Now()
	}
}

// count counts a packet.
func (c *reception) count(sequence uint16, timestamp uint32, now time.Time) {
	if !c.begun {
		c.begun, c.base, c.highest, c.since, c.transit = true, uint32(sequence), uint32(sequence), now, -timestamp
	}
	transit := ticks(now.Sub(c.since)) - timestamp
	c.received++
	if ahead := int16(sequence - uint16(c.highest)); ahead > 0 {
		c.highest += uint32(ahead)
	}
	d := float64(int32(transit - c.transit))
	c.transit = transit
	c.jitter += (max(d, -d) - c.jitter) / 16
}

// report returns what came until now, and begins anew with what is lost.
func (c *reception) report(now time.Time) rtcp.ReceptionReport {
	expected := c.highest - c.base + 1
	sinceExpected, since := expected-c.expectedBefore, c.received-c.receivedBefore
	c.expectedBefore, c.receivedBefore = expected, c.received
	b := rtcp.ReceptionReport{
		SSRC: c.ssrc, LastSequenceNumber: c.highest, Jitter: uint32(c.jitter), LastSenderReport: c.senderReport,
	}
	if lost := int32(expected - c.received); lost > 0 { // packets that came twice make it negative
		b.TotalLost = min(uint32(lost), 1<<24-1)
	}
	if lost := int32(sinceExpected - since); lost > 0 {
		b.FractionLost = uint8(min(255, uint64(lost)*256/uint64(sinceExpected)))
	}
	if !c.reported.IsZero() {
		b.Delay = uint32(now.Sub(c.reported).Seconds() * 65536)
	}
	return b
}

// ticks is a time by the RTP clock of Opus.
func ticks(d time.Duration) uint32 { return uint32(int64(d) * 48 / int64(time.Millisecond)) }

// ntp is a time as NTP writes it: seconds since 1900, and their fraction.
func ntp(t time.Time) uint64 {
	const from1900 = 2208988800
	return (uint64(t.Unix())+from1900)<<32 | uint64(t.Nanosecond())<<32/uint64(time.Second)
}
