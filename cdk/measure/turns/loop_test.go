package turns

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/worker/conversation"
	"casey.internal/worker/conversation/conversationtest"
	"casey.internal/worker/turnend/answers"
)

// play plays a script on a clock of its own.
func play(t *testing.T, s *conversationtest.Script) (got *conversationtest.Played) {
	synctest.Test(t, func(t *testing.T) {
		got = conversationtest.Play(t.Context(), s, slog.New(slog.DiscardHandler))
	})
	return got
}

// whole is the record of the loop with answers: nothing is simulated but the
// services and the candidate.
type whole struct {
	answers, cut, drafted, thrown int
	hasty                         int             // of those that were cut off: after less silence than is polite
	waits                         []time.Duration // to the first packet of the reply
	decisions                     []time.Duration // to the decision, of the same
	unheard                       int             // words on record that nobody said, or said that are not
	doubled                       int             // conversations in which the interviewer spoke with two voices
}

// answering has n answers of a profile given to the loop; with e it listens.
func answering(t *testing.T, e conversation.EndOfTurn, profile string, n int) whole {
	return judging(t, e, nil, held(profile), n)
}

// judging has n of some answers given to the loop, which asks a judge; nil = nobody.
func judging(t *testing.T, e conversation.EndOfTurn, j *referee, set []answers.Answer, n int) whole {
	var w whole
	for i := range n {
		r := rand.New(rand.NewPCG(answers.Seed, uint64(i)))
		speech := answers.NewPerson(r).Say(set[r.IntN(len(set))])
		s := script(speech)
		s.Ends = e
		j.judge(s, speech, uint64(i))
		w.add(play(t, s), s.Speeches)
	}
	slices.Sort(w.waits)
	return w
}

// script is a speech as a script, with a model and a voice as quick as published
// ones: 0.6 s to a sentence and 0.15 s to its sound.
func script(speech answers.Speech) *conversationtest.Script {
	const from = 5 * time.Second
	s := conversationtest.New()
	s.Greeting, s.Profile, s.Lag = []string{speech.Question}, speech.Profile, speech.Lag
	s.Model.Delay, s.Voice.Delay = 600*time.Millisecond, 150*time.Millisecond
	for i, x := range speech.Stretches {
		var words []string
		for _, w := range x.Words {
			words = append(words, w.Text)
		}
		s.Speeches = append(s.Speeches, conversationtest.Speech{
			Stretch: conversationtest.Stretch{From: from + x.From, To: from + x.To}, Words: words, GoesOn: i > 0, Fall: x.Fall,
		})
	}
	return s
}

// ofLoop returns the loop's curve with an end of turn from hasty to patient: how
// many are spoken into by the wait for the decision, and for the first packet.
func ofLoop(t *testing.T, hastyFirst []conversation.EndOfTurn, n int) (decision, packet Curve) {
	for _, e := range hastyFirst {
		w := answering(t, e, "conversational", n)
		decision.Points = append(decision.Points, Point{Wait: mean(w.decisions), Cut: w.cutShare()})
		packet.Points = append(packet.Points, Point{Wait: mean(w.waits), Cut: w.cutShare()})
	}
	return decision, packet
}

func (w *whole) cutShare() float64 { return 100 * float64(w.cut) / float64(max(1, w.answers)) }

func (w *whole) add(got *conversationtest.Played, speeches []conversationtest.Speech) {
	end := speeches[len(speeches)-1].To
	w.answers++
	w.honest(got)
	for _, m := range got.Metrics {
		w.thrown += m.Discarded.Replies
		if m.Answers == 0 || m.Why == "" {
			continue
		}
		wait := m.Times.FirstPacket.Sub(got.Began) - end
		if wait < 0 {
			w.cut++
			if silenceAt(end+wait, speeches) < polite {
				w.hasty++
			}
			return
		}
		if m.Drafted {
			w.drafted++
		}
		w.waits = append(w.waits, wait)
		w.decisions = append(w.decisions, m.Times.Decided.Sub(got.Began)-end)
		return
	}
}

