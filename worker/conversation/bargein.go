package conversation

import (
	"context"
	"strings"
	"time"

	"casey.internal/shared/interview"
)

// BargeIn says how the interviewer lets itself be interrupted: a voice has it
// pause, and then words or time tell whether that was an interruption. If not,
// it goes on from the very sample at which it stopped.
type BargeIn struct {
	Pause   time.Duration   // voice for this long has the reply pause
	Cold    time.Duration   // the same, and few words do nothing without it, while a browser learns to cancel the echo
	Warm    time.Duration   // so long does that take from the interviewer's first sound; a reply that ends earlier does not count
	Short   time.Duration   // a voice that was no longer is a cough or a nod: the reply goes on when it ends
	Cough   time.Duration   // one word in a voice that was no longer is a cough that recognition took for a word
	Words   time.Duration   // after a longer one, how long to wait for words
	Noise   time.Duration   // voice for this long without words is noise: the reply goes on under it
	Nod     time.Duration   // a nod is one when this much quiet follows it
	Nodding map[string]bool // the words that people say to show that they listen
}

// mostNods is how many words a nod has.
const mostNods = 3

func defaultBargeIn() BargeIn {
	b := BargeIn{
		Pause:   140 * time.Millisecond,
		Cold:    600 * time.Millisecond,
		Warm:    3 * time.Second,
		Short:   500 * time.Millisecond,
		Cough:   250 * time.Millisecond,
		Words:   1200 * time.Millisecond,
		Noise:   4 * time.Second,
		Nod:     600 * time.Millisecond,
		Nodding: map[string]bool{},
	}
	for w := range strings.FieldsSeq("mm-hm mm mhm hm hmm uh-huh uh huh um oh ah yeah yep yes right okay ok sure true exactly absolutely good great nice i see got it of course") {
		b.Nodding[w] = true
	}
	return b
}

// nod reports whether text is what people say to show that they listen.
func (b BargeIn) nod(text string) bool {
	words := strings.Fields(strings.ToLower(text))
	for _, w := range words {
		if !b.Nodding[strings.Trim(w, ".,!?")] {
			return false
		}
	}
	return len(words) <= mostNods
}

// hold is what a voice does to a reply.
type hold struct {
	since   time.Time     // when the reply was paused; zero = it is not
	voice   time.Time     // when the voice began that paused it
	pauses  int           // so far
	yielded time.Duration // from the voice to the first pause
	nod     string        // what was said that may be no interruption; empty = nothing
	nodded  time.Time     // when that changed last
}

// holdAlarms is what may happen by itself to a reply because of a voice.
func (c *Conversation) holdAlarms() []alarm {
	f, h, b := &c.floor, &c.stage.hold, c.Settings.BargeIn
	var alarms []alarm
	if c.state == Speaking && h.nod != "" && !f.on {
		alarms = append(alarms, alarm{later(f.quiet, h.nodded).Add(b.Nod), simply(c.settleWords)})
	}
	switch {
	case h.since.IsZero():
		if f.on && !f.since.IsZero() && c.interruptible() {
			wait := b.Pause
			if c.cold(f.since) {
				wait = b.Cold
			}
			alarms = append(alarms, alarm{f.since.Add(wait), simply(c.pause)})
		}
	case c.doubted() && f.on:
		alarms = append(alarms, alarm{h.voice.Add(b.Short), simply(c.settleWords)})
	case c.doubted(): // settled above
	case f.on:
		alarms = append(alarms, alarm{c.noise(), simply(c.release)})
	case h.nod != "" || f.quiet.Sub(h.voice) <= b.Short:
		alarms = append(alarms, alarm{f.quiet, simply(c.release)})
	default:
		alarms = append(alarms, alarm{f.quiet.Add(b.Words), simply(c.release)})
	}
	return alarms
}

// noise is when a voice without words is taken for one: one that came later than
// that which paused the reply gets time of its own, but they cannot go on for
// ever.
func (c *Conversation) noise() time.Time {
	h, limit := &c.stage.hold, c.Settings.BargeIn.Noise
	due := later(h.voice.Add(limit), c.floor.since.Add(limit/2))
	if last := h.voice.Add(limit * 3 / 2); last.Before(due) {
		return last
	}
	return due
}

