// Package turnbench shows how well casey listens: how often it takes a pause for
// the end of an answer, how long it waits for the end, how soon it gives way to
// an interruption, and that what is on record was heard. All of it over answers
// that nothing was tuned on (worker/turnend/answers), on a fake clock.
package turnbench

import (
	"time"

	"casey.internal/worker/conversation"
	"casey.internal/worker/turnend"
	"casey.internal/worker/turnend/answers"
)

// Point is one setting of an end of turn: how often it cuts somebody off, and
// how long it waits.
type Point struct {
	Wait time.Duration // mean, from the end of an answer to the decision
	Cut  float64       // percent of answers

}

// Curve is what an end of turn can do, from hasty to patient.
type Curve struct {
	Name   string
	Points []Point
}

// risks are the settings of the model that are tried.
var risks = []float64{0.5, 0.4, 0.3, 0.2, 0.15, 0.1, 0.08, 0.06, 0.04, 0.02, 0.01}

// silences are the settings of plain silence that are tried, in ms.
var silences = []int{300, 400, 500, 600, 700, 850, 1000, 1250, 1500, 1750, 2000, 2500}

// held returns the answers of a profile that nothing was tuned on.
func held(profile string) []answers.Answer {
	_, judge := answers.Split(answers.All(), answers.Seed)
	return answers.Of(judge, profile)
}

// model is what turnend can do with n answers of a profile.
func model(profile string, n int) Curve {
	c := Curve{Name: "casey"}
	for _, risk := range risks {
		c.Points = append(c.Points, point(taking(risk, profile), profile, n))
	}
	return c
}

// taking is the model with another risk.
func taking(risk float64, profile string) turnend.Model {
	profiles := turnend.Defaults()
	p := profiles[profile]
	p.Risk = risk
	profiles[profile] = p
	return turnend.New(profiles)
}

// silence is what waiting for silence alone can do.
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
	return Point{Wait: s.MeanWait(), Cut: s.CutShare()}
}

// at is how many are cut off at a mean wait, between the points of a curve.
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

// goalCut is how many answers may be cut off, in percent.
const goalCut = 5

// patience is the mean wait at which no more than goalCut are cut off.
func (c Curve) patience() time.Duration {
	const cut = goalCut
	for i := 1; i < len(c.Points); i++ {
		a, b := c.Points[i-1], c.Points[i]
		if a.Cut >= cut && cut >= b.Cut {
			part := (a.Cut - cut) / max(1e-9, a.Cut-b.Cut)
			return a.Wait + time.Duration(part*float64(b.Wait-a.Wait))
		}
	}
	return c.Points[len(c.Points)-1].Wait
}

// peers are what others have published of their models, on recordings of their
// own (eot-bench, English; table at huggingface.co/p99lab/turn-1): with sound,
// which casey does not decode. They are no measurement on these answers.
func peers() []Curve {
	ms := time.Millisecond
	return []Curve{
		{"LiveKit Turn Detector v1 (published)", []Point{{295 * ms, 10}, {300 * ms, 9.9}, {543 * ms, 5}, {600 * ms, 4.5}}},
		{"Deepgram Flux (published)", []Point{{300 * ms, 12.9}, {548 * ms, 10}, {600 * ms, 9.9}, {1151 * ms, 5}}},
		{"turn-1 (published)", []Point{{300 * ms, 10.6}, {553 * ms, 5}}},
	}
}