// polite is a silence after which a person would speak too, however the words end.
const polite = 3 * time.Second

// silenceAt is how long nobody had spoken at a time within the speeches.
func silenceAt(at time.Duration, speeches []conversationtest.Speech) time.Duration {
	silence := at
	for _, x := range speeches {
		if x.To <= at {
			silence = at - x.To
		}
	}
	return silence
}

// honest compares what is on record with what was said.
func (w *whole) honest(got *conversationtest.Played) {
	var said, recorded []string
	for _, x := range got.Said {
		said = append(said, x.Word)
	}
	for _, turn := range got.Turns {
		if turn.Role == interview.Interviewer {
			recorded = append(recorded, strings.Fields(turn.Text)...)
		}
	}
	for i := range max(len(said), len(recorded)) {
		if i >= len(said) || i >= len(recorded) || said[i] != recorded[i] {
			w.unheard++
		}
	}
	if got.Doubled {
		w.doubled++
	}
}

func mean(times []time.Duration) time.Duration {
	var sum time.Duration
	for _, t := range times {
		sum += t
	}
	return sum / time.Duration(max(1, len(times)))
}

// long is something to be interrupted in.
var long = strings.Fields("Let me tell you a little about how we work here before we go on because it may help you to choose a good example for the next question")

// overlap has somebody do something while the interviewer speaks.
func overlap(t *testing.T, w *whole, r *rand.Rand, do func(s *conversationtest.Script, at time.Duration)) conversation.Metrics {
	s := conversationtest.New()
	s.Profile, s.Greeting = "conversational", []string{strings.Join(long, " ")}
	s.Lag = time.Duration(200+r.IntN(400)) * time.Millisecond
	do(s, time.Duration(500+r.IntN(6000))*time.Millisecond)
	got := play(t, s)
	w.honest(got)
	return got.Metrics[0]
}

// interrupting returns how long it took until the interviewer was silent, and
// how many were not noticed.
func interrupting(t *testing.T, w *whole, n int, echo bool) (yielded []time.Duration, missed int) {
	for i := range n {
		r := rand.New(rand.NewPCG(1, uint64(i)))
		m := overlap(t, w, r, func(s *conversationtest.Script, at time.Duration) {
			s.Echo = echo
			said := strings.Fields("wait a minute I did not say that")[:1+r.IntN(8)]
			length := time.Duration(len(said)) * 300 * time.Millisecond
			s.Speeches = []conversationtest.Speech{{Stretch: conversationtest.Stretch{From: at, To: at + length}, Words: said}}
		})
		if !m.Interrupted {
			missed++
			continue
		}
		yielded = append(yielded, m.Yielded)
	}
	slices.Sort(yielded)
	return yielded, missed
}

// disturbances returns how many coughs and nods stopped the interviewer for good.
func disturbances(t *testing.T, w *whole, n int) (stopped int) {
	nods := []string{"mm-hm", "yeah", "right", "okay", "uh-huh", "I see", "yes exactly", "sure"}
	for i := range n {
		r := rand.New(rand.NewPCG(2, uint64(i)))
		m := overlap(t, w, r, func(s *conversationtest.Script, at time.Duration) {
			s.Echo = i%4 < 2
			x := conversationtest.Stretch{From: at, To: at + time.Duration(100+r.IntN(600))*time.Millisecond}
			if i%2 == 0 {
				s.Noises = []conversationtest.Stretch{x}
				return
			}
			s.Speeches = []conversationtest.Speech{{Stretch: x, Words: strings.Fields(nods[r.IntN(len(nods))])}}
		})
		if m.Interrupted {
			stopped++
		}
	}
	return stopped
}

func (w whole) String() string {
	return fmt.Sprintf("%d answers, %d cut off, %d drafted, %d thrown away, %d words wrong, %d doubled, %v to the first packet",
		w.answers, w.cut, w.drafted, w.thrown, w.unheard, w.doubled, mean(w.waits))
}
