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

// afterCut is the number of packets of silence after an utterance that was stopped:
// a browser is silent after 55 to 83 ms with them, 123 ms without.
const afterCut = 5

// seam is the longest gap between two utterances over which RTP time runs on as
// if there were none.
const seam = 60 * time.Millisecond

// player sends packets, one source's at a time, as one RTP stream: timestamps
// run with the packets and are moved on by the clock over pauses (RFC 7587 4.1),
// and the marker bit begins a spurt.
type player struct {
	out    Out
	ticker *pacing.Ticker
	frame  time.Duration
	epoch  time.Time
	base   uint32 // timestamp of the epoch

	mu      sync.Mutex
	source  *playback // nil = nobody speaks
	held    bool      // it pauses: the source is kept and sends nothing
	silence int       // packets of silence still to send after a cut or at a pause
	next    int64     // samples since the epoch at which the next packet begins
	spoken  bool      // anything was sent ever
	ahead   int       // samples sent beyond the tick
	failed  int       // packets that could not be written
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
	shortage  chan struct{} // capacity 1: a tick found nothing to send
}

func newPlayback(r *recording) *playback {
	return &playback{recording: r, news: make(chan struct{}, 1), shortage: make(chan struct{}, 1)}
}

// signal says that there is news.
func (p *playback) signal() {
	select {
	case p.news <- struct{}{}:
	default: // that is known, and what it is will be looked up
	}
}

func newPlayer(out Out, wheel *pacing.Wheel, frame time.Duration) *player {
	pl := &player{out: out, frame: frame, epoch: time.Now(), base: rand.Uint32()}
	pl.ticker = wheel.NewTicker(pl.tick)
	return pl
}

// play makes p the source, from the next packet on, and sends it at once when
// the player rests.
func (pl *player) play(p *playback) {
	pl.mu.Lock()
	pl.source, pl.silence = p, 0
	pl.mu.Unlock()
	pl.ticker.Start(pl.frame)
}

// remove takes p away. cut says that it had not ended: silence follows.
func (pl *player) remove(p *playback, cut bool) {
	pl.mu.Lock()
	if pl.source == p {
		pl.source = nil
		if cut && p.began && !pl.held {
			pl.silence = afterCut
		}
	}
	pl.mu.Unlock()
	pl.ticker.Start(pl.frame) // for the silence, should the ticker rest
}

// hold has the next packet be silence, and nothing follow until release.
func (pl *player) hold() {
	pl.mu.Lock()
	defer pl.mu.Unlock()
	if pl.held {
		return
	}
	pl.held = true
	if p := pl.source; p != nil && p.began {
		pl.silence = afterCut
		p.paused = true
		p.signal()
	}
}

// release goes on with the packet before which hold stopped.
func (pl *player) release() {
	pl.mu.Lock()
	pl.held, pl.silence = false, 0
	pl.mu.Unlock()
	pl.ticker.Start(pl.frame)
}

// tick sends what is due: a frame's worth of packets, joined if they fit.
func (pl *player) tick(due time.Time) bool {
	pl.mu.Lock()
	defer pl.mu.Unlock()
	frame := int(pl.frame * opus.Rate / time.Second)
	if pl.ahead >= frame { // the last packet was longer than a frame
		pl.ahead -= frame
		return true
	}
	for pl.ahead < frame {
		n := pl.send(due, frame-pl.ahead)
		if n == 0 {
			break
		}
		pl.ahead += n
	}
	if pl.ahead == 0 {
		pl.signalShortage()
		return false
	}
	pl.ahead = max(0, pl.ahead-frame)
	return true
}

// signalShortage tells the source that it had nothing to send.
func (pl *player) signalShortage() {
	if pl.source == nil || pl.held {
		return
	}
	select {
	case pl.source.shortage <- struct{}{}:
	default:
	}
}

// send sends one packet of about the samples that are wanted and returns its length.
func (pl *player) send(due time.Time, wanted int) (samples int) {
	packet, samples := pl.takePackets(wanted)
	if samples == 0 {
		return 0
	}
	timestamp, marker := pl.stamp(due)
	if err := pl.out.WriteRTP(packet, timestamp, marker); err != nil {
		pl.failed++
	}
	if pl.isPlaying() {
		pl.source.count(timestamp, samples)
	}
	pl.next += int64(samples)
	return samples
}

// stamp returns the timestamp of a packet that is due, and whether a spurt
// begins with it.
func (pl *player) stamp(due time.Time) (timestamp uint32, marker bool) {
	clock := int64(due.Sub(pl.epoch)) * opus.Rate / int64(time.Second)
	if !pl.spoken || clock-pl.next > int64(seam)*opus.Rate/int64(time.Second) {
		pl.next = max(pl.next, clock)
		pl.spoken, marker = true, true
	}
	return pl.base + uint32(pl.next), marker
}

// takePackets removes packets of the source, or of the silence after a cut, until they
// are as long as wanted or do not fit together, and joins them.
func (pl *player) takePackets(wanted int) (packet []byte, samples int) {
	for samples < wanted {
		next, ok := pl.peek()
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
		pl.advance()
	}
	return packet, samples
}

// peek returns the next packet; advance goes past it.
func (pl *player) peek() ([]byte, bool) {
	switch {
	case pl.isPlaying():
		return pl.source.recording.packet(pl.source.taken)
	case pl.silence > 0:
		return opus.Silence(), true
	}
	return nil, false
}

// isPlaying reports whether packets are the source's.
func (pl *player) isPlaying() bool { return pl.source != nil && !pl.held }

func (pl *player) advance() {
	if pl.isPlaying() {
		pl.source.taken++
	} else {
		pl.silence--
	}
}

// count counts what was sent. The player's lock guards it.
func (p *playback) count(timestamp uint32, samples int) {
	if !p.began || p.paused {
		p.began, p.paused, p.from = true, false, p.sent
		p.timestamp, p.at = timestamp, time.Now()
		p.signal()
	}
	p.sent += int64(samples)
}

// status returns how far a playback has come: what was heard before it went on last, or
// at all if it is paused.
func (pl *player) status(p *playback) Started {
	pl.mu.Lock()
	defer pl.mu.Unlock()
	if p.paused {
		return Started{Paused: true, From: opus.Duration(p.sent)}
	}
	return Started{From: opus.Duration(p.from), RTP: p.timestamp, FirstPacket: p.at}
}

// sent returns how much of p has gone out.
func (pl *player) sent(p *playback) time.Duration {
	pl.mu.Lock()
	defer pl.mu.Unlock()
	return opus.Duration(p.sent)
}

// packetsTaken returns how many packets of p have gone out.
func (pl *player) packetsTaken(p *playback) int {
	pl.mu.Lock()
	defer pl.mu.Unlock()
	return p.taken
}
