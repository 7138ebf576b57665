package polly

import "strings"

// silence is the viseme of a pause.
const silence = "sil"

// visemes are the mouth shapes of American English sounds (Polly developer guide, phoneme and viseme table "US English"),
// and of those that German and Spanish have besides, by how espeak-ng writes these. The longest beginning counts, so longer ones stand first.
var visemes = []struct{ sound, viseme string }{
	{"ɔːɹ", "O"}, {"oːɹ", "O"}, {"ɑːɹ", "a"},
	{"ts", "s"}, {"pf", "f"}, {"tʃ", "S"}, {"dʒ", "S"}, {"aɪ", "a"}, {"aʊ", "a"}, {"eɪ", "e"}, {"oʊ", "o"}, {"əʊ", "o"}, {"ɔɪ", "O"},
	{"ɛɹ", "E"}, {"ɪɹ", "i"}, {"ʊɹ", "u"}, {"ɜː", "E"}, {"əl", "@"},
	{"p", "p"}, {"b", "p"}, {"m", "p"},
	{"t", "t"}, {"d", "t"}, {"n", "t"}, {"l", "t"}, {"ɾ", "t"}, {"ʔ", "t"},
	{"f", "f"}, {"v", "f"}, {"θ", "T"}, {"ð", "T"}, {"s", "s"}, {"z", "s"}, {"ʃ", "S"}, {"ʒ", "S"},
	{"k", "k"}, {"ɡ", "k"}, {"g", "k"}, {"x", "k"}, {"h", "k"}, {"ŋ", "k"},
	{"ɹ", "r"}, {"r", "r"}, {"j", "i"}, {"w", "u"}, {"ʍ", "u"},
	{"i", "i"}, {"ɪ", "i"}, {"ᵻ", "i"}, {"ɨ", "i"}, {"u", "u"}, {"ʊ", "u"},
	{"æ", "a"}, {"a", "a"}, {"ɑ", "a"}, {"ɐ", "@"}, {"ə", "@"}, {"ɚ", "@"},
	{"ç", "i"}, {"ʁ", "k"}, {"ɣ", "k"}, {"ɲ", "t"}, {"ʎ", "t"}, {"β", "p"}, {"ʝ", "i"}, {"ɟ", "i"},
	{"y", "u"}, {"ʏ", "u"}, {"ø", "o"}, {"œ", "O"},
	{"e", "e"}, {"ɛ", "E"}, {"ʌ", "E"}, {"ɜ", "E"}, {"ɝ", "E"}, {"o", "o"}, {"ɔ", "O"}, {"ɒ", "O"},
}

// viseme returns the mouth shape of a sound, "" for a sound that has none in the table.
func viseme(sound string) string {
	sound = strings.TrimLeft(sound, "ˈˌ")
	if sound == "" || sound == " " || sound[0] == '_' {
		return silence
	}
	for _, v := range visemes {
		if strings.HasPrefix(sound, v.sound) {
			return v.viseme
		}
	}
	return ""
}
