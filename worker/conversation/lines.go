package conversation

import (
	"casey.internal/worker/interruption"
	"casey.internal/worker/language"
)

// Lines are what is said or shown whatever the interview is about.
type Lines struct {
	Grant    string // said when the candidate asks for time to think
	Reassure string // said when they have been silent for very long
	Apology  string // said when a reply failed
	Regret   string // said when the interview ends because nothing works any more
	Parting  string // said when the interview has to stop here and may go on elsewhere

	Inaudible string // shown when a voice is heard without words
	Voiceless string // shown when what is written could not be said
	Unwritten string // shown when a part of the feedback failed
}

// linesOf are the lines by language.
var linesOf = map[language.Language]Lines{
	language.English: {
		Grant:     "Of course, take your time.",
		Reassure:  "There is no hurry. Just begin when you are ready.",
		Apology:   "Sorry, I lost my thread. Could you say that again?",
		Regret:    "I am sorry, something on our side keeps failing, so I have to stop here. What we talked about is kept.",
		Parting:   "I am sorry, I have to stop here, because the service is being updated. What we talked about is kept.",
		Inaudible: "I hear your voice, but I cannot make out words.",
		Voiceless: "The interviewer's voice failed; please read what it wanted to say.",
		Unwritten: "Not all of the feedback could be written.",
	},
	language.German: {
		Grant:     "Natürlich, lassen Sie sich Zeit.",
		Reassure:  "Es eilt nicht. Fangen Sie einfach an, wenn Sie so weit sind.",
		Apology:   "Entschuldigung, ich habe den Faden verloren. Könnten Sie das noch einmal sagen?",
		Regret:    "Es tut mir leid, bei uns schlägt immer wieder etwas fehl, darum muss ich hier aufhören. Was wir besprochen haben, bleibt erhalten.",
		Parting:   "Es tut mir leid, ich muss hier aufhören, weil der Dienst gerade aktualisiert wird. Was wir besprochen haben, bleibt erhalten.",
		Inaudible: "Ich höre Ihre Stimme, aber ich verstehe keine Wörter.",
		Voiceless: "Die Stimme ist ausgefallen; bitte lesen Sie, was gesagt werden sollte.",
		Unwritten: "Ein Teil der Rückmeldung konnte nicht geschrieben werden.",
	},
	language.Spanish: {
		Grant:     "Por supuesto, tómese su tiempo.",
		Reassure:  "No hay prisa. Empiece cuando esté listo.",
		Apology:   "Perdone, he perdido el hilo. ¿Podría repetirlo?",
		Regret:    "Lo siento, algo sigue fallando por nuestra parte y tengo que parar aquí. Lo que hemos hablado queda guardado.",
		Parting:   "Lo siento, tengo que parar aquí, porque se está actualizando el servicio. Lo que hemos hablado queda guardado.",
		Inaudible: "Oigo su voz, pero no distingo palabras.",
		Voiceless: "La voz ha fallado; lea, por favor, lo que quería decir.",
		Unwritten: "No se ha podido escribir toda la valoración.",
	},
}

// In returns the settings of an interview in a language; one that is not known has the
// lines of English.
func (s Settings) In(l language.Language) Settings {
	s.BargeIn.Nodding = interruption.Nods(l)
	s.Lines = linesOf[language.English]
	if lines, ok := linesOf[l]; ok {
		s.Lines = lines
	}
	return s
}
