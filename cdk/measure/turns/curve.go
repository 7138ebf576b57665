// Package turns shows how well casey listens: how often it takes a pause for
// the end of an answer, how long it waits for the end, how soon it gives way to
// an interruption, and that what is on record was heard. All of it over answers
// that nothing was tuned on (worker/turnend/answers), on a fake clock.
package turns

import (
	"cmp"
	"slices"
	"time"

	"casey.internal/worker/conversation"
	"casey.internal/worker/turnend"
	"casey.internal/worker/turnend/answers"
)

// Point is one setting of an end of turn: how often it cuts somebody off, and
// how long it waits.
type Point struct {
	Wait    time.Duration // mean, from the end of an answer to the decision
	Cut     float64       // percent of pauses that were taken for an end
	Answers float64       // percent of answers that were cut off, at whichever of their pauses
}

// Curve is the trade of an end of turn, from hasty to patient.
type Curve struct {
	Name   string
	Points []Point
}

// interruptions are the settings of the model that are tried: how many seconds
// of waiting are as bad as cutting somebody off.
var interruptions = []float64{0.7, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 8, 12, 20}

// silences are the settings of plain silence that are tried, in ms.
var silences = []int{300, 400, 500, 600, 700, 850, 1000, 1250, 1500, 1750, 2000, 2500}

// held returns the answers of a profile that nothing was tuned on.
func held(profile string) []answers.Answer {
	_, judge := answers.Split(answers.All(), answers.Seed)
	return answers.Of(judge, profile)
}

// model returns turnend's curve for n answers of a profile.
func model(profile string, n int) Curve {
	c := Curve{Name: "casey"}
	for _, seconds := range interruptions {
		c.Points = append(c.Points, point(sparing(seconds, profile), profile, n))
	}
	return c
}

// levelless returns its curve where a browser tells nothing of levels.
func levelless(profile string, n int) Curve {
	c := Curve{Name: "casey, without the voice's level"}
	for _, seconds := range interruptions {
		c.Points = append(c.Points, point(deaf{sparing(seconds, profile)}, profile, n))
	}
	return c
}

// deaf is an end of turn that does not hear how a voice ends.
type deaf struct{ conversation.EndOfTurn }

// Decide implements conversation.EndOfTurn.
func (d deaf) Decide(e conversation.Evidence) conversation.Verdict {
	e.Fall = 0
	return d.EndOfTurn.Decide(e)
}

// sparing is the model with another idea of how bad an interruption is.
func sparing(seconds float64, profile string) turnend.Model {
	profiles := turnend.Defaults()
	p := profiles[profile]
	p.Interruption = time.Duration(seconds * float64(time.Second))
	profiles[profile] = p
	return turnend.New(profiles)
}

// silence returns the curve of waiting for silence alone.
func silence(profile string, n int) Curve {
	c := Curve{Name: "silence alone"}
	for _, ms := range silences {
		c.Points = append(c.Points, point(plain(time.Duration(ms)*time.Millisecond), profile, n))
	}
	return c
}

// plain is silence of a length, and words that have settled.
func plain(quiet time.Duration) conversation.Pause {
	return conversation.Pause{Quiet: quiet, Settle: 250 * time.Millisecond, Stall: 4 * time.Second}
}

func point(e conversation.EndOfTurn, profile string, n int) Point {
	s := answers.Run(e, held(profile), n, answers.Seed)
	return Point{s.MeanWait(), s.PauseShare(), s.CutShare()}
}

// byAnswers is the curve with the share of answers in place of that of pauses.
func (c Curve) byAnswers() Curve {
	c.Points = slices.Clone(c.Points)
	for i := range c.Points {
		c.Points[i].Cut = c.Points[i].Answers
	}
	return c
}

// at returns the share that is cut off at a mean wait, between the points of a
// curve.
func (c Curve) at(wait time.Duration) float64 {
	for i := 1; i < len(c.Points); i++ {
		a, b := c.Points[i-1], c.Points[i]
		if a.Wait <= wait && wait <= b.Wait {
			part := float64(wait-a.Wait) / float64(max(1, b.Wait-a.Wait))
			return a.Cut + part*(b.Cut-a.Cut)
		}
	}
	if wait < c.Points[0].Wait {
		return c.Points[0].Cut
	}
	return c.Points[len(c.Points)-1].Cut
}

// goalCut is the largest share that may be cut off, in percent.
const goalCut = 5

// patience is the mean wait at which no more than goalCut are cut off.
func (c Curve) patience() time.Duration {
	if c.Points[0].Cut <= goalCut {
		return c.Points[0].Wait
	}
	for i := 1; i < len(c.Points); i++ {
		a, b := c.Points[i-1], c.Points[i]
		if a.Cut >= goalCut && goalCut >= b.Cut {
			part := (a.Cut - goalCut) / max(1e-9, a.Cut-b.Cut)
			return a.Wait + time.Duration(part*float64(b.Wait-a.Wait))
		}
	}
	return c.Points[len(c.Points)-1].Wait
}

// peers returns the figures that eot-bench publishes, on recordings of its own of
// people who talk with a machine (github.com/livekit/eot-bench, README,
// English; turn-1: huggingface.co/p99lab/turn-1), counted as here: shares of
// pauses from 0.2 s, and mean waits. They are no measurement on these answers;
// how alike the two sets are, silence alone shows.
func peers() []Curve {
	return []Curve{
		peer("silence alone", 55.6, 21.7, 1000, 1600),
		peer("LiveKit Turn Detector v1", 9.9, 4.5, 295, 543),
		peer("LiveKit Turn Detector v1-mini", 27.8, 12.1, 698, 1070),
		peer("SmartTurn v3.2", 35.2, 14.8, 739, 1051),
		peer("Deepgram Flux", 12.9, 9.9, 548, 1151),
		peer("turn-1", 10.6, 4.5, 322, 553),
	}
}

// published marks what was measured by others.
const published = " (published)"

// peer is a row of their table: percent cut off at 300 and 600 ms, and the ms at
// which 10 and 5 % are.
func peer(name string, at300, at600 float64, at10, at5 int) Curve {
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	c := Curve{Name: name + published, Points: []Point{
		{Wait: ms(300), Cut: at300}, {Wait: ms(600), Cut: at600}, {Wait: ms(at10), Cut: 10}, {Wait: ms(at5), Cut: 5},
	}}
	slices.SortFunc(c.Points, func(a, b Point) int { return cmp.Compare(a.Wait, b.Wait) })
	return c
}
