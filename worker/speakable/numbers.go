package speakable

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// units are said in full, one of them without the s.
var units = map[string]string{
	"ns": "nanosecond", "µs": "microsecond", "μs": "microsecond", "ms": "millisecond", "s": "second", "sec": "second", "secs": "second",
	"min": "minute", "mins": "minute", "h": "hour", "hr": "hour", "hrs": "hour",
	"kB": "kilobyte", "KB": "kilobyte", "kb": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte", "PB": "petabyte",
	"Mbps": "megabit per second", "Gbps": "gigabit per second", "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz", "GHz": "gigahertz",
	"mm": "millimeter", "cm": "centimeter", "km": "kilometer", "kg": "kilogram", "kW": "kilowatt", "MW": "megawatt", "kWh": "kilowatt hour",
	"fps": "frame per second", "rps": "request per second", "qps": "query per second", "mph": "mile per hour",
}

// periods are what a rate is counted by, where they are short.
var periods = map[string]string{"s": "second", "sec": "second", "min": "minute", "h": "hour", "hr": "hour", "d": "day", "mo": "month", "yr": "year"}

// currencies by their signs, one and many.
var currencies = map[string][2]string{
	"$": {"dollar", "dollars"}, "€": {"euro", "euros"}, "£": {"pound", "pounds"}, "¥": {"yen", "yen"}, "₹": {"rupee", "rupees"},
}

// scales are what a number is of thousands.
var scales = map[string]string{
	"k": " thousand", "K": " thousand", "M": " million", "m": " million", "mn": " million", "B": " billion", "bn": " billion", "T": " trillion", "tn": " trillion",
}

var (
	fractions = map[string]string{"1/2": "one half", "1/3": "one third", "2/3": "two thirds", "1/4": "one quarter", "3/4": "three quarters"}
	vulgars   = map[string]string{"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4"}
)

// keywords come before a Roman number that counts something.
const keywords = `Phase|Part|Chapter|Type|Tier|Level|Act|War|Section|Volume|Round|Stage|Grade|Class|Schedule|Figure|Article|Title|Step|Category`

var romans = []string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII", "XVIII", "XIX", "XX"}

// unitNames is a pattern of all units.
func unitNames() string {
	var all []string
	for name := range units {
		all = append(all, name)
	}
	return strings.Join(all, "|")
}

// plural is the name of so many of a unit.
func plural(n, name string) string {
	if n == "1" || strings.HasSuffix(name, "hertz") {
		return name
	}
	first, rest, _ := strings.Cut(name, " per ")
	if strings.HasSuffix(first, "query") {
		first = "querie"
	}
	return strings.TrimSuffix(first+"s per "+rest, " per ")
}

// quantity is "200 ms".
func quantity(g []string) string { return g[1] + " " + plural(g[1], units[g[2]]) }

// counted is a pattern of what is counted by time: night/day is no rate.
const counted = `reqs?|requests?|msgs?|messages?|events?|calls?|users?|quer(?:y|ies)|ops|reads?|writes?|tokens?|words?|hours?|times|people|km|m|kg|kB|KB|MB|GB|Mb`

// rate is the "/month" of a price or a speed.
func rate(g []string) string {
	if name, ok := periods[g[2]]; ok {
		return g[1] + " per " + name
	}
	return g[1] + " per " + g[2]
}

// money is a sign and an amount, or two from one to another, or an amount and its sign.
func money(g []string) string {
	sign, n := g[1], g[2]
	if sign == "" {
		sign = g[5]
	}
	said := n
	if g[3] != "" {
		said += " to " + g[3]
	}
	if short, ok := scales[g[4]]; ok {
		said += short
	} else {
		said += g[4]
	}
	if said == "1" {
		return "1 " + currencies[sign][0]
	}
	return said + " " + currencies[sign][1]
}

// date is one that begins with its year.
func date(g []string) string {
	day, err := time.Parse(time.DateOnly, g[0])
	if err != nil {
		return g[0]
	}
	return day.Format("January 2, 2006")
}

