package hibari

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"casey.internal/cdk/local/aws/polly"
)

// Speller says how a text is spoken that is in no lexicon, as espeak.Synthesiser does.
type Speller interface {
	Phonemes(text string, v polly.Voice) (string, error)
}

// american is the speller's voice.
var american = polly.Voice{Engine: "en-us", WordsPerMinute: 150, Pitch: 50}

// lexicon is how words are spoken, in the model's alphabet.
type lexicon struct {
	words   map[string]string
	speller Speller
}

// loadLexicon reads the wheel's lexicon. Of words that are spoken in several ways it takes the
// usual one.
func loadLexicon(file string, s Speller) (*lexicon, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("open lexicon: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("read lexicon: %w", err)
	}
	var entries map[string]json.RawMessage
	if err := json.NewDecoder(z).Decode(&entries); err != nil {
		return nil, fmt.Errorf("read lexicon: %w", err)
	}
	l := &lexicon{words: make(map[string]string, len(entries)), speller: s}
	for word, entry := range entries {
		var one string
		var several struct{ DEFAULT string }
		if json.Unmarshal(entry, &one) == nil {
			l.words[word] = one
		} else if err := json.Unmarshal(entry, &several); err == nil {
			l.words[word] = several.DEFAULT
		}
	}
	return l, nil
}

// say returns how a word is spoken before the word that follows, "" at the end.
func (l *lexicon) say(word, next string) (string, error) {
	word = strings.ReplaceAll(word, "’", "'")
	if s := small(strings.ToLower(word), l.begins(next)); s != "" && word != "A" {
		return s, nil
	}
	if s, ok := l.find(word); ok {
		return model(s), nil
	}
	if parts := strings.Split(word, "-"); len(parts) > 1 {
		var all []string
		for _, p := range parts {
			s, err := l.say(p, "")
			if err != nil {
				return "", err
			}
			all = append(all, s)
		}
		return strings.Join(all, " "), nil
	}
	if word == strings.ToUpper(word) && len(word) > 1 && len(word) <= longestInitials {
		if s, ok := l.letters(word); ok {
			return s, nil
		}
	}
	s, err := l.speller.Phonemes(word, american)
	return model(fromIPA(s)), err
}

// longestInitials is the longest word in capitals that is said by its letters.
const longestInitials = 5

// letters says each letter of a word; false where it has others.
func (l *lexicon) letters(word string) (string, bool) {
	var all []string
	for _, r := range word {
		s, ok := l.words[string(r)]
		if !ok {
			return "", false
		}
		all = append(all, s)
	}
	return strings.Join(all, " "), true
}

// find looks a word up as it is written, and in small letters where it begins with a capital.
func (l *lexicon) find(word string) (string, bool) {
	if s, ok := l.words[word]; ok {
		return s, true
	}
	first, size := utf8.DecodeRuneInString(word)
	if size == 0 {
		return "", false
	}
	s, ok := l.words[string(unicode.ToLower(first))+word[size:]]
	return s, ok
}

// small are the words that are spoken by what follows: a vowel, another sound, or nothing (0).
func small(word string, next rune) string {
	vowel := strings.ContainsRune(vowels, next) && next != 0
	switch word {
	case "a":
		return "ɐ"
	case "an":
		return "ɐn"
	case "the":
		if vowel {
			return "ði"
		}
		return "ðə"
	case "to":
		switch {
		case next == 0:
			return "tu"
		case vowel:
			return "tʊ"
		}
		return "tə"
	case "in":
		if next != 0 {
			return "ɪn"
		}
	}
	return ""
}

// vowels are those of the model's alphabet, diphthongs among them.
const vowels = "AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻɐ"

// begins returns the first sound of a word.
func (l *lexicon) begins(word string) rune {
	if word == "" {
		return 0
	}
	s, ok := l.find(word)
	if !ok {
		s = strings.ToLower(word) // by its letter
	}
	for _, r := range s {
		if r != 'ˈ' && r != 'ˌ' {
			return r
		}
	}
	return 0
}

// model writes what only the lexicon tells apart as the model knows it.
func model(s string) string { return strings.NewReplacer("ɾ", "T", "ʔ", "t").Replace(s) }

// ipa writes espeak-ng's sounds in the model's alphabet, in which diphthongs and affricates are one
// letter.
var ipa = strings.NewReplacer(
	"ʔˌn̩", "tᵊn", "ʔn̩", "tᵊn", "ʔn", "tn", "n̩", "ᵊn", "l̩", "ᵊl", "̩", "", "̃", "",
	"a^ɪ", "I", "a^ʊ", "W", "e^ɪ", "A", "o^ʊ", "O", "ɔ^ɪ", "Y", "d^ʒ", "ʤ", "t^ʃ", "ʧ", "ə^l", "ᵊl", "i^ə", "iə",
	"ɜːɹ", "ɜɹ", "ɜː", "ɜɹ", "ɚ", "əɹ", "ɪə", "iə", "ɐ", "ə", "ɬ", "l", "ʲ", "", "r", "ɹ", "x", "k", "ç", "k",
	"e", "A", "o", "ɔ", "ː", "", "^", "", "g", "ɡ",
)

func fromIPA(s string) string { return ipa.Replace(s) }
