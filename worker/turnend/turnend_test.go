package turnend_test

import (
	"strings"
	"testing"
	"time"

	"casey.internal/worker/conversation"
	"casey.internal/worker/language"
	"casey.internal/worker/turnend"
)

const (
	small = "What job are you preparing for?"
	large = "Tell me about a project that you are proud of."
	story = "we had no testing at all and nobody wanted it so I wrote tests for my own part for a month and after that I had no bugs and everybody else began to write them too"
)

func at(ms int) time.Time { return time.UnixMilli(int64(1_000_000 + ms)) }

// quiet is somebody who fell silent at time zero, all of whose words are known.
func quiet(profile, question, text string) conversation.Evidence {
	return conversation.Evidence{
		Profile: profile, Question: question, Text: text, Stable: true,
		Began: at(-5000), Spoken: at(0), Hushed: at(0), Quiet: at(0), Changed: at(200),
	}
}

// wait is how long silence lasts before a turn is over, in ms, and why.
type wait struct {
	profile, question, text string
	least, most             int
	why                     string
}

func TestHowLongIsWaited(t *testing.T) {
	checkWaits(t, []wait{
		{"conversational", small, "could you repeat the question", 300, 500, "asks back"},
		{"conversational", small, "I want to be a nurse", 500, 1300, "plain answer"},
		{"conversational", small, "I want to be a nurse.", 300, 1100, "full stop"},
		{"conversational", "Are you ready?", "yes I am", 300, 1300, "short yes"},
		{"conversational", "Are you ready?", "I hope so", 300, 1300, "for a sentence"},
		{"conversational", "Does that sound right?", "it does", 300, 1300, "for a sentence"},
		{"conversational", "Why did you leave?", "I wanted something new", 500, 2000, "open question"},
		{"conversational", "Why did you leave?", "I wanted a new", 2400, 2500, "wants another"},
		{"conversational", "Why did you leave?", "my contract ended and I did not want to sign another like that", 300, 800, "second clause"},
		{"conversational", "Why did you leave?", "they told me that", 2400, 2500, "wants another"},
		{"conversational", "Why did you leave?", "it is a job where I was needed", 500, 2000, "open question"},
		{"conversational", "Why did you leave?", "I think", 2400, 2500, "wants more"},
		{"conversational", "Why did you leave?", "because of the money I think", 500, 2000, "open question"},
		{"conversational", "What salary do you want?", "what is it usually", 300, 1300, ""},
		{"conversational", "What salary do you want?", "what would it depend on", 300, 1300, ""},
		{"conversational", "Could you give me a rough number?", "about thirty percent", 300, 1300, "plain question"},
		{"conversational", "What is your postal code?", "nine four one one", 300, 1300, "complete number"},
		{"conversational", "Are you ready?", "it was late so", 2400, 2500, "filler"},
		{"conversational", "Are you ready?", "yes I", 2400, 2500, "wants another"},
		{"conversational", small, "I want to be a nurse and", 2400, 2500, "wants another"},
		{"conversational", small, "I want to be um", 2400, 2500, "filler"},
		{"conversational", small, "I have applied for two things", 1200, 2500, "announced"},
		{"conversational", small, "when I was in school", 1200, 2500, "waits for another"},
		{"conversational", "Can you tell me your phone number?", "it is two one two", 1200, 2500, "not complete"},
		{"conversational", "Can you tell me your phone number?", "it is two one two five five five zero one four seven", 300, 1200, "complete number"},
		{"conversational", large, "a nurse", 1200, 2500, "few words"},
		{"conversational", large, story + " so yeah", 300, 700, "closing"},
		{"reflective", large, story, 1500, 7000, ""},
		{"reflective", "What would you do differently?", "I would plan", 5900, 6000, "beginning on a question for reasons"},
		{"reflective", "What would you do differently?", "I would ask the customers much earlier than we did that year", 3500, 5900, "reasons not yet told"},
		{"reflective", "What would you do differently?", "I would ask the customers much earlier than we did that year and show them each of our drafts", 1500, 4500, "reasons"},
		{"reflective", large, "I would ask the customers much earlier than we did that year and show them each of our drafts", 4500, 6000, "story not yet told"},
		{"reflective", large, story + " so I asked myself is it the server", 3500, 6000, "open question"},
		{"reflective", "What would you like to ask me?", "I saw on your page that people change their team each year and I liked that so who would I be working with", 700, 1500, "asks back"},
		{"reflective", large, story + " should I go on", 700, 1500, "closing"},
		{"reflective", large, story + " what was the question again", 700, 1500, "closing"},
		{"reflective", large, "um may I ask which project", 700, 4000, "asks back"},
		{"reflective", large, story + " because", 5900, 6000, "wants another"},
		{"reflective", "Are you ready?", "okay", 5900, 6000, "preamble"},
		{"reflective", "How do you handle criticism of your work?", "I listen and I thank them", 5900, 6000, "question for reasons"},
		{"reflective", "What do you do when you do not know the answer?", "I search for it", 5900, 6000, "question for reasons"},
		{"reflective", "What does good service mean to you?", "it means that nobody asks twice", 5900, 6000, "question for reasons"},
		{"reflective", "How do you make sure that your code is correct?", "I write tests before I write code", 5900, 6000, "question for reasons"},
		{"reflective", "Who is somebody who inspired you, and why?", "it was my first teacher", 5900, 6000, "question for reasons"},
		{"reflective", "When they complain, how do you react?", "I listen and I thank them", 5900, 6000, "question for reasons"},
		{"reflective", "What is your greatest weakness?", "I talk too much", 5900, 6000, "question for reasons"},
		{"reflective", "When did you leave?", "I left last year", 700, 4500, "plain question"},
		{"reflective", "And how many of you were there?", "we were about ten people", 700, 4500, "plain question"},
		{"reflective", "Hello again. In that team, did you lead anybody? Take your time.", "I did lead two people", 700, 4500, "plain question"},
		{"reflective", "In which year was that?", "I did it last year", 700, 4500, "plain question"},
		{"reflective", "What is your postal code?", "nine four one one", 700, 4500, "complete number"},
		{"reflective", "Did you want to give up?", "not really", 1500, 5500, "short yes or no"},
		{"reflective", large, story + " and then I tidied the desks and so on", 1500, 5500, "open question"},
		{"reflective", "What would your first ninety days look like?", "ninety days", 5900, 6000, "preamble"},
		{"conversational", "Do you work alone or in a team?", "in a team", 500, 1500, "plain question"},
		{"a profile that nobody knows", small, "I want to be a nurse and", 2400, 2500, ""},
	})
}

