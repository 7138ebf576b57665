package downstream_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/conversation"
	"casey.internal/worker/downstream"
	"casey.internal/worker/transcript"
)

// lane is a gate, and what it lets through.
type lane struct {
	*stage
	gate  *downstream.Gate
	began time.Time
	got   []string
}

func newLane() *lane {
	l := &lane{stage: newStage(0), began: time.Now()}
	l.gate = downstream.NewGate(l.voice, func(in conversation.Input) {
		line := []string{time.Since(l.began).String()}
		switch in := in.(type) {
		case conversation.Hearing:
			line = append(line, in.ID)
			for _, w := range in.Words {
				line = append(line, w.Text)
			}
		case conversation.Voice:
			line = append(line, fmt.Sprint("voice ", in.On, " ", in.At.Sub(l.began)))
		case conversation.Away:
			line = append(line, "away")
		case conversation.RecognitionLost:
			line = append(line, "deaf")
		}
		l.got = append(l.got, strings.Join(line, " "))
	})
	return l
}

// word is one that is said at a time after the beginning.
func (l *lane) word(at time.Duration, text string) transcript.Word {
	return transcript.Word{Text: text, Start: l.began.Add(at), End: l.began.Add(at + 200*time.Millisecond), Punctuation: text == "."}
}

func (l *lane) sound(on bool) { l.gate.Post(conversation.Voice{On: on, At: time.Now()}) }

func (l *lane) hear(id string, words ...transcript.Word) {
	l.gate.Post(conversation.Hearing{ID: id, Words: words})
}

// reply has the page play for 3.12 s from the second second on.
func (l *lane) reply(t *testing.T) {
	t.Helper()
	time.Sleep(2*second - time.Since(l.began))
	l.gate.Show(channel.State{State: channel.Thinking})
	go func() {
		if _, err := l.say(t.Context(), at(100*time.Millisecond, "one", 10)); err != nil {
			t.Error(err)
		}
	}()
	time.Sleep(second)
}

// until ticks as an attendant does.
func (l *lane) until(at time.Duration) {
	for time.Since(l.began) < at {
		time.Sleep(20 * time.Millisecond)
		l.gate.Tick()
	}
}

func TestGate(t *testing.T) {
	const opens = "5.82s" // 2.1 s and 3.12 s of audio, half a second, a little more, and a tick
	for name, c := range map[string]struct {
		do   func(l *lane)
		want []string
	}{
		"a voice when it begins is told to be over": {
			func(l *lane) { l.until(7 * second) },
			[]string{"2s voice true 2s", "3.02s voice false 3.02s", opens + " voice true 5.22s"},
		},
		"a voice while the page plays is nobody's": {
			func(l *lane) {
				l.sound(false)
				l.until(4 * second)
				l.sound(true)
				l.until(5 * second)
				l.sound(false)
				l.until(7 * second)
			},
			[]string{"2s voice true 2s", "3s voice false 3s", "5s voice false 5s"},
		},
		"a voice right after it comes when it is over": {
			func(l *lane) { l.sound(false); l.until(5400 * time.Millisecond); l.sound(true); l.until(7 * second) },
			[]string{"2s voice true 2s", "3s voice false 3s", opens + " voice true 5.4s"},
		},
		"that the page is gone comes at once": {
			func(l *lane) {
				l.gate.Post(conversation.Away{})
				l.gate.Post(conversation.RecognitionLost{})
				l.until(7 * second)
			},
			[]string{"3s away", opens + " deaf"},
		},
		"words while the page plays are nobody's": {
			func(l *lane) {
				l.hear("a", l.word(3*second, "stop"), l.word(3200*time.Millisecond, "."))
				l.until(7 * second)
				l.hear("b")
			},
			[]string{"7s a", "7s b"},
		},
		"words right after it come when it is over": {
			func(l *lane) {
				l.hear("a", l.word(3*second, "stop"))
				l.until(5600 * time.Millisecond)
				l.hear("b", l.word(5300*time.Millisecond, "I"))
				l.until(7 * second)
			},
			[]string{opens + " a", opens + " b I"},
		},
		"a correction of the turn before comes at once": {
			func(l *lane) {
				l.hear("a", l.word(second, "yes"), l.word(1500*time.Millisecond, "please"))
				l.until(7 * second)
			},
			[]string{"3s a yes please"},
		},
		"words too late to stop the reply go with the next": {
			func(l *lane) {
				l.hear("a", l.word(second, "yes"), l.word(2050*time.Millisecond, "but"))
				l.hear("a", l.word(second, "Yes"), l.word(2050*time.Millisecond, "but"))
				l.until(7 * second)
				l.hear("b", l.word(6*second, "now"))
			},
			[]string{"3s a yes", "3s a Yes", "7s a Yes but", "7s b now"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLane()
				if strings.HasPrefix(name, "a voice") {
					time.AfterFunc(2*second, func() { l.sound(true) })
				}
				l.reply(t)
				c.do(l)
				l.settle(t)
				if !slices.Equal(l.got, c.want) {
					t.Errorf("came\n%s\nwant\n%s", strings.Join(l.got, "\n"), strings.Join(c.want, "\n"))
				}
			})
		})
	}
}

func TestAGateIsOpenBeforeAnythingIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLane()
		l.hear("a", l.word(0, "hello"))
		l.sound(true)
		if want := []string{"0s a hello", "0s voice true 0s"}; !slices.Equal(l.got, want) {
			t.Errorf("came %q", l.got)
		}
	})
}
