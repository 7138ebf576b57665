package rules

import (
	"fmt"
	"strings"

	"casey.internal/cdk/local/aws/bedrock/converse"
)

// aside replies to a turn of a kind: each that is no answer has a behaviour of
// its own, after which the interview stands where it stood.
func (t *talk) aside(k kind) converse.Reply {
	if (k == asks || k == answers) && t.wantsAnswer() {
		k = peeks
	}
	switch k {
	case danger:
		return say(lineDanger)
	case distress:
		return say(lineDistress)
	case foreign:
		return say(lineLanguage, t.again())
	case instructs:
		return say(lineStay, t.again())
	case insults:
		return t.calm()
	case stops:
		return say(lineStop)
	case peeks:
		return say(lineNoPeeking, t.again())
	case repeats:
		return say(lineAgain, t.again())
	case explains:
		return t.explain()
	case timing:
		return say(t.time(), t.again())
	case movesOn:
		return t.leave(lineGoOn)
	case thinks:
		return say(lineThink)
	case misnames:
		return say(lineMisnamed, t.again())
	case asksWho:
		return say(t.who(), t.again())
	case tests:
		return say(lineHear, t.again())
	case lost:
		return t.help()
	case asks:
		return t.tell()
	}
	return t.reply()
}

// wantsAnswer reports whether the candidate wants to be told what they are asked.
func (t *talk) wantsAnswer() bool {
	question := stems(t.question())
	return demands.MatchString(bare(t.answer)) && len(question) > 0 && 2*shared(stems(t.answer), question) >= len(question)
}

// again is the question that is still open.
func (t *talk) again() string {
	if q := t.question(); q != "" {
		return capital(q)
	}
	return t.next()
}

// silence answers nobody: the question once more, then another one. Who was cut
// off by a noise goes on.
func (t *talk) silence() converse.Reply {
	switch last := t.lastSaid(); {
	case strings.HasSuffix(last, interrupted) || last == "":
		return say(t.next())
	case strings.Contains(last, lineNoHurry):
		return t.leave(lineLeave)
	}
	return say(lineNoHurry, t.again())
}

// calm answers an insult, the second time with a way out.
func (t *talk) calm() converse.Reply {
	if n := len(t.before); n > 2 && t.before[n-3].candidate && t.before[n-3].kind == insults {
		return say(lineCalmStop)
	}
	return say(lineCalm, t.again())
}

// confirmed answers whether to stop: yes ends the interview, anything else does
// not.
func (t *talk) confirmed(k kind) (converse.Reply, bool) {
	b := bare(t.answer)
	switch {
	case strings.HasPrefix(b, "no"):
		return say(lineStay2, t.again()), true
	case k != stops && !yes.MatchString(b):
		return converse.Reply{}, false
	case offers(t.request, endInterview):
		return t.with(say(lineStopped), endInterview), true
	}
	return say(lineStopped), true
}

// explain says the question in other words, without a hint at an answer.
func (t *talk) explain() converse.Reply {
	q := t.again()
	for _, way := range inOtherWords {
		if way.question.MatchString(bare(q)) {
			return say(lineExplain, way.words, q)
		}
	}
	return say(q)
}

// time tells how far the interview is.
func (t *talk) time() string {
	var known []string
	if t.phase > 0 {
		known = append(known, fmt.Sprintf(linePlace, t.phase, t.of))
	}
	if t.left >= 0 {
		known = append(known, fmt.Sprintf(lineTimeLeft, t.left))
	}
	if t.left < 0 {
		known = append(known, lineTimeOpen)
	}
	return strings.Join(known, " ")
}

func (t *talk) who() string {
	if t.name == "" {
		return lineWho
	}
	return fmt.Sprintf(lineWhoNamed, t.name)
}

// leave goes to the next question, or on where there is none left.
func (t *talk) leave(first string) converse.Reply {
	if r, ok := t.show(first); ok {
		return r
	}
	if left := t.unasked(); len(left) > 0 && !t.enough() {
		return say(first, left[0])
	}
	return t.move(first)
}

// help is for who has no answer.
func (t *talk) help() converse.Reply {
	if t.focus != "" && !t.asked(lineExplain, 0) {
		return say(fines[0], t.explain().Text) // there is no other question to go to
	}
	n := 0
	for _, l := range t.before[:len(t.before)-1] {
		if l.candidate && l.kind == lost {
			n++
		}
	}
	if t.guidance.steps && n == 0 {
		return t.leave(lineSmallStep)
	}
	return t.leave(fines[n%len(fines)])
}

// rename says the interviewer's name, once, to who calls them by another.
func (t *talk) rename() string {
	m := greeted.FindStringSubmatch(t.answer)
	if m == nil || t.name == "" || strings.EqualFold(m[1], t.name) || noNames.MatchString(m[1]) {
		return ""
	}
	name := fmt.Sprintf(lineName, t.name)
	if t.asked(name, 0) {
		return ""
	}
	return name
}
