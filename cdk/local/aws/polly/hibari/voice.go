// Package hibari speaks with the voice of the Python wheel hibari-tts 0.2.1 (Apache 2.0), on the
// ONNX Runtime that the wheel of package moonshine brings.
package hibari

import (
	"errors"
	"math"
	"path/filepath"
	"strings"
	"time"

	"casey.internal/cdk/local/aws/polly"
)

// Speaks is the voice of Polly that it stands in for.
const Speaks = "Joanna"

const (
	// most is the most phonemes that the model speaks at once.
	most = 400
	// usual is the voice's words a minute.
	usual = 150
	// resting is how long a space or a punctuation mark has to last to be a pause.
	resting = 80 * time.Millisecond
	// breath is how much quiet is left before the first word.
	breath = 50 * time.Millisecond
	// early is by how much sounds are heard before the model's own lengths say so, as measured
	// where an s hisses.
	early = 35 * time.Millisecond
)

// Engine speaks for one voice itself and lets another engine speak for the others.
type Engine struct {
	session *session
	lexicon *lexicon
	others  polly.Engine
}

// New loads the model of an unpacked wheel, on the runtime in that of Moonshine. s spells what is
// in no lexicon, others has the other voices.
func New(wheel, moonshine string, s Speller, others polly.Engine) (*Engine, error) {
	l, err := loadLexicon(filepath.Join(wheel, "hibari", "assets", "lexicon_us_gold.json.gz"), s)
	if err != nil {
		return nil, err
	}
	runtimes, err := filepath.Glob(filepath.Join(moonshine, "moonshine_voice.libs", "libonnxruntime-*"))
	if err != nil || len(runtimes) == 0 {
		return nil, errors.New("no ONNX Runtime in the wheel of Moonshine")
	}
	session, err := open(runtimes[0], wheel)
	if err != nil {
		return nil, err
	}
	return &Engine{session: session, lexicon: l, others: others}, nil
}

// Close frees the model; nobody speaks any more.
func (e *Engine) Close() error { return e.session.close() }

// Speak returns text as speech, with where in the text and in the audio its sentences, words and
// sounds are. Of SSML it knows breaks, marks and the ends of sentences.
func (e *Engine) Speak(text string, v polly.Voice, ssml bool) (polly.Speech, error) {
	if v.Name != Speaks {
		return e.others.Speak(text, v, ssml)
	}
	s := speaker{engine: e, speed: float32(v.WordsPerMinute) / usual, speech: polly.Speech{Rate: Rate}, begins: true}
	all := tokens(text, ssml)
	for i, t := range all {
		if err := s.take(t, following(all[i+1:])); err != nil {
			return polly.Speech{}, err
		}
	}
	return s.speech, s.flush()
}

// following is the word that comes next without a mark before it.
func following(rest []token) string {
	if len(rest) > 0 && rest[0].kind == aWord {
		return rest[0].text
	}
	return ""
}

// speaker makes the speech of one text. What is spoken at once is gathered until a sentence ends.
type speaker struct {
	engine *Engine
	speed  float32
	speech polly.Speech
	begins bool // a sentence does, with the next word

	phonemes []rune
	events   []event
}

// event is what begins with a phoneme, by its number: its sample is not known yet.
type event struct {
	polly.Event
	phoneme int
}

// take adds a token.
func (s *speaker) take(t token, next string) error {
	switch t.kind {
	case aWord:
		return s.word(t, next)
	case aMark:
		if !t.silent {
			s.add(punctuation(t.text))
		}
		if t.ends {
			s.begins = true
			return s.flush()
		}
	case aBreak:
		if err := s.flush(); err != nil {
			return err
		}
		s.begin(polly.Event{Kind: polly.SoundBegins, Name: "_"}, len(s.speech.Samples))
		s.speech.Samples = append(s.speech.Samples, make([]int16, t.pause*Rate/time.Second)...)
	case aName:
		s.event(polly.Event{Kind: polly.MarkReached, Character: t.at, Name: t.text})
	}
	return nil
}

// word adds a word, after what of the sentence the model can take.
func (s *speaker) word(t token, next string) error {
	spoken, err := s.engine.lexicon.say(t.text, next)
	if err != nil {
		return err
	}
	if len(s.phonemes)+len([]rune(spoken)) >= most {
		if err := s.flush(); err != nil {
			return err
		}
	}
	if len(s.phonemes) > 0 {
		s.add(" ")
	}
	if s.begins {
		s.event(polly.Event{Kind: polly.SentenceBegins, Character: t.at})
		s.begins = false
	}
	s.event(polly.Event{Kind: polly.WordBegins, Character: t.at, Characters: t.size})
	s.add(spoken)
	if t.ends {
		s.begins = true
		return s.flush()
	}
	return nil
}