// Short questions come in phases for thinking, too.
func TestHowLongShortAnswersAreWaitedFor(t *testing.T) {
	checkWaits(t, []wait{
		{"reflective", "Was anybody hurt?", "no", 700, 4500, "short yes or no"},
		{"reflective", "Was anybody hurt?", "luckily no", 700, 4500, "short answer"},
		{"reflective", "Was anybody hurt?", "there was no", 4500, 6000, "wants more"},
		{"reflective", "Did the parents agree?", "the mother did", 700, 4500, "word for a sentence"},
		{"reflective", "Is that safe now?", "yes it should be", 700, 4500, "short yes or no"},
		{"reflective", "Did you work alone?", "we had a meeting and the manager was", 4500, 6000, "wants another"},
		{"reflective", "Where did you work?", "I was in sales and how I got there", 2500, 6000, "plain question"},
		{"reflective", "Would you do it again?", "would I do it again", 5900, 6000, "preamble"},
		{"reflective", "Did they help you?", "they came and asked well what is the problem", 2900, 6000, "plain question"},
		{"reflective", "What, if anything, would you change?", "I would start earlier and I would ask more", 5900, 6000, "wants another"},
		{"reflective", "Can you think of a time when you failed?", "yes we had a big order and I forgot the date", 4500, 6000, "reasons not yet told"},
		{"reflective", "For how long?", "two years", 700, 4500, "plain question"},
		{"reflective", "Wasn't that risky?", "no", 700, 4500, "short yes or no"},
		{"reflective", "Did he apologise?", "sort of", 700, 4500, "word for a sentence"},
		{"reflective", "How many came back?", "um several", 700, 4500, "word for a sentence"},
		{"reflective", "How many came back?", "we had several", 5500, 6000, "wants another"},
		{"reflective", "Were you nervous?", "well yes a bit", 700, 4500, "word for a sentence"},
		{"conversational", "Where did you work?", "I joined in May and was there for two years", 500, 1300, "plain question"},
		{"conversational", "Why did you leave?", "we then", 2400, 2500, "wants another"},
		{"reflective", "Were you nervous?", "very", 700, 4500, "word for a sentence"},
		{"reflective", "Was that before or after the change?", "before", 700, 4500, "word for a sentence"},
		{"reflective", "Was that by letter or by phone?", "both really", 700, 4500, "short answer"},
		{"reflective", "How long had you been there?", "three years it must be", 5500, 6000, "wants another"},
		{"reflective", "How long had you been there?", "I would say", 5000, 6000, "wants more"},
		{"reflective", "How long had you been there?", "three years I would say", 700, 4500, "plain question"},
		{"reflective", "How big was the budget?", "about forty thousand pounds", 700, 4500, "plain question"},
		{"reflective", "How many were there, in your estimate?", "about forty thousand", 700, 4500, "plain question"},
		{"reflective", "When did you notice, and whom did you tell?", "I noticed on Friday and I told my manager", 300, 4500, "plain question"},
		{"reflective", "Who helped you, and how?", "my colleague showed me the old plans", 5900, 6000, "question for reasons"},
		{"reflective", "When did you realise it?", "when the first customer left us", 700, 4500, "plain question"},
		{"reflective", "Would you give it?", "yes after a look at the chart", 700, 4500, "plain question"},
		{"reflective", "Who was there?", "um who was there", 5900, 6000, "preamble"},
		{"reflective", "Would you buy one?", "is that with the discount or without", 700, 4500, "asks back"},
	})
}

func checkWaits(t *testing.T, all []wait) {
	t.Helper()
	m := turnend.New(turnend.Defaults())
	for _, c := range all {
		v := m.Decide(quiet(c.profile, c.question, c.text))
		wait := int(v.At.Sub(at(0)).Milliseconds())
		if wait < c.least || wait > c.most || !strings.Contains(v.Why, c.why) || v.Then != conversation.Answer {
			t.Errorf("%s, %q: waits %d ms because %q", c.profile, c.text, wait, v.Why)
		}
		if v.Soon.After(v.At) || v.Soon.Before(at(200)) {
			t.Errorf("%q: a reply is thought of at %v, the turn over at %v", c.text, v.Soon.Sub(at(0)), v.At.Sub(at(0)))
		}
	}
}