// simply is an alarm's ring that needs no context.
func simply(ring func()) func(context.Context) { return func(context.Context) { ring() } }

// cold reports whether a voice that began at a time may be the interviewer's own.
func (c *Conversation) cold(began time.Time) bool {
	return !c.sounded.IsZero() && !began.Before(c.sounded) && began.Before(c.sounded.Add(c.Settings.BargeIn.Warm))
}

// pause has the reply pause: somebody seems to speak.
func (c *Conversation) pause() {
	c.stage.hold.voice = c.floor.since
	c.hold()
}

// hold has the reply pause, if it does not.
func (c *Conversation) hold() {
	h := &c.stage.hold
	if !h.since.IsZero() {
		return
	}
	h.since = time.Now()
	if h.pauses++; h.pauses == 1 {
		h.yielded = h.since.Sub(h.voice)
	}
	if c.Holder != nil {
		c.Holder.Pause()
	}
}

// release has the reply go on: it was no interruption. A voice that is still
// heard is noise from now on.
func (c *Conversation) release() {
	c.resume()
	c.floor.since = time.Time{}
	c.patience()
}

// resume ends a pause, if there is one.
func (c *Conversation) resume() {
	if h := &c.stage.hold; !h.since.IsZero() {
		h.since = time.Time{}
		if c.Holder != nil {
			c.Holder.Resume()
		}
	}
}

// maybeNod takes words for a nod, or for a cough, until more is known; false =
// they are neither.
func (c *Conversation) maybeNod(text string) bool {
	switch {
	case c.state != Speaking:
		return false
	case c.nods(text):
	case c.guessed(text):
		c.hold()
	default:
		return false
	}
	if h := &c.stage.hold; h.nod != text {
		h.nod, h.nodded = text, time.Now()
	}
	return true
}

// nods reports whether text is a nod, one word in a voice that was too short for
// one, or what recognition makes of an echo.
func (c *Conversation) nods(text string) bool {
	b := c.Settings.BargeIn
	length, known := c.voiced()
	_, _, began, _ := c.heard.current()
	return b.nod(text) || known && length <= b.Cough && spoken(text) == 1 ||
		c.cold(began) && (!known || length < b.Cold) && spoken(text) <= mostNods
}

// guessed reports whether text is what recognition may still change, in a voice
// that may be a nod.
func (c *Conversation) guessed(text string) bool {
	length, known := c.voiced()
	_, stable, _, _ := c.heard.current()
	return known && !stable && length < c.Settings.BargeIn.Short && spoken(text) <= mostNods
}

// voiced is how long the voice is or was that paused the reply last; false =
// none did.
func (c *Conversation) voiced() (time.Duration, bool) {
	f, h := &c.floor, &c.stage.hold
	if f.on {
		return time.Since(h.voice), h.pauses > 0
	}
	return f.quiet.Sub(h.voice), h.pauses > 0
}

// doubted reports whether words have been heard that may be no nod.
func (c *Conversation) doubted() bool {
	nod := c.stage.hold.nod
	return c.state == Speaking && nod != "" && !c.nods(nod)
}

// settleWords decides about words that nothing has changed about for a while.
func (c *Conversation) settleWords() {
	if c.doubted() {
		c.takeFloor()
		c.listen()
		return
	}
	c.nodded()
}

// nodded puts a nod on record: a turn of its own that nobody answers.
func (c *Conversation) nodded() {
	text, _, began, ended := c.heard.current()
	c.stage.hold.nod = ""
	if text == "" {
		return
	}
	now := time.Now()
	turn := c.turns.begin(interview.Candidate, text, began)
	c.heard.close(turn, ended.Add(now.Sub(ended)/2), now)
	c.turns.change(turn, text, ended, false)
	c.Screen.Show(CaptionEvent{Turn: turn, Role: interview.Candidate, Text: text, Final: true})
}
