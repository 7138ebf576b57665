package polly

// EventKind is what an Event tells of.
type EventKind int

// The kinds of events.
const (
	SentenceBegins EventKind = iota
	WordBegins
	SoundBegins
	MarkReached
)

// Event is a place in the text and in the audio.
type Event struct {
	Kind EventKind
	// Sample is where it begins in the audio.
	Sample int
	// Character is where it begins in the text, counted from 0; Characters is its length, of words alone.
	Character, Characters int
	// Name is the sound in the International Phonetic Alphabet, or the name of an SSML mark.
	Name string
}

// Speech is synthesised speech of one channel.
type Speech struct {
	Samples []int16
	// Rate is in samples a second.
	Rate   int
	Events []Event
}

// Engine synthesises. Its methods may be used at the same time.
type Engine interface {
	Speak(text string, v Voice, ssml bool) (Speech, error)
}

// Voice is how an engine speaks for a voice of Polly.
type Voice struct {
	// Name is Polly's.
	Name string
	// Engine is the engine's own name for it.
	Engine string
	// WordsPerMinute and Pitch (0 to 100, usually 50) shape it.
	WordsPerMinute, Pitch int
}

// voices are those of Polly that are stood in for, of English, German and Spanish, each in standard, neural and generative.
var voices = map[string]Voice{
	"Joanna":   {"Joanna", "en-us+f3", 150, 50},
	"Danielle": {"Danielle", "en-us+f2", 155, 52},
	"Ruth":     {"Ruth", "en-us+f4", 150, 48},
	"Salli":    {"Salli", "en-us+f5", 160, 50},
	"Kendra":   {"Kendra", "en-us+f1", 150, 46},
	"Matthew":  {"Matthew", "en-us+m3", 150, 45},
	"Stephen":  {"Stephen", "en-us+m1", 150, 48},
	"Gregory":  {"Gregory", "en-us+m4", 145, 42},
	"Joey":     {"Joey", "en-us", 150, 50},
	"Amy":      {"Amy", "en-gb+f3", 150, 50},
	"Brian":    {"Brian", "en-gb+m3", 150, 45},
	"Vicki":    {"Vicki", "de+f3", 145, 50},
	"Daniel":   {"Daniel", "de+m3", 145, 45},
	"Lucia":    {"Lucia", "es+f3", 155, 50},
	"Sergio":   {"Sergio", "es+m3", 155, 45},
}