func TestOtherLanguages(t *testing.T) {
	const german, spanish = "Auf welche Stelle bereiten Sie sich vor?", "¿Para qué puesto se prepara?"
	for _, c := range []struct {
		language, profile, question, text string
		least, most                       int // ms
		then                              conversation.Then
		why                               string
	}{
		{"de-DE", "conversational", german, "ich möchte Krankenpfleger werden", 300, 1300, conversation.Answer, "plain question"},
		{"de-DE", "conversational", german, "ich möchte Krankenpfleger werden und", 2400, 2500, conversation.Answer, "wants another"},
		{"de-DE", "conversational", german, "ich möchte ähm", 2400, 2500, conversation.Answer, "filler"},
		{"de-DE", "conversational", german, "könnten Sie die Frage bitte wiederholen", 300, 500, conversation.Answer, "asks back"},
		{"de-DE", "conversational", "Sind Sie bereit?", "ja bin ich", 300, 1300, conversation.Answer, "short yes"},
		{"de-DE", "conversational", "Warum sind Sie gegangen?", "weil ich", 1800, 2500, conversation.Answer, "wants more"},
		{"de-DE", "conversational", "Warum sind Sie gegangen?", "am ersten Januar fing die neue Stelle an", 500, 2000, conversation.Answer, "open question"},
		{"de-DE", "conversational", "Warum sind Sie gegangen?", "als ich in der Schule war", 1200, 2500, conversation.Answer, "waits for another"},
		{"de-DE", "conversational", "Wie lautet Ihre Telefonnummer?", "null eins sieben", 1200, 2500, conversation.Answer, "not complete"},
		{"de-DE", "reflective", "Erzählen Sie mir von einem Projekt, auf das Sie stolz sind.", "das war's", 300, 6000, conversation.Answer, "closing"},
		{"de-DE", "reflective", "Wie gehen Sie mit Kritik um?", "ich höre erst einmal zu", 5900, 6000, conversation.Answer, "question for reasons"},
		{"de-DE", "reflective", "Wofür haben Sie sich dann entschieden?", "ich habe das Studium genommen", 5900, 6000, conversation.Answer, "question for reasons"},
		{"de-DE", "reflective", "Und wie viele waren Sie?", "wir waren ungefähr zehn Leute", 700, 4500, conversation.Answer, "plain question"},
		{"de-DE", "reflective", "Arbeiten Sie noch dort?", "nein", 700, 4500, conversation.Answer, "short yes or no"},
		{"de-DE", "reflective", "Arbeiten Sie noch dort?", "nicht mehr", 700, 4500, conversation.Answer, "short answer"},
		{"de-DE", "reflective", "Wer war dabei?", "wer war dabei", 5900, 6000, conversation.Answer, "preamble"},
		{"de-DE", "reflective", "Wo haben Sie gearbeitet?", "also wo ich zuerst gearbeitet habe", 2500, 6000, conversation.Answer, "plain question"},
		{"de-DE", "reflective", "Mit wem haben Sie gearbeitet?", "mit einem Kollegen", 700, 4500, conversation.Answer, "plain question"},
		{"de-DE", "reflective", "Inwiefern hat Sie das verändert?", "ich bin ruhiger geworden", 5900, 6000, conversation.Answer, "question for reasons"},
		{"de-DE", "reflective", "In welchem Jahr war das?", "im Jahr zwanzig", 700, 4500, conversation.Answer, "plain question"},
		{"de-DE", "reflective", "Wie viele waren das?", "mehrere", 700, 4500, conversation.Answer, "word for a sentence"},
		{"de-DE", "reflective", "Ist das sicher?", "das könnte sein", 700, 4500, conversation.Answer, "short answer"},
		{"de-DE", "conversational", german, "okay ähm", 20200, 20200, conversation.Reassure, "thinking"},
		{"de-DE", "conversational", german, "einen Moment bitte", 1000, 1000, conversation.Grant, "time"},
		{"de-DE", "conversational", german, "ähm das ist eine gute Frage", 20200, 20200, conversation.Reassure, "thinking"},
		{"es-ES", "conversational", spanish, "quiero ser enfermera", 300, 1300, conversation.Answer, "plain question"},
		{"es-ES", "conversational", spanish, "quiero ser enfermera y", 2400, 2500, conversation.Answer, "wants another"},
		{"es-ES", "conversational", spanish, "quiero ser eh", 2400, 2500, conversation.Answer, "filler"},
		{"es-ES", "conversational", spanish, "quiero ser enfermera o sea", 1800, 2500, conversation.Answer, "wants more"},
		{"es-ES", "conversational", spanish, "¿puede repetir la pregunta?", 300, 500, conversation.Answer, "asks back"},
		{"es-ES", "conversational", "¿Está listo?", "sí estoy listo", 300, 1300, conversation.Answer, "short yes"},
		{"es-ES", "conversational", "¿Por qué se fue?", "cuando estaba en la escuela", 1200, 2500, conversation.Answer, "waits for another"},
		{"es-ES", "reflective", "¿Qué tiene de especial su método?", "escucho primero a la gente", 5900, 6000, conversation.Answer, "question for reasons"},
		{"es-ES", "reflective", "¿Cómo se llama su empresa?", "se llama Talleres López", 700, 4500, conversation.Answer, "plain question"},
		{"es-ES", "reflective", "¿Está de acuerdo?", "no", 700, 4500, conversation.Answer, "short yes or no"},
		{"es-ES", "reflective", "¿Está de acuerdo?", "más o menos", 700, 4500, conversation.Answer, "short answer"},
		{"es-ES", "reflective", "¿Trabaja todavía allí?", "sí todavía", 700, 4500, conversation.Answer, "plain question"},
		{"es-ES", "reflective", "¿Con quién trabajaba?", "con una compañera", 700, 4500, conversation.Answer, "plain question"},
		{"es-ES", "reflective", "¿Le ayudaron?", "pues hay mucha gente", 2900, 6000, conversation.Answer, "plain question"},
		{"es-ES", "reflective", "¿Cuántos eran?", "varios", 700, 4500, conversation.Answer, "word for a sentence"},
		{"es-ES", "conversational", spanish, "vale eh", 20200, 20200, conversation.Reassure, "thinking"},
		{"es-ES", "conversational", spanish, "déjeme pensar un momento", 1000, 1000, conversation.Grant, "time"},
		{"es-ES", "conversational", spanish, "pues a ver es una buena pregunta", 20200, 20200, conversation.Reassure, "thinking"},
		{"fr-FR", "conversational", "Pourquoi êtes-vous parti ?", "je voulais autre chose et", 500, 2000, conversation.Answer, "silence alone"},
		{"fr-FR", "reflective", "Pourquoi êtes-vous parti ?", "je voulais autre chose", 2000, 6000, conversation.Answer, "silence alone"},
	} {
		spoken{c.language, c.profile, c.question, c.text, c.least, c.most, c.why}.check(t, c.then)
	}
}