// version is one of more than two numbers, or the address of a computer.
func version(g []string) string {
	said := inAddress.Replace(g[0])
	if rest, ok := strings.CutPrefix(said, "v"); ok {
		return "version " + rest
	}
	return said
}

// power is 2.5e-3.
func power(g []string) string {
	said := "10 to the power of " + map[string]string{"-": "minus "}[g[2]] + g[3]
	if g[1] != "1" {
		return g[1] + " times " + said
	}
	return said
}

// fraction is a part of one, or a score of so many.
func fraction(g []string) string {
	if said, ok := fractions[g[2]+"/"+g[3]]; ok {
		return g[1] + said
	}
	n, _ := strconv.Atoi(g[2])
	of, _ := strconv.Atoi(g[3])
	if n == of || n+of == 100 {
		return g[1] + g[2] + " " + g[3] // 50/50, 80/20
	}
	if g[3] == "5" || g[3] == "10" || g[3] == "100" {
		return g[1] + g[2] + " out of " + g[3]
	}
	return g[1] + g[2] + " over " + g[3]
}

// vulgar is ½, alone or after a number.
func vulgar(g []string) string {
	said := fractions[vulgars[g[2]]]
	if g[1] != "" {
		return g[1] + " and " + strings.Replace(said, "one half", "a half", 1)
	}
	return said
}

// first are the keywords after which an I alone is a number, and not who speaks.
const first = "Phase Part Type Chapter Tier War Level Volume"

func roman(g []string) string {
	if g[2] == "I" && !strings.Contains(first, g[1]) {
		return g[0]
	}
	for n, name := range romans {
		if name == g[2] {
			return g[1] + " " + strconv.Itoa(n)
		}
	}
	return g[0]
}

// ratio is 3:1, unless it is a time of the day.
func ratio(g []string) string {
	if hour, _ := strconv.Atoi(g[1]); g[3] != "" || len(g[2]) == 2 && g[2] < "60" && hour <= 24 && len(g[1]) <= 2 {
		return g[0]
	}
	return g[1] + " to " + g[2]
}

// between is 3-5, unless it is a number of a telephone or a difference.
func between(g []string) string {
	from, _ := strconv.ParseFloat(g[2], 64)
	to, _ := strconv.ParseFloat(g[4], 64)
	if from >= to && len(g[2]) > 2 || strings.TrimSpace(g[3]) != g[3] && strings.HasPrefix(g[5], "=") {
		return g[0]
	}
	return g[1] + g[2] + " to " + g[4] + g[5]
}

// longPath is the longest path of an address that is said, in bytes.
const longPath = 24

// address is one of the web or of mail: with its dots, without what nobody listens to.
func address(g []string) string {
	rest := g[0]
	if _, after, ok := strings.Cut(rest, "://"); ok {
		rest = strings.TrimPrefix(after, "www.")
	}
	host, path, _ := strings.Cut(rest, "/")
	path, _, _ = strings.Cut(path, "?")
	path, _, _ = strings.Cut(path, "#")
	said := inAddress.Replace(host)
	if path = strings.Trim(path, "/"); path != "" && len(path) <= longPath && !strings.ContainsFunc(path, unicode.IsDigit) {
		said += " slash " + inAddress.Replace(path)
	}
	return said
}

// inAddress has the signs of addresses.
var inAddress = strings.NewReplacer(".", " dot ", "@", " at ", "_", " underscore ", "-", " dash ", "+", " plus ", ":", " port ", "/", " slash ", "%", " ")

// hump is where a word begins within a name.
var hump = regexp.MustCompile(`([a-z0-9])([A-Z])`)

// humps is camelCase.
func humps(g []string) string { return hump.ReplaceAllString(g[0], "$1 $2") }

// dotted is a name of parts, as os.path.join.
func dotted(g []string) string {
	return strings.ReplaceAll(strings.ReplaceAll(g[0], ".", " dot "), "_", " ")
}

// generic is a type of types, as List<String>.
func generic(g []string) string {
	return strings.NewReplacer("<", " of ", ">", "", "[]", " array", "?", "any", "_", " ").Replace(g[0])
}
