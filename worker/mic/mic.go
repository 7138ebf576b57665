// Package mic turns the RTP packets of a candidate's microphone into one stream
// of Opus packets without gaps, as long as the time that has passed: what a
// recogniser needs whose clock is the audio it gets.
//
// Packets are put in order. What is missing (lost, not sent in silence, muted,
// the track taken away) is filled with packets of one byte. The RTP timestamp
// gives the length of a gap where it can, but the wall clock decides: a browser
// whose track was replaced goes on as if no time had passed, and its clock is
// never quite ours.
package mic

import (
	"time"

	"casey.internal/worker/opus"
)

// Limits of how far the stream may be from the time that has passed.
const (
	// maxLag is how much may be missing before it is filled, and so how long a
	// packet out of order waits for those before it.
	maxLag = 60 * time.Millisecond
	// maxAhead is how far a packet may reach beyond now: after a gap that was
	// filled too early, or when the browser's clock is fast.
	maxAhead = 60 * time.Millisecond
	// quietAhead is the same for a packet without voice: so the stream gives
	// time back where nobody speaks.
	quietAhead = 20 * time.Millisecond
	// stallAhead is the same for speech that comes in a burst after the network
	// stood still. It is kept, and the time given back at the next quiet packet.
	stallAhead = 400 * time.Millisecond
)

const (
	// fillUnit is the length of the filler where no timestamp gives one.
	fillUnit = 20 * time.Millisecond
	// concealed is the longest gap that is left to a decoder's concealment of losses.
	// What is longer was not sent (DTX, a muted or lost microphone) and becomes
	// silence, which Amazon Transcribe asks for where nothing is said
	// (https://docs.aws.amazon.com/transcribe/latest/dg/streaming.html).
	concealed = 100 * time.Millisecond
	// jump is a distance of sequence numbers that means another stream.
	jump = 200
	// firstTOC stands for the packet before the first: CELT, 20 ms, mono.
	firstTOC = opus.TOC(31 << 3)
)

// Packet is an Opus packet as it came over RTP, in any order.
type Packet struct {
	Sequence  uint16
	Timestamp uint32 // 48 kHz
	Payload   []byte // the microphone's, and then its sink's: nobody may change it

	samples int // its length at 48 kHz
}

func (p Packet) length() time.Duration { return opus.Duration(int64(p.samples)) }

// Sink takes the stream's packets, each with its length. It may keep a packet,
// but not change it.
type Sink func(packet []byte, length time.Duration)

// fillers are the packets that are one byte.
var fillers = func() (all [256]byte) {
	for i := range all {
		all[i] = byte(i)
	}
	return all
}()

// silence is a packet of fillUnit.
var silence = opus.Silence()

// Stats counts what became of packets and time.
type Stats struct {
	Packets int           // written as they came
	Late    int           // came after their place was filled, or twice
	Dropped int           // left out to give time back
	Refused int           // no Opus packets
	Filled  time.Duration // without a packet
}

// Lost returns how many packets came and are not in the stream.
func (s Stats) Lost() int { return s.Late + s.Dropped + s.Refused }

// Mic is one microphone. One goroutine owns it.
type Mic struct {
	out     Sink
	start   time.Time
	written time.Duration
	last    opus.TOC
	gap     time.Duration // filled since the last packet
	stats   Stats

	begun     bool
	next      uint16 // sequence number that follows what was written
	timestamp uint32 // and its timestamp
	stalled   bool   // time was filled whose packets may still come
	held      held
}

// New returns a microphone whose stream begins at start.
func New(start time.Time, out Sink) *Mic {
	return &Mic{out: out, start: start, last: firstTOC}
}

// Written returns the length of the stream so far.
func (m *Mic) Written() time.Duration { return m.written }

// Stats returns the counts so far.
func (m *Mic) Stats() Stats { return m.stats }

// Packet takes a packet that arrived now.
func (m *Mic) Packet(p Packet, now time.Time) {
	if p.samples = opus.Samples(p.Payload); p.samples == 0 {
		m.stats.Refused++
		return
	}
	if m.held.full() {
		m.write(m.held.removeFirst(), now)
	}
	ahead := int16(p.Sequence - m.next)
	switch {
	case !m.begun || ahead > jump || ahead < -jump:
		m.begin(p, now)
		m.write(p, now)
	case ahead == 0:
		m.write(p, now)
	case ahead < 0 || !m.held.add(p):
		m.stats.Late++
	}
	m.release(now)
}

// Tick fills the stream up to now; call it about every 20 ms.
func (m *Mic) Tick(now time.Time) {
	m.release(now)
	for m.lag(now) > maxLag {
		m.fill(fillUnit)
		m.stalled = m.begun
	}
}

// begin starts with a stream whose numbers have nothing to do with those
// before. Its first packet was spoken just now, and the time before it was silent.
func (m *Mic) begin(p Packet, now time.Time) {
	for m.held.any() {
		m.write(m.held.removeFirst(), now)
	}
	m.fill(m.lag(now) - p.length())
	m.begun, m.stalled, m.timestamp = true, false, p.Timestamp
}

// release writes the packets that are in order, or have waited long enough.
func (m *Mic) release(now time.Time) {
	for m.held.any() && (m.held.first().Sequence == m.next || m.lag(now) >= maxLag) {
		m.write(m.held.removeFirst(), now)
	}
}

// write writes a packet, and before it the gap that its timestamp shows as
// far as that has not been filled and leaves room for the packets that wait.
func (m *Mic) write(p Packet, now time.Time) {
	if gap := int32(p.Timestamp - m.timestamp); gap > 0 {
		m.fill(min(opus.Duration(int64(gap)), m.lag(now)-p.length()-m.held.length()))
	}
	m.next, m.timestamp = p.Sequence+1, p.Timestamp+uint32(p.samples)
	if m.tooMuch(p, now) {
		m.stats.Dropped++
		return
	}
	m.stats.Packets++
	m.deliver(p.Payload, p.length())
	m.last, m.gap = opus.TOC(p.Payload[0]), 0
}

// tooMuch reports whether the stream would be too long with the packet.
func (m *Mic) tooMuch(p Packet, now time.Time) bool {
	ahead := p.length() - m.lag(now)
	voice, known := opus.Voice(p.Payload)
	switch {
	case known && !voice:
		over := ahead > quietAhead
		m.stalled = m.stalled && over
		return over
	case m.stalled:
		return ahead > stallAhead
	}
	return ahead > maxAhead
}

// lag returns by how much the stream is shorter than the time that has passed.
func (m *Mic) lag(now time.Time) time.Duration { return now.Sub(m.start) - m.written }

// fill writes at most d without a packet, down to the shortest frame, 2.5 ms.
func (m *Mic) fill(d time.Duration) {
	for left := int(d * opus.Rate / time.Second); left > 0; {
		packet, covered := m.filler(left)
		if covered == 0 {
			return
		}
		left -= covered
		length := opus.Duration(int64(covered))
		m.gap += length
		m.stats.Filled += length
		m.deliver(packet, length)
	}
}

// filler returns the next packet for a gap of at most samples, and its length.
func (m *Mic) filler(samples int) (packet []byte, covered int) {
	if covered = opus.Samples(silence); m.gap >= concealed && covered <= samples {
		return silence, covered
	}
	toc, covered := opus.Fill(m.last, samples)
	return fillers[toc : toc+1 : toc+1], covered
}

// deliver passes a packet of the stream on.
func (m *Mic) deliver(packet []byte, length time.Duration) {
	m.written += length
	m.out(packet, length)
}
