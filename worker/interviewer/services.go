package interviewer

import (
	"slices"
	"strings"
)

// heard are the languages of Amazon Transcribe's streaming.
var heard = strings.Fields(`en-US en-GB es-US fr-CA fr-FR en-AU it-IT de-DE pt-BR ja-JP ko-KR zh-CN th-TH es-ES ar-SA pt-PT ca-ES ar-AE hi-IN zh-HK nl-NL no-NO
	sv-SE pl-PL fi-FI zh-TW en-IN en-IE en-NZ en-AB en-ZA en-WL de-CH af-ZA eu-ES hr-HR cs-CZ da-DK fa-IR gl-ES el-GR he-IL id-ID lv-LV ms-MY ro-RO ru-RU
	sr-RS sk-SK so-SO tl-PH uk-UA vi-VN zu-ZA am-ET be-BY bg-BG bn-IN bs-BA ckb-IQ ckb-IR cy-WL es-MX et-ET fa-AF gu-IN ht-HT hu-HU hy-AM is-IS jv-ID ka-GE
	kab-DZ kk-KZ km-KH kn-IN lg-IN lt-LT mk-MK ml-IN mr-IN my-MM ne-NP or-IN pa-IN ps-AF si-LK sl-SI sq-AL su-ID sw-BI sw-KE sw-RW sw-TZ sw-UG ta-IN te-IN
	tr-TR uz-UZ`)

// Heard returns the languages that an interview can be held in.
func Heard() []string { return slices.Clone(heard) }

// polly are the voices of Amazon Polly by language. The first two of a language are
// neural ones: they speak where a file names no voice, and for one that fails.
var polly = map[string][]string{
	"de-DE": {"Vicki", "Daniel", "Marlene", "Hans", "Lennart"},
	"de-CH": {"Sabrina", "Vicki"},
	"es-ES": {"Lucia", "Sergio", "Conchita", "Enrique"},
	"es-MX": {"Mia", "Andres"},
	"es-US": {"Lupe", "Pedro", "Penelope", "Miguel"},
	"en-US": {"Joanna", "Matthew", "Ruth", "Stephen", "Danielle", "Gregory", "Ivy", "Joey", "Justin", "Kendra", "Kevin", "Kimberly", "Salli", "Tiffany"},
	"en-GB": {"Amy", "Brian", "Emma", "Arthur"},
	"en-AU": {"Olivia", "Nicole", "Russell"},
	"fr-FR": {"Lea", "Remi", "Celine", "Mathieu"},
	"it-IT": {"Bianca", "Adriano", "Carla", "Giorgio"},
	"pt-BR": {"Camila", "Thiago", "Vitoria", "Ricardo"},
	"nl-NL": {"Laura", "Lotte", "Ruben"},
}

// Voices returns who speaks in an interview of a language, and who for one that fails;
// both are empty where that is not known.
func Voices(tag string) (main, other string) {
	if all := polly[tag]; len(all) > 1 {
		return all[0], all[1]
	}
	return "", ""
}

// speaks is the language of a voice; it is empty where that is not known. A voice that
// is the second choice of a country has the language of its own.
func speaks(voice string) (tag string) {
	for each, names := range polly {
		if slices.Contains(names, voice) && (tag == "" || names[0] == voice) {
			tag = each
		}
	}
	return tag
}
