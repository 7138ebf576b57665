// Package language says in which languages interviews are held, and which of them casey
// knows words of. Those words stand where they are used, a file or a list a language.
package language

import "strings"

// Language is a language by its ISO 639 code, whatever the country.
type Language string

// The languages of which casey knows words. In any other an interview is held by its
// file alone: silence ends turns, and the lines that no file has are English.
const (
	English Language = "en"
	German  Language = "de"
	Spanish Language = "es"
)

// names are those of the languages that Amazon Transcribe's streaming hears, in English.
var names = map[Language]string{
	English: "English", German: "German", Spanish: "Spanish", "fr": "French", "it": "Italian", "pt": "Portuguese", "nl": "Dutch",
	"ja": "Japanese", "ko": "Korean", "zh": "Chinese", "hi": "Hindi", "th": "Thai", "sv": "Swedish", "da": "Danish", "no": "Norwegian", "nb": "Norwegian",
	"fi": "Finnish", "pl": "Polish", "cs": "Czech", "ro": "Romanian", "el": "Greek", "uk": "Ukrainian", "ru": "Russian", "ar": "Arabic",
	"ca": "Catalan", "tr": "Turkish", "vi": "Vietnamese", "id": "Indonesian", "he": "Hebrew", "hr": "Croatian", "sk": "Slovak", "sr": "Serbian",
}

// Of returns the language of a tag like de-DE; an empty tag is English.
func Of(tag string) Language {
	if tag == "" {
		return English
	}
	code, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return Language(code)
}

// Known reports whether casey knows words of it.
func (l Language) Known() bool { return l == English || l == German || l == Spanish }

// Name is what the language is called in English, or its code.
func (l Language) Name() string {
	if name, ok := names[l]; ok {
		return name
	}
	return string(l)
}