// spoken is how long silence lasts in a language, in ms, and why.
type spoken struct {
	language, profile, question, text string
	least, most                       int
	why                               string
}

// TestTheSameWordsMayBeTheEndOrNot: they end an answer, or stand in the middle of a sentence or a
// story.
func TestTheSameWordsMayBeTheEndOrNot(t *testing.T) {
	checkSpoken(t, []spoken{
		{"en-GB", "reflective", large, story + " and that's it", 700, 1000, "closing"},
		{"en-GB", "reflective", large, story + " and I thought that's it", 3000, 4500, "open question"},
		{"en-GB", "reflective", large, story + " I saw it on the screen that was it", 3000, 4500, "open question"},
		{"en-GB", "reflective", "Did you know her?", "we said hello in the corridor that's it", 700, 1500, "closing"},
		{"es-ES", "reflective", "¿Se fue en mayo?", "eso es", 3000, 4500, "word for a sentence"},
		{"es-ES", "reflective", "¿Qué hizo?", "eso es", 5900, 6000, "wants another"},
		{"es-ES", "reflective", "¿Se fue en mayo?", "me llamaron y ya está", 700, 1500, "closing"},
		{"es-ES", "reflective", "¿Se fue en mayo?", "me llamaron y ya", 3000, 4500, "short answer"},
		{"en-GB", "reflective", "How often did you meet?", "every now and then", 700, 4500, "short answer"},
		{"en-GB", "reflective", "How often did you meet?", "once in a while", 700, 4500, "short answer"},
		{"en-GB", "reflective", "How often did you meet?", "off and on", 700, 4500, "short answer"},
		{"en-GB", "reflective", "How often did you meet?", "once a week or so", 700, 4500, "word for a sentence"},
		{"en-GB", "reflective", "How often did you meet?", "as before", 700, 4500, "short answer"},
		{"en-GB", "reflective", "Did he agree?", "more or less", 700, 4500, "short answer"},
		{"en-GB", "reflective", "How often did you meet?", "once a week and then", 5900, 6000, "wants another"},
		{"en-GB", "reflective", "How often did you meet?", "once a week while", 5900, 6000, "wants another"},
		{"en-GB", "reflective", "How often did you meet?", "we met and on", 5900, 6000, "wants another"},
		{"de-DE", "reflective", "Wie oft war das?", "ab und zu", 700, 4500, "short answer"},
		{"de-DE", "reflective", "Wie oft war das?", "nach und nach", 700, 4500, "short answer"},
		{"de-DE", "reflective", "Wie oft war das?", "hier und da", 700, 4500, "short answer"},
		{"de-DE", "reflective", "Wie oft war das?", "Briefe und so weiter", 700, 4500, "short answer"},
		{"de-DE", "reflective", "Wie oft war das?", "einmal im Jahr und da", 5900, 6000, "wants another"},
		{"es-ES", "reflective", "¿Con qué frecuencia se reunían?", "de vez en cuando", 700, 4500, "short answer"},
		{"es-ES", "reflective", "¿Con qué frecuencia se reunían?", "cada vez menos", 700, 4500, "short answer"},
		{"es-ES", "reflective", "¿Con qué frecuencia se reunían?", "en mayo cuando", 5900, 6000, "wants another"},
	})
}

// TestATagMakesAQuestion: a statement with one wants yes or no, whatever it is about.
func TestATagMakesAQuestion(t *testing.T) {
	checkSpoken(t, []spoken{
		{"en-GB", "reflective", "You left in May, right?", "no in June", 700, 4500, "short yes or no"},
		{"en-GB", "reflective", "You left in May. Right?", "in June", 700, 4500, "short answer"},
		{"en-GB", "reflective", "You were alone, weren't you? Take your time.", "on that day", 700, 4500, "short answer"},
		{"en-GB", "reflective", "So that's why you left, isn't it?", "it was", 700, 4500, "word for a sentence"},
		{"en-GB", "reflective", "You can explain it, can't you?", "um yes", 700, 4500, "short answer"},
		{"en-GB", "reflective", "You left in May, right?", "that's right", 700, 4500, "word for a sentence"},
		{"en-GB", "reflective", "You left in May, right?", "right", 700, 4500, "short yes or no"},
		{"en-GB", "reflective", "You left in May, right?", "I left in", 5900, 6000, "wants another"},
		{"en-GB", "reflective", "You left in May, right?", "right um", 5900, 6000, "filler"},
		{"de-DE", "reflective", "Sie waren allein, oder?", "nein also", 5900, 6000, "filler"},
		{"es-ES", "reflective", "Se fue en mayo, ¿no?", "sí pues", 5900, 6000, "filler"},
		{"en-GB", "reflective", "How many were there?", "right", 5900, 6000, "preamble"},
		{"en-GB", "reflective", "Why did you leave?", "that's right", 5900, 6000, "preamble"},
		{"en-GB", "reflective", "Right, why did you leave?", "in May they closed the shop", 5900, 6000, "question for reasons"},
		{"en-GB", "reflective", "Tell me about your team, right?", "we were ten people", 5900, 6000, "large question"},
		{"de-DE", "reflective", "Deshalb sind Sie gegangen, oder?", "zum Teil", 700, 4500, "short answer"},
		{"de-DE", "reflective", "Sie waren allein, nicht wahr?", "genau", 700, 4500, "short yes or no"},
		{"de-DE", "reflective", "Warum sind Sie gegangen?", "genau", 5900, 6000, "preamble"},
		{"de-DE", "reflective", "Erklären Sie mir das, ja?", "zum Teil", 5900, 6000, "question for reasons"},
		{"es-ES", "reflective", "Por eso se fue, ¿verdad?", "en parte", 700, 4500, "short answer"},
		{"es-ES", "reflective", "Usted cree que sí ¿no?", "pues sí", 700, 4500, "short answer"},
		{"es-ES", "reflective", "No, ¿por qué se fue?", "en parte", 5900, 6000, "question for reasons"},
	})
}

