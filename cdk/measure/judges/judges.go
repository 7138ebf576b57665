// Package judges measures a judge (worker/judge): how often it says what of answers
// that are whole and of answers that are cut at a pause, and how soon.
package judges

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"casey.internal/worker/conversation"
	"casey.internal/worker/judge"
	"casey.internal/worker/turnend"
	"casey.internal/worker/turnend/answers"
)

// Halves are all texts, divided by answers: a prompt may be tuned on one half, and the
// rates that count are of the other.
func Halves() (tune, held []answers.Text) {
	a, b := answers.Split(append(answers.All(), answers.More()...), answers.Seed)
	return answers.Texts(a), answers.Texts(b)
}

// Result is what a judge made of some texts.
type Result struct {
	Rates    judge.Rates     // Whole and Cut
	Complete judge.Counts    // of those that were cut, where the words look complete
	Late     int             // no word came in time; what else failed ends the measurement
	Nonsense int             // none of the four words
	Delays   []time.Duration // of the words that came, in order
	Cost     conversation.Cost
}

// Limit is how long one word is waited for, as conversation.Settings.Judge has it.
var Limit = conversation.Defaults().Judge

// Measure has a judge read texts, some of them at a time. The error is the first that
// is neither nonsense nor lateness, with how far it came.
func Measure(ctx context.Context, j conversation.Judge, texts []answers.Text, atOnce int) (Result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	result := Result{Rates: judge.Rates{Whole: judge.Counts{}, Cut: judge.Counts{}}, Complete: judge.Counts{}}
	var mu sync.Mutex
	var readers sync.WaitGroup
	next := make(chan answers.Text)
	for range atOnce {
		readers.Go(func() {
			for text := range next {
				began := time.Now()
				said, err := read(ctx, j, text)
				mu.Lock()
				if err = result.add(text, said, time.Since(began), err); err != nil {
					cancel(err)
				}
				mu.Unlock()
			}
		})
	}
	for _, text := range texts {
		if ctx.Err() != nil {
			break
		}
		next <- text
	}
	close(next)
	readers.Wait()
	slices.Sort(result.Delays)
	return result, context.Cause(ctx)
}

// read has one text judged within Limit.
func read(ctx context.Context, j conversation.Judge, text answers.Text) (conversation.Judgement, error) {
	ctx, cancel := context.WithTimeout(ctx, Limit)
	defer cancel()
	said, err := j.Judge(ctx, text.Question, text.Said)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = context.DeadlineExceeded
	}
	return said, err
}

// add counts one word; the error is one that should end the measurement.
func (r *Result) add(text answers.Text, said conversation.Judgement, took time.Duration, err error) error {
	r.Cost = r.Cost.Plus(said.Cost)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		r.Late++
		return nil
	case errors.Is(err, judge.ErrNonsense):
		r.Nonsense++
		return nil
	case err != nil:
		return err
	}
	r.Delays = append(r.Delays, took)
	switch {
	case text.Whole:
		r.Rates.Whole[said.Says]++
	default:
		r.Rates.Cut[said.Says]++
		if LooksComplete(text) {
			r.Complete[said.Says]++
		}
	}
	return nil
}

// LooksComplete reports whether the words alone would soon be taken for an answer.
func LooksComplete(text answers.Text) bool {
	quiet := time.Unix(1, 0)
	v := turnend.New(turnend.Defaults()).Decide(conversation.Evidence{
		Profile: turnend.Conversational, Question: text.Question, Text: text.Said, Stable: true,
		Spoken: quiet, Hushed: quiet, Quiet: quiet, Changed: quiet,
	})
	return v.Then == conversation.Answer && v.At.Sub(quiet) < 1500*time.Millisecond
}

// Share is the share of some texts of which a word was said, in percent.
func Share(c judge.Counts, words ...conversation.Opinion) float64 {
	of, all := 0, 0
	for word, n := range c {
		all += n
		if slices.Contains(words, word) {
			of += n
		}
	}
	return 100 * float64(of) / float64(max(1, all))
}
