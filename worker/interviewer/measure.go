package interviewer

import (
	"cmp"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/language"
	"casey.internal/worker/transcript"
)

// fillersIn are words that say nothing, by language: those alone that hardly ever say
// something. The "um" of English is a word of German, and its "er" another.
var fillersIn = map[language.Language]*regexp.Regexp{
	language.English: regexp.MustCompile(` (u+h+m*|u+m+|e+r+m*|h+m+|you +know|sort +of|kind +of|i +mean|basically) `),
	language.German:  regexp.MustCompile(` (ä+h+m*|ö+h+m*|h+m+|m+h+m+|e+h+m+|sozusagen|quasi|halt|naja|tja) `),
	language.Spanish: regexp.MustCompile(` (e+h+m*|e+m+|a+h+m+|h+m+|m+h+m+|o +sea|digamos|en +plan) `),
}

// hesitations are fillers in any language.
var hesitations = regexp.MustCompile(` ([aeäöu]+h+m*|h+m+) `)

// fillersOf finds the fillers of a language.
func fillersOf(l language.Language) *regexp.Regexp {
	if re, ok := fillersIn[l]; ok {
		return re
	}
	return hesitations
}

// spoken is what can be counted in one answer. Times are zero where no turn tells them.
type spoken struct {
	words   int
	took    time.Duration
	wait    time.Duration // until the first word; negative = nobody asked
	pause   time.Duration
	fillers []string
}

// measures are what was counted in how the candidate spoke.
func measures(history []interview.Turn, l language.Language) []channel.Measure {
	answers, own, other, cuts := count(history, fillersOf(l))
	if len(answers) == 0 {
		return nil
	}
	total := sum(answers)
	all := []channel.Measure{
		each("fillers", 0, 3, answers, per(len(total.fillers)*100, total.words), func(a spoken) float64 { return per(len(a.fillers)*100, a.words) }),
		{Name: "interruptions", Value: float64(cuts), Low: 0, High: 2},
	}
	all[0].Parts = parts(total.fillers)
	if total.took == 0 {
		return all
	}
	pace := func(a spoken) float64 { return round(float64(a.words) / max(a.took.Minutes(), 0.01)) }
	timed := []channel.Measure{
		each("pace", 110, 160, answers, pace(total), pace),
		each("wait", 0, 3, answers, secondsOf(total.wait)/float64(len(answers)), func(a spoken) float64 { return secondsOf(max(a.wait, 0)) }),
		each("pause", 0, 3, answers, secondsOf(total.pause), func(a spoken) float64 { return secondsOf(a.pause) }),
		each("length", 20, 120, answers, secondsOf(total.took)/float64(len(answers)), func(a spoken) float64 { return secondsOf(a.took) }),
		{Name: "share", Value: round(100 * own.Seconds() / max((own+other).Seconds(), 1)), Low: 50, High: 85},
	}
	return append(timed, all...)
}

// count counts the candidate's answers: turns that are long enough for it.
func count(history []interview.Turn, fillers *regexp.Regexp) (answers []spoken, own, other time.Duration, cuts int) {
	var before interview.Turn
	for _, turn := range history {
		took := time.Duration(0)
		if !turn.Began.IsZero() && turn.Ended.After(turn.Began) {
			took = turn.Ended.Sub(turn.Began)
		}
		switch {
		case turn.Role == interview.Interviewer:
			other += took
			if turn.Cut {
				cuts++
			}
		case took >= breath || turn.Began.IsZero() && len(transcript.Words(turn.Text)) >= fewestWords:
			own += took
			answers = append(answers, answerOf(turn, before, took, fillers))
		default:
			own += took
		}
		before = turn
	}
	return answers, own, other, cuts
}

func answerOf(turn, before interview.Turn, took time.Duration, fillers *regexp.Regexp) spoken {
	a := spoken{words: len(strings.Fields(turn.Text)), took: took, pause: turn.Pause}
	if before.Role == interview.Interviewer && !before.Ended.IsZero() {
		a.wait = max(turn.Began.Sub(before.Ended), 0)
	}
	for _, m := range fillers.FindAllStringSubmatch(" "+strings.Join(transcript.Words(turn.Text), "  ")+" ", -1) {
		a.fillers = append(a.fillers, oneLine(m[1]))
	}
	return a
}

// sum is all of them together; its pause is the longest.
func sum(answers []spoken) (total spoken) {
	for _, a := range answers {
		total.words += a.words
		total.took += a.took
		total.wait += a.wait
		total.pause = max(total.pause, a.pause)
		total.fillers = append(total.fillers, a.fillers...)
	}
	return total
}

// each is a measure that every answer has.
func each(name string, low, high float64, answers []spoken, value float64, of func(spoken) float64) channel.Measure {
	m := channel.Measure{Name: name, Value: round(value), Low: low, High: high}
	for _, a := range answers {
		m.Each = append(m.Each, of(a))
	}
	return m
}

// parts counts words by their names.
func parts(said []string) (all []channel.Part) {
	times := map[string]int{}
	for _, word := range said {
		times[word]++
	}
	for _, word := range slices.Sorted(maps.Keys(times)) {
		all = append(all, channel.Part{Text: word, Times: times[word]})
	}
	slices.SortStableFunc(all, func(a, b channel.Part) int { return cmp.Compare(b.Times, a.Times) })
	return all
}

func per(n, of int) float64 { return round(float64(n) / float64(max(of, 1))) }

func secondsOf(d time.Duration) float64 { return round(d.Seconds()) }

func round(x float64) float64 { return math.Round(10*x) / 10 }