// TestAStatementMayBeAQuestion: for yes or no, by its mark alone.
func TestAStatementMayBeAQuestion(t *testing.T) {
	checkSpoken(t, []spoken{
		{"en-GB", "reflective", "So you left in May?", "no in June", 700, 4500, "short yes or no"},
		{"en-GB", "reflective", "And then you left?", "I did", 700, 4500, "word for a sentence"},
		{"en-GB", "reflective", "When they complained, you called them?", "not at once", 700, 4500, "short answer"},
		{"en-GB", "reflective", "You’ve managed people before?", "in part", 700, 4500, "short answer"},
		{"en-GB", "reflective", "That was your decision?", "in part", 700, 4500, "short answer"},
		{"en-GB", "reflective", "Okay. There's no other way?", "in part", 700, 4500, "short answer"},
		{"en-GB", "conversational", "You've managed people before?", "four of them in one year", 300, 1000, "plain answer"},
		{"en-GB", "reflective", "So you left in May?", "I left in", 5900, 6000, "wants another"},
		{"en-GB", "reflective", "So you left in May.", "we were ten people", 4200, 5500, "open question"},
		{"en-GB", "reflective", "And that?", "we were ten people", 5900, 6000, "question for reasons"},
		{"en-GB", "reflective", "The biggest challenge?", "we were ten people", 5900, 6000, "question for reasons"},
		{"en-GB", "reflective", "You did what?", "we were ten people", 5900, 6000, "question for reasons"},
		{"en-GB", "reflective", "You left, and why?", "we were ten people", 5900, 6000, "question for reasons"},
		{"en-GB", "reflective", "You mentioned a conflict?", "we were ten people", 5900, 6000, "question for reasons"},
		{"en-GB", "reflective", "So you left because?", "we were ten people", 5900, 6000, "question for reasons"},
		{"en-GB", "reflective", "And you were responsible for?", "we were ten people", 5900, 6000, "question for reasons"},
		{"en-GB", "reflective", "You were at Acme or at Initech?", "we were ten people", 5900, 6000, "question for reasons"},
		{"en-GB", "reflective", "This time walk me through it?", "we were ten people", 5900, 6000, "large question"},
		{"en-GB", "reflective", "It would help to hear an example?", "we were ten people", 5900, 6000, "question for reasons"},
		{"en-GB", "reflective", "There must have been a moment that changed your mind?", "we were ten people", 5900, 6000, "question for reasons"},
		{"en-GB", "reflective", "You're proud of that one?", "we were ten people", 5900, 6000, "question for reasons"},
	})
}

// TestAStatementIsNoQuestionBack: though it may begin as one.
func TestAStatementIsNoQuestionBack(t *testing.T) {
	checkSpoken(t, []spoken{
		{"de-DE", "reflective", "Haben Sie flexibel gearbeitet?", "ja und ist das Kind krank", 3000, 4500, "plain question"},
		{"de-DE", "reflective", "Haben Sie flexibel gearbeitet?", "dann ist das Kind krank", 3000, 4500, "plain question"},
		{"de-DE", "reflective", "Haben Sie flexibel gearbeitet?", "ja und dann gibt es den Chef", 3000, 4500, "plain question"},
		{"de-DE", "reflective", "Haben Sie flexibel gearbeitet?", "ja ist das hier auch so", 700, 1500, "asks back"},
		{"de-DE", "reflective", "Haben Sie flexibel gearbeitet?", "ja und haben Sie hier Gleitzeit", 700, 1500, "asks back"},
		{"de-DE", "reflective", "Haben Sie flexibel gearbeitet?", "dann wie lange wäre das", 700, 1500, "asks back"},
		{"de-DE", "reflective", "Haben Sie flexibel gearbeitet?", "wie meinen Sie das", 700, 2000, "asks back"},
		{"de-DE", "reflective", "Haben Sie flexibel gearbeitet?", "ich weiß nicht was das", 5900, 6000, "wants another"},
		{"es-ES", "reflective", "¿Trabajaba bien el equipo?", "perdón cuántas personas son", 700, 2000, "asks back"},
		{"es-ES", "reflective", "¿Trabajaba bien el equipo?", "no sé cuántas personas son", 5900, 6000, "wants another"},
		{"es-ES", "reflective", "¿Trabajaba bien el equipo?", "les expliqué todo y cómo lo hacía", 3000, 4500, "plain question"},
		{"es-ES", "reflective", "¿Trabajaba bien el equipo?", "sí perdón cómo lo dice", 700, 1500, "asks back"},
	})
}

