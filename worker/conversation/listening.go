package conversation

import (
	"context"
	"time"

	"casey.internal/shared/fault"
	"casey.internal/shared/interview"
)

// floor is what is known of the candidate since the last line was drawn.
type floor struct {
	turn    int       // number of the open turn; 0 = nothing said yet
	text    string    // of it, as captioned last
	stable  bool      // recognition will not change text any more
	began   time.Time // its first word
	words   time.Time // its last word's end
	changed time.Time // when text changed last

	away   bool // the candidate cannot be reached
	muted  bool
	on     bool      // the voice is heard now
	since  time.Time // when it began, if on; zero = in a turn that is over
	quiet  time.Time // when it ended last, if not on
	voiced bool      // it was heard since the line
	told   bool      // the candidate knows that this voice gives no words

	nudged time.Time // zero = not
	cut    bool      // the last reply was stopped, and no word has come since
	input  time.Time // when the last input came
}

// hear takes what recognition says: it may correct turns that are over, go on
// with the open one, or take the floor.
func (c *Conversation) hear(h Hearing) {
	c.heard.take(h)
	if c.floor.turn == 0 {
		c.heard.absorb()
	}
	more := c.correct()
	text, stable, began, ended := c.heard.current()
	if c.ending != nil {
		return
	}
	if c.state != Listening && (text != "" || more && c.state == Thinking && c.stage.answering != 0) {
		c.takeFloor()
		text, stable, began, ended = c.heard.current()
	}
	if c.state != Listening || text == "" {
		return
	}
	f := &c.floor
	f.stable, f.words, f.cut = stable, ended, false
	if text == f.text {
		return
	}
	f.text, f.changed = text, time.Now()
	if f.turn == 0 {
		f.began = began
		f.turn = c.turns.begin(interview.Candidate, text, began)
		c.Screen.Show(c.doing())
	}
	c.Screen.Show(CaptionEvent{Turn: f.turn, Role: interview.Candidate, Text: text})
}

// correct lets recognition change its mind about turns that are over. It
// reports whether the last of them has more words now.
func (c *Conversation) correct() (more bool) {
	for i, s := range c.heard.spans {
		was, text := c.turns.get(s.turn), c.heard.text(s.from, s.to)
		if text == was.Text || text == "" {
			continue
		}
		more = i == len(c.heard.spans)-1 && spoken(text) > spoken(was.Text)
		c.turns.change(s.turn, text, was.Ended, was.Cut)
		c.Screen.Show(CaptionEvent{Turn: s.turn, Role: interview.Candidate, Text: text, Final: true})
	}
	return more
}

func (c *Conversation) voice(v Voice) {
	f := &c.floor
	switch {
	case f.muted && v.On || f.on == v.On:
		return
	case v.On:
		f.on, f.since, f.voiced = true, v.At, true
	default:
		f.on, f.quiet, f.told = false, v.At, false
	}
}

// mute is as good as quiet: a microphone that is off says nothing.
func (c *Conversation) mute(m Muted) {
	if m.On && c.floor.on {
		c.voice(Voice{At: time.Now()})
	}
	c.floor.muted = m.On
}

// away stops a reply that nobody hears, and all decisions until the candidate
// is back; then the interviewer goes on.
func (c *Conversation) away() {
	if c.reply != nil && c.ending == nil {
		c.takeFloor()
		c.floor.cut = c.floor.text == ""
	}
	c.floor.away, c.floor.on, c.floor.quiet = true, false, time.Now()
}

func (c *Conversation) nudge() {
	if c.state == Listening && c.floor.nudged.IsZero() {
		c.floor.nudged = time.Now()
	}
}

// floorAlarms is what may end the candidate's having the floor.
func (c *Conversation) floorAlarms() []alarm {
	f := &c.floor
	if f.away {
		return nil
	}
	verdict := c.EndOfTurn.Decide(c.evidence())
	alarms := []alarm{{verdict.At, func(ctx context.Context) { c.decide(ctx, verdict) }}}
	if f.text == "" {
		alarms = append(alarms, alarm{c.limit, func(ctx context.Context) { c.end(ctx, nil) }}, c.goOnAlarm())
	}
	if f.on && !f.told && !f.since.IsZero() {
		alarms = append(alarms, alarm{later(f.since, f.changed).Add(c.Settings.Wordless), func(context.Context) { c.wordless() }})
	}
	return alarms
}

func (c *Conversation) evidence() Evidence {
	f := &c.floor
	return Evidence{
		Text: f.text, Stable: f.stable, Changed: f.changed,
		Voice: f.on, Quiet: later(f.quiet, f.words),
		Nudged: f.nudged, Profile: c.progress.Profile,
	}
}

// goOnAlarm is when the interviewer speaks although nothing was said: after a
// nudge, and after an interruption that was none.
func (c *Conversation) goOnAlarm() alarm {
	f := &c.floor
	goOn := func(ctx context.Context) { c.answer(ctx, Times{Allowed: time.Now(), Decided: time.Now()}, true) }
	switch {
	case !f.nudged.IsZero() && f.voiced:
		return alarm{f.nudged.Add(c.Settings.NudgeWait), goOn} // their words may be on the way
	case !f.nudged.IsZero():
		return alarm{f.nudged, goOn}
	case f.cut && !f.on:
		return alarm{f.quiet.Add(c.Settings.Resume), goOn}
	}
	return alarm{}
}

func (c *Conversation) wordless() {
	c.floor.told = true
	c.notice(fault.Unavailable, "I hear your voice, but I cannot make out words.")
}

// decide ends the candidate's turn and starts the reply to it.
func (c *Conversation) decide(ctx context.Context, v Verdict) {
	f, now := &c.floor, time.Now()
	times := Times{EndOfSpeech: later(f.quiet, f.words), Allowed: later(v.At, f.input), Decided: now}
	if f.on {
		times.EndOfSpeech = now
	}
	c.Log.Debug("end of turn", "turn", f.turn, "why", v.Why)
	c.heard.close(f.turn, times.EndOfSpeech.Add(now.Sub(times.EndOfSpeech)/2), now)
	c.endTurn(times.EndOfSpeech)
	if now.After(c.limit) {
		c.end(ctx, nil)
		return
	}
	c.answer(ctx, times, false)
}

// endTurn completes the open turn, if there is one, as heard.
func (c *Conversation) endTurn(at time.Time) {
	f := &c.floor
	if f.turn == 0 {
		return
	}
	c.turns.change(f.turn, f.text, at, false)
	c.Screen.Show(CaptionEvent{Turn: f.turn, Role: interview.Candidate, Text: f.text, Final: true})
	c.Log.Info("turn", "turn", f.turn, "role", interview.Candidate, "pii.text", f.text)
	c.clearFloor()
}

// clearFloor forgets the turn but not the voice. One that is on still belongs
// to what is forgotten: it takes a new one, or words, to interrupt.
func (c *Conversation) clearFloor() {
	f := c.floor
	c.floor = floor{away: f.away, muted: f.muted, on: f.on, quiet: f.quiet, told: f.told, input: f.input}
}