// event has something begin with the next phoneme.
func (s *speaker) event(e polly.Event) {
	s.events = append(s.events, event{e, len(s.phonemes)})
}

// begin has an event begin at a sample.
func (s *speaker) begin(e polly.Event, sample int) {
	e.Sample = sample
	s.speech.Events = append(s.speech.Events, e)
}

// add adds phonemes that the model knows.
func (s *speaker) add(phonemes string) {
	for _, p := range phonemes {
		if _, known := s.engine.session.ids[p]; known {
			s.phonemes = append(s.phonemes, p)
		}
	}
}

// punctuation is a mark in the model's alphabet.
func punctuation(mark string) string { return strings.NewReplacer("–", "—").Replace(mark) }

// flush speaks what was gathered.
func (s *speaker) flush() error {
	phonemes, events := s.phonemes, s.events
	s.phonemes, s.events = nil, nil
	if strings.Trim(string(phonemes), " .,;:!?…—\"“”()") == "" {
		return nil
	}
	ids := make([]int64, len(phonemes))
	for i, p := range phonemes {
		ids[i] = s.engine.session.ids[p]
	}
	frames, lengths, err := s.engine.session.speak(ids, s.speed)
	if err != nil {
		return err
	}
	cut := max(0, lengths[0]*hop-int(breath*Rate/time.Second)) // it takes a breath, while somebody waits
	at := len(s.speech.Samples) - cut - int(early*Rate/time.Second)
	starts := sounding(phonemes, lengths)
	place := func(i int) int { return max(len(s.speech.Samples), at+starts[i]*hop) }
	for i, p := range phonemes {
		for ; len(events) > 0 && events[0].phoneme <= i; events = events[1:] {
			s.begin(events[0].Event, place(i))
		}
		if name := soundOf(p, lengths[i+1]); name != "" {
			s.begin(polly.Event{Kind: polly.SoundBegins, Name: name}, place(i))
		}
	}
	for _, e := range events { // SSML's marks at the end
		s.begin(e.Event, place(len(phonemes)))
	}
	s.begin(polly.Event{Kind: polly.SoundBegins, Name: "_"}, place(len(phonemes)))
	wave := frames.wave()[cut:]
	between := pauses(wave)
	for i := range between {
		between[i].from += len(s.speech.Samples)
		between[i].to += len(s.speech.Samples)
	}
	s.speech.Events = settle(s.speech.Events, between)
	for _, x := range wave {
		s.speech.Samples = append(s.speech.Samples, int16(math.Round(32767*max(-1, min(1, x)))))
	}
	return nil
}

// sounding returns the frame at which each phoneme is heard, and the end. The model's lengths are
// those of symbols: a sound begins with the mark of its stress, and within the space before it.
func sounding(phonemes []rune, lengths []int) []int {
	starts := make([]int, 0, len(phonemes)+1)
	at := lengths[0]
	for i, p := range phonemes {
		starts = append(starts, at)
		if i > 0 && p != ' ' {
			switch before := phonemes[i-1]; {
			case strings.ContainsRune(stresses, before):
				starts[i] = starts[i-1]
			case before == ' ':
				starts[i] -= lengths[i] / 2
			}
		}
		at += lengths[i+1]
	}
	return append(starts, at)
}

// stresses are marks of the model's alphabet that stand before a vowel.
const stresses = "ˈˌ"

// sounds are the letters of the model's alphabet that stand for two of the International Phonetic
// one.
var sounds = map[rune]string{
	'A': "eɪ", 'I': "aɪ", 'W': "aʊ", 'O': "oʊ", 'Y': "ɔɪ", 'Q': "əʊ", 'ʤ': "dʒ", 'ʧ': "tʃ", 'T': "ɾ", 'ᵊ': "ə",
}

// soundOf is the sound of a phoneme that lasts so many frames: "_" for a pause, "" for what is
// none.
func soundOf(phoneme rune, lasts int) string {
	switch {
	case strings.ContainsRune(stresses+"ː", phoneme):
		return ""
	case strings.ContainsRune(" .,;:!?…—\"“”()", phoneme):
		if time.Duration(lasts)*hop*time.Second/Rate >= resting {
			return "_"
		}
		return ""
	case sounds[phoneme] != "":
		return sounds[phoneme]
	}
	return string(phoneme)
}
