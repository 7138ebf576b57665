package speakable

import "casey.internal/worker/language"

// readingsIn are the readings by language. Of one that is not listed only signs are
// taken out: its voice reads the rest as it does.
var readingsIn = map[language.Language][]rule{
	language.English: readings,
	language.German:  join(kept, german, quiet),
	language.Spanish: join(kept, spanish, quiet),
}

// quiet are what is a pause, or silent, in any language.
var quiet = join(rests, unsaid)

// amount is a number as it is written where a comma divides the decimals.
const amount = `\d+(?:[.\x{a0}\x{202f}]\d{3})*(?:,\d+)?`

// german are what a German voice does not read, or might read wrongly.
var german = compile(
	`\bz\.\s?B\.`, "zum Beispiel",
	`\bd\.\s?h\.`, "das heißt",
	`\bu\.\s?a\.`, "unter anderem",
	`\bi\.\s?d\.\s?R\.`, "in der Regel",
	`\bo\.\s?ä\.`, "oder ähnlich",
	`\bbzw\.`, "beziehungsweise",
	`\busw\.([,;:?!)]|\s+\p{Ll})`, "und so weiter$1",
	`\busw\.`, "und so weiter.",
	`\betc\.([,;:?!)]|\s+\p{Ll})`, "et cetera$1",
	`\betc\.`, "et cetera.",
	`\bca\.`, "circa",
	`\bevtl\.`, "eventuell",
	`\bggf\.`, "gegebenenfalls",
	`\binkl\.`, "inklusive",
	`\bmind\.`, "mindestens",
	`\bmax\.\s?(\d)`, "maximal $1",
	`\bMio\.`, "Millionen",
	`\bMrd\.`, "Milliarden",
	`\bTsd\.`, "Tausend",
	`\bNr\.\s?(\d)`, "Nummer $1",
	`\bS\.\s?(\d)`, "Seite $1",
	`\bvs\.?(\s)`, "gegen$1",
	`\bund/oder\b`, "und oder",
	`\bC#`, "C sharp",
	`\bC\+\+`, "C plus plus",
	`€\s?(`+amount+`)`, "$1 Euro",
	`\$\s?(`+amount+`)`, "$1 Dollar",
	`£\s?(`+amount+`)`, "$1 Pfund",
	`(\d)\s?ms\b`, "$1 Millisekunden",
	`(\d)\s?km/h\b`, "$1 Kilometer pro Stunde",
	`(\d)\s?min\b`, "$1 Minuten",
	`(\d)\s?h\b`, "$1 Stunden",
	`(\d)\s?GB\b`, "$1 Gigabyte",
	`(\d)\s?MB\b`, "$1 Megabyte",
	`(\d)\s?kWh\b`, "$1 Kilowattstunden",
	`(\d)\s?kg\b`, "$1 Kilogramm",
	`(\d)\s?km²`, "$1 Quadratkilometer",
	`(\d)\s?m²`, "$1 Quadratmeter",
	`(\d)\s?m³`, "$1 Kubikmeter",
	`(\d)\s?km\b`, "$1 Kilometer",
	`\s?€`, " Euro",
	`\s?\$`, " Dollar",
	`\s?£`, " Pfund",
	`\s?%`, " Prozent",
	`\s?°\s?C\b`, " Grad Celsius",
	`\s?°`, " Grad",
	`§\s?`, "Paragraf ",
	`\b(\d{1,4})\s?[–]\s?(\d{1,4})\b`, "$1 bis $2",
	`\b(\d{1,3})-(\d{1,3})\b`, "$1 bis $2",
	`\s?(?:<=|≤)\s?`, " höchstens ",
	`\s?(?:>=|≥)\s?`, " mindestens ",
	`\s?(?:->|→|⇒)\s?`, " zu ",
	`\s?<\s?(\d)`, " weniger als $1",
	`\s?>\s?(\d)`, " mehr als $1",
	`\s?(?:≈|~)\s?(\d)`, " etwa $1",
	`\s?×\s?`, " mal ",
	`(\d)\s\*\s(\d)`, "$1 mal $2",
	`\s?÷\s?`, " geteilt durch ",
	`\s?=\s?`, " gleich ",
	`\s?\+\s?`, " plus ",
	`\s?&\s?`, " und ",
)

// spanish are what a Spanish voice does not read, or might read wrongly.
var spanish = compile(
	`\bp\.\s?ej\.`, "por ejemplo",
	`\betc\.([,;:?!)]|\s+\p{Ll})`, "etcétera$1",
	`\betc\.`, "etcétera.",
	`\baprox\.`, "aproximadamente",
	`\bmín\.\s?(\d)`, "mínimo $1",
	`\bmáx\.\s?(\d)`, "máximo $1",
	`\bn\.º\s?|\bnº\s?|\bnúm\.\s?`, "número ",
	`\bpág\.\s?(\d)`, "página $1",
	`\bvs\.?(\s)`, "contra$1",
	`\by/o\b`, "y o",
	`\bEE\.\s?UU\.`, "Estados Unidos",
	`\bC#`, "C sharp",
	`\bC\+\+`, "C más más",
	`€\s?(`+amount+`)`, "$1 euros",
	`\$\s?(`+amount+`)`, "$1 dólares",
	`£\s?(`+amount+`)`, "$1 libras",
	`(\d)\s?ms\b`, "$1 milisegundos",
	`(\d)\s?km/h\b`, "$1 kilómetros por hora",
	`(\d)\s?min\b`, "$1 minutos",
	`(\d)\s?h\b`, "$1 horas",
	`(\d)\s?GB\b`, "$1 gigabytes",
	`(\d)\s?MB\b`, "$1 megabytes",
	`(\d)\s?kWh\b`, "$1 kilovatios hora",
	`(\d)\s?kg\b`, "$1 kilogramos",
	`(\d)\s?km²`, "$1 kilómetros cuadrados",
	`(\d)\s?m²`, "$1 metros cuadrados",
	`(\d)\s?m³`, "$1 metros cúbicos",
	`(\d)\s?km\b`, "$1 kilómetros",
	`\s?€`, " euros",
	`\s?\$`, " dólares",
	`\s?£`, " libras",
	`\s?%`, " por ciento",
	`\s?°\s?C\b`, " grados Celsius",
	`\s?°`, " grados",
	`\b(\d{1,4})\s?[–]\s?(\d{1,4})\b`, "$1 a $2",
	`\b(\d{1,3})-(\d{1,3})\b`, "$1 a $2",
	`\s?(?:<=|≤)\s?`, " como máximo ",
	`\s?(?:>=|≥)\s?`, " como mínimo ",
	`\s?(?:->|→|⇒)\s?`, " a ",
	`\s?<\s?(\d)`, " menos de $1",
	`\s?>\s?(\d)`, " más de $1",
	`\s?(?:≈|~)\s?(\d)`, " unos $1",
	`\s?×\s?`, " por ",
	`(\d)\s\*\s(\d)`, "$1 por $2",
	`\s?÷\s?`, " entre ",
	`\s?=\s?`, " igual a ",
	`\s?\+\s?`, " más ",
	`\s?&\s?`, " y ",
)

// rulesOf returns the readings of a language.
func rulesOf(l language.Language) []rule {
	if rules, ok := readingsIn[l]; ok {
		return rules
	}
	return quiet
}
