package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"casey.internal/cdk/local/aws/bedrock/converse"
)

// tongue is another language than English: what is said in it, and by which words the
// kinds of a turn are told, against bare words. In it the rules ask what the file
// lists, and take up nothing of an answer: to turn a clause round they would need the
// language's grammar.
type tongue struct {
	thanks []string // to an answer

	hello, begin, more, look              string // look has a place for the exhibit
	cutIn, closing, wish                  string
	goOn, again, explain, noHurry, leave  string
	think, hear, fine, stay, calm, peek   string
	stop, sure, stopped, onward           string // sure asks whether to stop
	distress, danger, foreign, misnamed   string
	who, place, left, open, fact, without string // who has a place for a name, place two, left one
	upToYou                               string

	kinds []told
	yes   *regexp.Regexp
	wants *regexp.Regexp // how a sentence begins that asks without a question mark
	asks  *regexp.Regexp // how a question begins that has no mark at its end
	has   *regexp.Regexp // a number
	words reportWords
}

// reportWords are the words of a report, each with places for what was counted.
type reportWords struct {
	counted, none, summary      string // summary: answers, words, average
	numbers, numberless, short  string // in how many, of how many, an example
	judged, said, number, lacks string
	few                         string // fewer words than that
}

// heldIn finds the language in a prompt: worker/interviewer says it in these words.
var heldIn = regexp.MustCompile(`The interview is held in (\w+)\.`)

// tongues are those other than English.
var tongues = map[string]*tongue{"German": &german, "Spanish": &spanish}

// tongueOf is the language of a request; nil = English, or one that is not known: then
// the rules speak English, and say so first.
func tongueOf(r converse.Request) *tongue { return tongues[find(heldIn, r.System, 1)] }

// answer replies to a request in a language.
func (l *tongue) answer(r converse.Request) converse.Reply {
	switch {
	case offers(r, reviewTool):
		return l.review(r)
	case reporting(r):
		return l.report(r)
	}
	t := &foreignTalk{listen(r), l}
	switch {
	case t.over && t.now != "":
		return say(l.wish)
	case t.over:
		return say(l.thank(t.turns()), l.closing)
	case t.rounds > 0:
		return t.onward("")
	case !t.begun && len(t.questions) == 0:
		return say(l.hello, l.begin)
	case t.answer == "":
		return t.silence()
	}
	return t.respond(l.classify(t.answer))
}

func (l *tongue) thank(n int) string { return l.thanks[n%len(l.thanks)] }

// classify is what a candidate does with a turn.
func (l *tongue) classify(text string) kind {
	all := bare(text)
	n := strings.Count(all, " ") + 1
	for _, way := range l.kinds {
		if (way.limit == 0 || n <= way.limit) && way.re.MatchString(all) {
			return way.kind
		}
	}
	if strings.HasSuffix(strings.TrimSpace(text), "?") || n <= 12 && l.asks.MatchString(all) {
		return asks
	}
	return answers
}

// foreignTalk is an interview in another language, as one reply finds it.
type foreignTalk struct {
	*talk
	in *tongue
}

// respond replies to what the candidate has just said.
func (t *foreignTalk) respond(k kind) converse.Reply {
	l := t.in
	if strings.Contains(t.lastSaid(), l.sure) {
		switch {
		case k != stops && !l.yes.MatchString(bare(t.answer)):
			return say(l.onward, t.open())
		case offers(t.request, endInterview):
			return t.with(say(l.stopped), endInterview)
		}
		return say(l.stopped)
	}
	back := map[kind]string{
		danger: l.danger, distress: l.distress, thinks: l.think, stops: l.stop + " " + l.sure,
		foreign: l.foreign, instructs: l.stay, insults: l.calm, peeks: l.peek, repeats: l.again, explains: l.explain,
		misnames: l.misnamed, asksWho: fmt.Sprintf(l.who, t.name), tests: l.hear, timing: t.howLong(), asks: t.known(),
	}
	switch k {
	case danger, distress, thinks, stops:
		return say(back[k])
	case lost:
		return t.onward(l.fine)
	case movesOn:
		return t.onward(l.goOn)
	case answers:
		if t.cutIn {
			return t.onward(l.cutIn)
		}
		return t.onward(l.thank(t.turns()))
	}
	return say(back[k], t.open())
}

// silence answers nobody: the question once more, then another one.
func (t *foreignTalk) silence() converse.Reply {
	switch last := t.lastSaid(); {
	case last == "" || strings.HasSuffix(last, interrupted):
		return t.onward("")
	case strings.Contains(last, t.in.noHurry):
		return t.onward(t.in.leave)
	}
	return say(t.in.noHurry, t.open())
}

// onward goes to what comes next: an exhibit, a question, another phase.
func (t *foreignTalk) onward(first string) converse.Reply {
	if n := t.due(); n > 0 && offers(t.request, showExhibit) && !t.used(showExhibit) {
		r := say(first, fmt.Sprintf(t.in.look, t.exhibits[n].title))
		r.Use = &converse.Use{Name: showExhibit, Input: map[string]any{"number": n}}
		return r
	}
	left := t.unasked()
	switch {
	case len(left) > 0 && (t.rounds > 0 || !t.enough()):
		return say(first, left[0])
	case t.rounds > 0 || !offers(t.request, nextPhase):
		return say(first, t.in.more)
	case t.phase > 0 && t.phase == t.of:
		return t.with(converse.Reply{}, nextPhase)
	}
	return t.with(say(first), nextPhase)
}

