// Package vad hears when somebody speaks, from the loudness that browsers write
// on every packet (RFC 6464) and the voice flag of the speech codec, without
// decoding. It is deterministic: all time is the caller's.
//
// Levels are in -dBov: 0 is the loudest, 127 digital silence. Chromium's speech
// lies at 8 to 30, background after its noise suppression at 61 to 67.
package vad

import (
	"cmp"
	"time"

	"casey.internal/worker/opus"
)

// unit is the step of all counting; longer packets count as several.
const unit = 20 * time.Millisecond

// Config has the thresholds of a Detector; zero fields take the defaults, which found
// every utterance in clean and noisy speech of Chromium without a false start.
type Config struct {
	Margin uint8         // dB above the background that may be speech; 10
	Loud   uint8         // speech is never asked to be louder than this; 28
	Quiet  uint8         // anything quieter than this is never speech; 45
	End    time.Duration // of quiet ends speech; 600 ms
}

// Sensitive are the thresholds with which hardly anything that somebody says is missed,
// soft beginnings of words included, and much else is heard besides.
func Sensitive() Config { return Config{Margin: 6, Loud: 40, Quiet: 55} }

func (c Config) withDefaults() Config {
	return Config{cmp.Or(c.Margin, 10), cmp.Or(c.Loud, 28), cmp.Or(c.Quiet, 45), cmp.Or(c.End, 600*time.Millisecond)}
}

// Kind is the kind of an Event.
type Kind int

// The kinds of Event.
const (
	None    Kind = iota
	Started      // somebody began to speak
	Ended        // and fell silent
)

// Event is a change. It is seen later than it was: Started takes 60 ms of speech
// within 100, Ended takes Config.End of quiet.
type Event struct {
	Kind Kind
	At   time.Time // when speech began or ended

	// Fall is by how many dB the last 300 ms of speech that ended were quieter
	// than this voice usually is, negative if louder; 0 = that is not known.
	Fall float64
}

const (
	startUnits  = 3                      // of speech among the last startWindow start it
	startWindow = 5                      // units
	quieterStep = 0.5                    // dB a unit that the floor follows quieter sound
	louderStep  = 0.05                   // and louder sound, so that speech hardly moves it
	floorStart  = 55                     // dB; with the default margin all that is over Quiet is speech
	floorEnd    = 60                     // dB; a muted microphone teaches nothing about the room
	patience    = 100 * time.Millisecond // without a packet, then it counts as quiet
)

// Sizes of a packet without a level, in bytes for 20 ms at Chromium's 32 kb/s, where
// a muted one has 35 and speech 60 to 120.
const (
	voicedBytes = 45 // enough for speech when SILK says it is
	celtBytes   = 60 // enough where there is no such flag
)

// Detector follows one microphone. It is not safe for concurrent use.
type Detector struct {
	cfg      Config
	raise    uint8
	floor    float64
	level    uint8 // of the last packet that had one
	levels   bool  // some packet had a level
	recent   uint8
	quiet    time.Duration // since the last unit of speech
	speaking bool          // speech has started and not ended
	spoke    time.Time     // end of the last unit of speech
	heard    time.Time     // up to here all units are counted
	absent   bool          // packets have stopped
	contour  contour
}

// NewDetector returns a detector that has heard nothing yet.
func NewDetector(cfg Config) *Detector {
	return &Detector{cfg: cfg.withDefaults(), floor: floorStart, level: 127}
}

// Raise makes speech take db more than usual to be heard, until it is called
// with 0: while the interviewer speaks, whose voice the echo canceller may not
// have removed whole (6 to 10 dB).
func (d *Detector) Raise(db uint8) { d.raise = db }

// Packet counts a packet that arrived at the given time. A packet without a
// level takes that of the one before it; from a browser that never sends one,
// the voice flag and the packet's size decide. What is no Opus packet is ignored.
func (d *Detector) Packet(level uint8, has bool, payload []byte, at time.Time) Event {
	samples := opus.Samples(payload)
	if samples == 0 {
		return Event{}
	}
	if has {
		d.level, d.levels = level, true
	}
	units := max(1, samples/960)
	speech := d.isSpeech(payload)
	var ev Event
	for i := range units {
		d.moveFloor()
		if e := d.countUnit(speech, at.Add(-time.Duration(units-1-i)*unit)); e.Kind != None {
			ev = e
		}
	}
	d.heard, d.absent = at, false
	return ev
}

// Tick counts the time in which no packet came as quiet. Call it about every
// 20 ms.
func (d *Detector) Tick(now time.Time) Event {
	if d.heard.IsZero() || !d.absent && now.Sub(d.heard) < patience {
		return Event{}
	}
	d.absent = true
	var ev Event
	for !d.heard.Add(unit).After(now) {
		d.heard = d.heard.Add(unit)
		if e := d.countUnit(false, d.heard); e.Kind != None {
			ev = e
		}
	}
	return ev
}

// isSpeech judges one packet.
func (d *Detector) isSpeech(payload []byte) bool {
	if !d.levels {
		return HasVoice(payload)
	}
	voice, known := opus.Voice(payload)
	return d.level < d.threshold() && (voice || !known)
}

// HasVoice reports whether there seems to be a voice in a packet, by the codec's flag and the
// packet's size alone.
func HasVoice(payload []byte) bool {
	size := len(payload) / max(1, opus.Samples(payload)/960)
	if voice, known := opus.Voice(payload); known {
		return voice && size >= voicedBytes
	}
	return size >= celtBytes
}

// threshold is the level that speech must be louder than.
func (d *Detector) threshold() uint8 {
	t := uint8(min(max(d.floor-float64(d.cfg.Margin), float64(d.cfg.Loud)), float64(d.cfg.Quiet)))
	return t - min(t, d.raise)
}

// moveFloor moves the floor, the loudness of the background, towards the level.
func (d *Detector) moveFloor() {
	switch l := float64(d.level); {
	case !d.levels:
	case l > d.floor:
		d.floor = min(l, d.floor+quieterStep, floorEnd)
	case l < d.floor:
		d.floor = max(l, d.floor-louderStep)
	}
}

// countUnit adds one unit, which ended at the given time.
func (d *Detector) countUnit(speech bool, end time.Time) Event {
	d.recent <<= 1
	if speech {
		d.recent |= 1
		d.quiet, d.spoke = 0, end
		if d.levels {
			d.contour.add(d.level, end)
		}
	} else {
		d.quiet += unit
	}
	switch {
	case !d.speaking && d.recentUnits() >= startUnits:
		d.speaking = true
		return Event{Kind: Started, At: end.Add(-d.sinceStart())}
	case d.speaking && d.quiet >= d.cfg.End:
		d.speaking, d.recent = false, 0
		return Event{Ended, d.spoke, d.contour.fall(d.spoke)}
	}
	return Event{}
}

// recentUnits counts the units of speech in the window.
func (d *Detector) recentUnits() (n int) {
	for i := range startWindow {
		n += int(d.recent >> i & 1)
	}
	return n
}

// sinceStart returns how far back the oldest unit of speech in the window began.
func (d *Detector) sinceStart() time.Duration {
	oldest := 0
	for i := range startWindow {
		if d.recent>>i&1 == 1 {
			oldest = i
		}
	}
	return time.Duration(oldest+1) * unit
}