// TestWhatTheQuestionSaysMayBeLeftOut: where it wants yes or no, and little is said.
func TestWhatTheQuestionSaysMayBeLeftOut(t *testing.T) {
	checkSpoken(t, []spoken{
		{"en-GB", "reflective", "Did you tell him?", "I had to", 4500, 5500, "leaves out"},
		{"en-GB", "reflective", "Did you tell him?", "he was away so I had to", 5900, 6000, "wants another"},
		{"en-GB", "reflective", "When did you leave?", "I had to", 5900, 6000, "wants another"},
		{"en-GB", "conversational", "Why did you leave?", "I had to.", 1200, 2000, "leaves out"},
		{"en-GB", "conversational", "Why did you leave?", "I had to", 2400, 2500, "wants another"},
		{"en-GB", "reflective", "Why did you leave?", "I had to.", 5900, 6000, "question for reasons"},
		{"en-GB", "reflective", "Would you move?", "I'd love to", 4500, 5500, "leaves out"},
		{"en-GB", "reflective", "Would you move?", "if I have to", 4500, 5500, "leaves out"},
		{"en-GB", "reflective", "Did you tell him?", "I didn't want to", 4500, 5500, "leaves out"},
		{"en-GB", "reflective", "Did you tell him?", "I couldn't", 700, 4500, "short answer"},
		{"en-GB", "reflective", "Did you tell him?", "they wouldn't let me", 700, 4500, "short answer"},
		{"en-GB", "reflective", "What do you do on Sundays?", "I used to", 5900, 6000, "wants another"},
		{"en-GB", "reflective", "Do you still play?", "I used to", 4500, 5500, "leaves out"},
		{"en-GB", "reflective", "Was that before or after the merger?", "it was after", 4500, 5500, "leaves out"},
		{"en-GB", "reflective", "When was that?", "it was after", 5900, 6000, "wants another"},
		{"en-GB", "reflective", "Did you work alone or in a team?", "in", 5900, 6000, "wants another"},
		{"de-DE", "reflective", "Haben Sie es ihm gesagt?", "ich musste", 4500, 5500, "leaves out"},
		{"de-DE", "reflective", "Wann sind Sie gegangen?", "ich musste", 5900, 6000, "wants more"},
		{"de-DE", "reflective", "Würden Sie umziehen?", "wenn es sein muss", 4500, 5500, "leaves out"},
		{"de-DE", "reflective", "War das vor oder nach der Fusion?", "nach", 700, 4500, "word for a sentence"},
		{"es-ES", "reflective", "¿Se lo dijo?", "tuve que", 4500, 5500, "leaves out"},
		{"es-ES", "reflective", "¿Cuándo se fue?", "tuve que", 5900, 6000, "wants another"},
		{"es-ES", "reflective", "¿Hacía informes?", "informes y eso", 4500, 5500, "leaves out"},
		{"es-ES", "reflective", "¿Qué hacía?", "informes y eso", 5900, 6000, "wants more"},
	})
}

func checkSpoken(t *testing.T, all []spoken) {
	t.Helper()
	for _, c := range all {
		c.check(t, conversation.Answer)
	}
}

func (c spoken) check(t *testing.T, then conversation.Then) {
	t.Helper()
	m := turnend.New(turnend.Defaults()).In(language.Of(c.language))
	v := m.Decide(quiet(c.profile, c.question, c.text))
	wait := int(v.At.Sub(at(0)).Milliseconds())
	if wait < c.least || wait > c.most || !strings.Contains(v.Why, c.why) || v.Then != then {
		t.Errorf("%s, %s, %q, %q: waits %d ms for %v because %q", c.language, c.profile, c.question, c.text, wait, v.Then, v.Why)
	}
}

func TestWhatIsNoMatterOfWords(t *testing.T) {
	m := turnend.New(turnend.Defaults())
	for name, c := range map[string]struct {
		change func(e *conversation.Evidence)
		want   time.Time
		then   conversation.Then
	}{
		"silence since the question": {func(e *conversation.Evidence) { e.Text = "" }, time.Time{}, conversation.Answer},
		"a nudge in mid-word":        {func(e *conversation.Evidence) { e.Voice, e.Nudged = true, at(70) }, at(70), conversation.Answer},
		"voice":                      {func(e *conversation.Evidence) { e.Voice = true }, at(4200), conversation.Answer},
		"words without a voice":      {func(e *conversation.Evidence) { e.Stable, e.Changed, e.Hushed = false, at(2000), at(-3000) }, at(2250), conversation.Answer},
		"words that ended with it":   {func(e *conversation.Evidence) { e.Stable, e.Changed = false, at(2000) }, at(2000), conversation.Answer},
		"words that end soon after it": {func(e *conversation.Evidence) {
			e.Stable, e.Changed, e.Spoken, e.Quiet = false, at(2000), at(200), at(200)
		}, at(2000), conversation.Answer},
		"voice whose words are missing": {func(e *conversation.Evidence) { e.Spoken = at(-600) }, at(1200), conversation.Answer},
		"a request for time":            {func(e *conversation.Evidence) { e.Text = "okay let me think about that" }, at(1000), conversation.Grant},
		"a longer request":              {func(e *conversation.Evidence) { e.Text = "let me think about that for a moment please" }, at(1000), conversation.Grant},
		"a second request":              {func(e *conversation.Evidence) { e.Text, e.Granted = "let me think", true }, at(20000), conversation.Reassure},
		"a third":                       {func(e *conversation.Evidence) { e.Text, e.Granted, e.Hurried = "let me think", true, true }, time.Time{}, conversation.Answer},
		"nothing but a preamble":        {func(e *conversation.Evidence) { e.Text = "um that is a good question" }, at(20200), conversation.Reassure},
		"no words at all":               {func(e *conversation.Evidence) { e.Question, e.Text = "Are you ready?", "…" }, at(20200), conversation.Reassure},
		"a consent":                     {func(e *conversation.Evidence) { e.Text = "um okay" }, at(2500), conversation.Answer},
		"a consent, and a preamble":     {func(e *conversation.Evidence) { e.Text = "okay um" }, at(20200), conversation.Reassure},
		"the same with a word":          {func(e *conversation.Evidence) { e.Text = "okay let me see so" }, at(20200), conversation.Reassure},
		"the same with a phrase":        {func(e *conversation.Evidence) { e.Text = "okay good question" }, at(20200), conversation.Reassure},
		"words of the question": {func(e *conversation.Evidence) {
			e.Profile, e.Question, e.Text = "reflective", "What would your first ninety days look like?", "ninety days um"
		}, at(45200), conversation.Reassure},
		"the same, after a word": {func(e *conversation.Evidence) { e.Text, e.Hurried = "um", true }, at(2500), conversation.Answer},
		"a long silence":         {func(e *conversation.Evidence) { e.Text, e.Asked = "", at(500) }, at(20500), conversation.Reassure},
		"a longer one":           {func(e *conversation.Evidence) { e.Text, e.Asked, e.Hurried = "", at(500), true }, time.Time{}, conversation.Answer},
		"a long answer, at a breath": {func(e *conversation.Evidence) { e.Longest, e.Text = 5*time.Second, "and then and" },
			at(250), conversation.CutIn},
		"a long answer without a breath": {func(e *conversation.Evidence) { e.Longest, e.Voice = 5*time.Second, true },
			at(15000), conversation.CutIn},
	} {
		e := quiet("conversational", small, "I want to be a nurse.")
		c.change(&e)
		if v := m.Decide(e); !v.At.Equal(c.want) || v.Then != c.then || v.Why == "" {
			t.Errorf("%s: %v, %v because %q, want %v", name, v.At.Sub(at(0)), v.Then, v.Why, c.want.Sub(at(0)))
		}
	}
}

