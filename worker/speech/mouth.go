package speech

import (
	"math/rand/v2"
	"sync"
	"time"

	"casey.internal/worker/opus"
	"casey.internal/worker/pacing"
)

// Out takes what is said: the candidate's newest peer.
type Out interface {
	// WriteRTP sends one Opus packet. It must not block.
	WriteRTP(payload []byte, timestamp uint32, marker bool) error
}

// afterCut is how many packets of silence follow an utterance that was stopped:
// a browser is silent after 55 to 83 ms with them, 123 ms without.
const afterCut = 5

// seam is the longest gap between two utterances over which RTP time runs on as
// if there were none.
const seam = 60 * time.Millisecond

// mouth sends packets, one source's at a time, as one RTP stream: timestamps
// run with the packets and are moved on by the clock over pauses (RFC 7587 4.1),
// and the marker bit begins a spurt.
type mouth struct {
	out   Out
	line  *pacing.Ticker
	frame time.Duration
	epoch time.Time
	base  uint32 // timestamp of the epoch

	mu     sync.Mutex
	source *playback // nil = nobody speaks
	held   bool      // it pauses: the source is kept and sends nothing
	hush   int       // packets of silence still to send after a cut or at a pause
	next   int64     // samples since the epoch at which the next packet begins
	spoken bool      // anything was sent ever
	ahead  int       // samples sent beyond the tick
	failed int       // packets that could not be written
}

// playback is a source's way through its recording.
type playback struct {
	recording *recording
	taken     int           // packets
	sent      int64         // samples
	began     bool          // the first packet was sent
	paused    bool          // it began, and is held now or was until the next packet
	from      int64         // samples sent before the last pause that is over
	timestamp uint32        // of the first packet after that
	at        time.Time     // when that was sent
	news      chan struct{} // capacity 1: it began, was paused or went on
	pause     chan struct{} // capacity 1: a tick found nothing to send
}

func newPlayback(r *recording) *playback {
	return &playback{recording: r, news: make(chan struct{}, 1), pause: make(chan struct{}, 1)}
}

// tell says that there is news.
func (p *playback) tell() {
	select {
	case p.news <- struct{}{}:
	default: // that is known, and what it is will be looked up
	}
}

func newMouth(out Out, wheel *pacing.Wheel, frame time.Duration) *mouth {
	m := &mouth{out: out, frame: frame, epoch: time.Now(), base: rand.Uint32()}
	m.line = wheel.NewTicker(m.tick)
	return m
}

// speak makes p the source, from the next packet on, and sends it at once when
// the mouth rests.
func (m *mouth) speak(p *playback) {
	m.mu.Lock()
	m.source, m.hush = p, 0
	m.mu.Unlock()
	m.line.Start(m.frame)
}

// leave takes p away. cut says that it had not ended: silence follows.
func (m *mouth) leave(p *playback, cut bool) {
	m.mu.Lock()
	if m.source == p {
		m.source = nil
		if cut && p.began && !m.held {
			m.hush = afterCut
		}
	}
	m.mu.Unlock()
	m.line.Start(m.frame) // for the silence, should the line rest
}

// hold has the next packet be silence, and nothing follow until release.
func (m *mouth) hold() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held {
		return
	}
	m.held = true
	if p := m.source; p != nil && p.began {
		m.hush = afterCut
		p.paused = true
		p.tell()
	}
}

// release goes on with the packet before which hold stopped.
func (m *mouth) release() {
	m.mu.Lock()
	m.held, m.hush = false, 0
	m.mu.Unlock()
	m.line.Start(m.frame)
}

// tick sends what is due: a frame's worth of packets, joined if they fit.
func (m *mouth) tick(due time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	frame := int(m.frame * opus.Rate / time.Second)
	if m.ahead >= frame { // the last packet was longer than a frame
		m.ahead -= frame
		return true
	}
	for m.ahead < frame {
		n := m.send(due, frame-m.ahead)
		if n == 0 {
			break
		}
		m.ahead += n
	}
	if m.ahead == 0 {
		m.rest()
		return false
	}
	m.ahead = max(0, m.ahead-frame)
	return true
}

// rest tells the source that it had nothing to send.
func (m *mouth) rest() {
	if m.source == nil || m.held {
		return
	}
	select {
	case m.source.pause <- struct{}{}:
	default:
	}
}

// send sends one packet of about the samples that are wanted and returns its length.
func (m *mouth) send(due time.Time, wanted int) (samples int) {
	packet, samples := m.take(wanted)
	if samples == 0 {
		return 0
	}
	timestamp, marker := m.stamp(due)
	if err := m.out.WriteRTP(packet, timestamp, marker); err != nil {
		m.failed++
	}
	if m.speaks() {
		m.source.note(timestamp, samples)
	}
	m.next += int64(samples)
	return samples
}

// stamp returns the timestamp of a packet that is due, and whether a spurt
// begins with it.
func (m *mouth) stamp(due time.Time) (timestamp uint32, marker bool) {
	clock := int64(due.Sub(m.epoch)) * opus.Rate / int64(time.Second)
	if !m.spoken || clock-m.next > int64(seam)*opus.Rate/int64(time.Second) {
		m.next = max(m.next, clock)
		m.spoken, marker = true, true
	}
	return m.base + uint32(m.next), marker
}

// take removes packets of the source, or of the silence after a cut, until they
// are as long as wanted or do not fit together, and joins them.
func (m *mouth) take(wanted int) (packet []byte, samples int) {
	for samples < wanted {
		next, ok := m.peek()
		if !ok {
			break
		}
		n := opus.Samples(next)
		if samples == 0 {
			packet = next
		} else {
			if samples+n > wanted {
				break
			}
			joined, ok := opus.Repack(nil, packet, next)
			if !ok {
				break
			}
			packet = joined
		}
		samples += n
		m.advance()
	}
	return packet, samples
}

// peek returns the next packet; advance goes past it.
func (m *mouth) peek() ([]byte, bool) {
	switch {
	case m.speaks():
		return m.source.recording.packet(m.source.taken)
	case m.hush > 0:
		return opus.Silence(), true
	}
	return nil, false
}

// speaks reports whether packets are the source's.
func (m *mouth) speaks() bool { return m.source != nil && !m.held }

func (m *mouth) advance() {
	if m.speaks() {
		m.source.taken++
	} else {
		m.hush--
	}
}

// note counts what was sent. The mouth's lock guards it.
func (p *playback) note(timestamp uint32, samples int) {
	if !p.began || p.paused {
		p.began, p.paused, p.from = true, false, p.sent
		p.timestamp, p.at = timestamp, time.Now()
		p.tell()
	}
	p.sent += int64(samples)
}

// stand is how a playback stands: how much was heard before it went on last, or
// at all if it is paused.
func (m *mouth) stand(p *playback) Started {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p.paused {
		return Started{Paused: true, From: opus.Duration(p.sent)}
	}
	return Started{From: opus.Duration(p.from), RTP: p.timestamp, FirstPacket: p.at}
}

// sent returns how much of p has gone out.
func (m *mouth) sent(p *playback) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return opus.Duration(p.sent)
}

// taken returns how many packets of p have gone out.
func (m *mouth) taken(p *playback) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return p.taken
}