// unasked are the questions of the phase that were not asked yet.
func (t *foreignTalk) unasked() []string {
	return slices.DeleteFunc(slices.Clone(t.questions), func(q string) bool { return t.asked(q, 0) })
}

// enough reports whether a phase has what it is for, by how much was asked.
func (t *foreignTalk) enough() bool {
	if t.late || t.left >= 0 && t.left <= max(t.of-t.phase, 1) {
		return true
	}
	if len(t.questions) == 0 {
		return t.turns() >= patience*max(t.phase, 1)
	}
	given := 0
	for _, said := range t.before[t.phaseBegan():] {
		if said.candidate && t.counts(said.text) {
			given++
		}
	}
	return given > 0 && len(t.unasked()) == 0
}

func (t *foreignTalk) counts(text string) bool {
	k := t.in.classify(text)
	return k == answers || k == lost || k == movesOn
}

// turns counts all answers so far.
func (t *foreignTalk) turns() (n int) {
	for _, said := range t.before {
		if said.candidate && t.counts(said.text) {
			n++
		}
	}
	return n
}

// open is the question that is still open.
func (t *foreignTalk) open() string {
	for _, text := range slices.Backward(t.said(0)) {
		for _, s := range slices.Backward(sentences(text)) {
			asked := strings.HasSuffix(s, "?") && s != t.in.sure || t.in.wants.MatchString(bare(s)) ||
				slices.ContainsFunc(t.questions, func(q string) bool { return bare(q) == bare(s) })
			if asked && !strings.Contains(s, interrupted) {
				return s
			}
		}
	}
	if left := t.unasked(); len(left) > 0 {
		return left[0]
	}
	return t.in.more
}

func (t *foreignTalk) howLong() string {
	said := t.in.open
	if t.left >= 0 {
		said = fmt.Sprintf(t.in.left, t.left)
	}
	if t.phase > 0 {
		said = fmt.Sprintf(t.in.place, t.phase, t.of) + " " + said
	}
	return said
}

// known is a fact that a question asks for, or that it is theirs to say.
func (t *foreignTalk) known() string {
	if !t.guidance.facts {
		return t.in.upToYou
	}
	if found := t.talk.known(t.answer); found != "" {
		return fmt.Sprintf(t.in.fact, found)
	}
	return t.in.without
}

// tallied counts what can be counted in the answers.
func (l *tongue) tallied(given []string) (words, numbers int, short string) {
	for _, text := range given {
		n := len(wordsOf(text))
		words += n
		if l.has.MatchString(text) {
			numbers++
		}
		if n < shortAnswer && short == "" {
			short = quote(text, 0)
		}
	}
	return words, numbers, short
}

// report is what can be counted.
func (l *tongue) report(r converse.Request) converse.Reply {
	var given []string
	for _, m := range r.Messages {
		text := spokenText(m.Text)
		if k := l.classify(text); m.Role == converse.User && text != "" && (k == answers || k == lost) && !strings.Contains(text, "feedback report") {
			given = append(given, text)
		}
	}
	words, numbers, short := l.tallied(given)
	summary, good, better := l.words.counted+" "+l.words.none, []string{}, []string{}
	if len(given) > 0 {
		summary = l.words.counted + " " + fmt.Sprintf(l.words.summary, len(given), words, words/len(given))
		if numbers > 0 {
			good = append(good, fmt.Sprintf(l.words.numbers, numbers, len(given)))
		} else {
			better = append(better, l.words.numberless)
		}
	}
	if short != "" {
		better = append(better, fmt.Sprintf(l.words.short, shortAnswer, short))
	}
	for _, t := range r.Tools {
		if t.Name == reportTool {
			input := l.translated(object(t.Schema, 0, map[string]any{"summary": summary, "good": good, "better": better})).(map[string]any)
			return converse.Reply{Use: &converse.Use{Name: reportTool, Input: input}}
		}
	}
	return converse.Reply{Text: strings.Join(slices.Concat([]string{summary}, good, better), " ")}
}

// translated says in the language what is not judged.
func (l *tongue) translated(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			v[name] = l.translated(inner)
		}
	case string:
		if v == notJudged {
			return l.words.judged
		}
	}
	return v
}

// review says of each answer what can be counted in it; nothing is judged.
func (l *tongue) review(r converse.Request) converse.Reply {
	all := []map[string]any{}
	for _, m := range exchanged.FindAllStringSubmatch(r.Messages[len(r.Messages)-1].Text, -1) {
		words, numbers, short := l.tallied([]string{m[3]})
		strong, missing := "", l.words.lacks
		if numbers > 0 {
			strong, missing = l.words.number, ""
		}
		if short != "" {
			missing = strings.TrimSpace(missing + " " + fmt.Sprintf(l.words.few, shortAnswer))
		}
		all = append(all, map[string]any{
			"number": number(m[1]), "score": 0, "stronger": "", "quotes": []string{}, "strong": strong, "missing": missing,
			"said": fmt.Sprintf(l.words.said, words, quote(m[3], 0)),
		})
	}
	return converse.Reply{Use: &converse.Use{Name: reviewTool, Input: map[string]any{"answers": all}}}
}