func TestOwnPausesCount(t *testing.T) {
	m := turnend.New(turnend.Defaults())
	wait := func(pauses ...time.Duration) time.Duration {
		e := quiet("conversational", small, "I want to be a nurse")
		for range 10 {
			e.Pauses = append(e.Pauses, pauses...)
		}
		return m.Decide(e).At.Sub(e.Quiet)
	}
	quick, usual, slow := wait(300*time.Millisecond), wait(), wait(1500*time.Millisecond)
	if quick >= usual || slow <= usual || wait(50*time.Millisecond) != usual {
		t.Errorf("waits %v for the quick, %v for anybody, %v for the slow", quick, usual, slow)
	}
}

func TestTheVoiceCounts(t *testing.T) {
	m := turnend.New(turnend.Defaults())
	wait := func(fall float64) time.Duration {
		e := quiet("conversational", small, "I want to be a nurse")
		e.Fall = fall
		v := m.Decide(e)
		if (fall != 0) != strings.Contains(v.Why, "voice") {
			t.Errorf("fell by %v: %s", fall, v.Why)
		}
		return v.At.Sub(e.Quiet)
	}
	low, unknown, high := wait(8), wait(0), wait(-5)
	if low >= unknown || high <= unknown || wait(60) > low {
		t.Errorf("waits %v for a voice that fell, %v for one not known, %v for one that stayed up", low, unknown, high)
	}
}

func TestAJudgesWordCounts(t *testing.T) {
	m := turnend.New(turnend.Defaults())
	judged := func(profile, text string, j conversation.Judgement) conversation.Verdict {
		e := quiet(profile, large, text)
		e.Judged = j
		return m.Decide(e)
	}
	for _, profile := range []string{"conversational", "reflective"} {
		none := judged(profile, story, conversation.Judgement{})
		over := judged(profile, story, conversation.Judgement{Says: conversation.Finished, Weight: -4})
		on := judged(profile, story, conversation.Judgement{Says: conversation.Unfinished, Weight: 2.4})
		coin := judged(profile, story, conversation.Judgement{Says: conversation.Unfinished})
		if !over.At.Before(none.At) || !on.At.After(none.At) || !coin.At.Equal(none.At) || !coin.Soon.Equal(none.Soon) {
			t.Errorf("%s: over at %v without a judge, %v and %v with one, %v with a useless one", profile, none.At, over.At, on.At, coin.At)
		}
		if strings.Contains(none.Why, "judge") || !strings.Contains(over.Why, "the judge says finished") || !strings.Contains(on.Why, "the judge says unfinished") {
			t.Errorf("because %q, %q", over.Why, on.Why)
		}
		if none.Ask.IsZero() || none.Ask.After(none.Soon) {
			t.Errorf("%s: asked at %v, a draft at %v", profile, none.Ask, none.Soon)
		}
	}
	for name, change := range map[string]func(*conversation.Evidence){
		"a voice":            func(e *conversation.Evidence) { e.Voice = true },
		"nothing said":       func(e *conversation.Evidence) { e.Text = "" },
		"a request for time": func(e *conversation.Evidence) { e.Text = "let me think" },
		"a nudge":            func(e *conversation.Evidence) { e.Nudged = at(10) },
	} {
		e := quiet("reflective", large, story)
		e.Judged = conversation.Judgement{Says: conversation.Finished, Weight: -4}
		change(&e)
		if v := m.Decide(e); !v.Ask.IsZero() || strings.Contains(v.Why, "judge") {
			t.Errorf("%s: a judge is asked at %v, %s", name, v.Ask, v.Why)
		}
	}
}

// TestADraftIsLikelyToBeUsed: none is begun much earlier than it is needed, nor while the
// candidate is about as likely to go on.
func TestADraftIsLikelyToBeUsed(t *testing.T) {
	m := turnend.New(turnend.Defaults())
	for _, c := range []struct{ profile, question, text string }{
		{"reflective", large, story}, {"reflective", large, story + " because"}, {"conversational", small, "I want to be a nurse"}, {"conversational", small, "a nurse and"},
	} {
		v := m.Decide(quiet(c.profile, c.question, c.text))
		if early := v.At.Sub(v.Soon); early < 0 || early > 1200*time.Millisecond {
			t.Errorf("%s, %q: a draft %v before the end", c.profile, c.text, early)
		}
	}
}

// TestADraftWaitsForTheLastWord: while a word may be missing, what is thought of would be
// of no use; the end of the turn is not put off by that.
func TestADraftWaitsForTheLastWord(t *testing.T) {
	m := turnend.New(turnend.Defaults())
	e := quiet("conversational", small, "I want to be a nurse.")
	e.Stable = false
	whole := m.Decide(e)
	e.Spoken = at(-200)
	missing := m.Decide(e)
	if !missing.Soon.Equal(at(200).Add(250*time.Millisecond)) || !whole.Soon.Before(missing.Soon) || missing.At.Before(missing.Soon) || !missing.At.Equal(whole.At) {
		t.Errorf("a draft at %v, with the word at %v; the end at %v and %v", missing.Soon.Sub(at(0)), whole.Soon.Sub(at(0)), missing.At.Sub(at(0)), whole.At.Sub(at(0)))
	}
}

// FuzzDecide: whatever is asked and said, the same evidence gives the same verdict, no earlier
// or later than the profile allows.
func FuzzDecide(f *testing.F) {
	f.Add("en", "You were alone, weren't you?", "um yes")
	f.Add("en", "Was it before or after, ¿ or", "it was after.")
	f.Add("de", "Sie waren allein, oder?", "ja und ist das Kind krank")
	f.Add("es", "¿Se fue en mayo, ¿no?", "y cómo lo hacía")
	f.Add("fr", "?", "…")
	f.Fuzz(func(t *testing.T, spoken, question, text string) {
		profiles := turnend.Defaults()
		m := turnend.New(profiles).In(language.Of(spoken))
		for name, p := range profiles {
			e := quiet(name, question, text)
			v := m.Decide(e)
			if v != m.Decide(e) {
				t.Fatalf("two verdicts on %q", text)
			}
			if wait := v.At.Sub(e.Quiet); v.Then == conversation.Answer && !v.At.IsZero() && (wait < p.Least || wait > p.Most || v.Soon.After(v.At)) {
				t.Errorf("%s: %q on %q waits %v, a draft at %v", name, text, question, wait, v.Soon)
			}
		}
	})
}

// TestRecognitionThatIsBehindIsWaitedFor: what is known may be the half of what was said,
// however long the silence and however complete the sentence. Words that reach to the end of
// the voice, or recognition that never catches up, hold nothing up.
func TestRecognitionThatIsBehindIsWaitedFor(t *testing.T) {
	model := turnend.New(turnend.Defaults())
	for name, c := range map[string]struct {
		spoken, behind, caught int // ms; 0 = not at all
		least, most            int
	}{
		"never behind":                       {-3000, 0, 0, 1200, 1200},
		"behind since they spoke":            {-3000, -1000, 0, 11200, 11200},
		"behind since a while after":         {-3000, 500, 0, 11200, 11200},
		"caught up, and behind once more":    {-3000, 9000, 8000, 11200, 11200},
		"caught up very late":                {-3000, 0, 15000, 11200, 11200},
		"caught up after they stopped":       {-3000, 0, 4000, 5200, 5200},
		"caught up before":                   {-3000, 0, -4000, 1200, 1200},
		"behind again":                       {-3000, -1000, -2000, 11200, 11200},
		"behind, but all words are there":    {-100, -1000, 0, 500, 1100},
		"caught up, with all that was there": {-100, 0, 4000, 500, 1100},
	} {
		e := quiet("conversational", small, "I want to be a nurse")
		e.Spoken = at(c.spoken)
		if c.behind != 0 {
			e.Behind = at(c.behind)
		}
		if c.caught != 0 {
			e.Caught = at(c.caught)
		}
		v := model.Decide(e)
		if v.At.Before(at(c.least)) || v.At.After(at(c.most)) {
			t.Errorf("%s: over after %v", name, v.At.Sub(at(0)))
		}
		for what, when := range map[string]time.Time{"asked": v.Ask, "drafted": v.Soon, "marked": v.Mark} {
			if c.least > 1200 && when.Before(v.At.Add(-1200*time.Millisecond)) {
				t.Errorf("%s: %s after %v", name, what, when.Sub(at(0)))
			}
		}
	}
}

// TestAVoiceIsNoNoiseWhileRecognitionIsBehind: its words are to come.
func TestAVoiceIsNoNoiseWhileRecognitionIsBehind(t *testing.T) {
	model := turnend.New(turnend.Defaults())
	e := quiet("conversational", small, "I want to be")
	e.Voice, e.Since = true, at(100)
	if v := model.Decide(e); !v.At.Equal(at(4200)) {
		t.Errorf("a voice without words counts as noise after %v", v.At.Sub(at(0)))
	}
	e.Behind = at(1000)
	if v := model.Decide(e); !v.At.Equal(at(15000)) {
		t.Errorf("while recognition is behind, after %v", v.At.Sub(at(0)))
	}
	e.Behind, e.Caught = time.Time{}, at(8000)
	if v := model.Decide(e); !v.At.Equal(at(12000)) {
		t.Errorf("when it has caught up, after %v", v.At.Sub(at(0)))
	}
}
