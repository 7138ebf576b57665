package speakable_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"casey.internal/worker/language"
	"casey.internal/worker/speakable"
)

// lines are what models write: what of it is shown, "" where all is, and what is said,
// "" where that is the same.
var lines = []struct{ written, shown, said string }{
	// Plain words.
	{"Plain words, 3.5 of them.", "", ""},
	{"C'est déjà l'été, \"oui\".", "", ""},
	{"Well, why not? I see!", "", ""},
	{"Well… hm", "", "Well... hm"},
	{"100% sure — really", "", "100 percent sure, really"},
	{"So -- I think - yes.", "", "So, I think, yes."},
	{"A state-of-the-art T-shirt.", "", ""},

	// Markup that is neither shown nor said.
	{"**Bold** and *italic* and `code` and _this_.", "Bold and italic and code and this.", ""},
	{"***Both*** and __very bold__ and ~~gone~~.", "Both and very bold and gone.", ""},
	{"*One* *two* _three_ _four_.", "One two three four.", ""},
	{"**The first half.", "The first half.", ""},
	{"The second half.**", "The second half.", ""},
	{"# Title\n\n- one\n- two\n* three", "Title one two three", ""},
	{"## 2. Title", "2. Title", ""},
	{"> A quote.", "A quote.", ""},
	{"1. First, then 2) second.", "", ""},
	{"See [the page](https://example.com/x).", "See the page.", ""},
	{"![A picture](a.png) of it", "A picture of it", ""},
	{"As shown[^1] here.", "As shown here.", ""},
	{"| a | b |\n|---|---|\n| 1 | 2 |", "a | b 1 | 2", "a, b 1, 2"},
	{"<b>Bold</b> and <br/> <span class=\"x\">this</span>.", "Bold and this.", ""},
	{"```go\nfmt.Println()\n```Done.", "Done.", ""},
	{"2 \\* 3 and \\_x\\_", "2 * 3 and _x_", "2 times 3 and x"},
	{"R&amp;D is &lt; 5", "R&D is < 5", "R and D is less than 5"},
	{"Great! 🎉👍🏽 Go on 🙂", "Great! Go on", ""},
	{"zero\u200bwidth\u0007", "zerowidth", ""},

	// Signs that look like markup and have a meaning.
	{"2 * 3 * 4 = 24", "", "2 times 3 times 4 equals 24"},
	{"2*3*4", "", "2 times 3 times 4"},
	{"a*b and c*d", "", "a times b and c times d"},
	{"2**10 is 1024", "", "2 to the power of 10 is 1024"},
	{"Use `*args` and `**kwargs`.", "Use *args and **kwargs.", "Use star args and star star kwargs."},
	{"The A* search", "", "The A star search"},
	{"snake_case and SNAKE_CASE_NAME", "", "snake case and SNAKE CASE NAME"},
	{"The `__init__` of _private_var", "The __init__ of _private_var", "The init of private var"},
	{"# of users and #1", "", "number of users and number 1"},
	{"Issue #42 and #golang", "", "Issue number 42 and hashtag golang"},
	{"> 90% of users", "", "greater than 90 percent of users"},
	{"array[0] and calls[i](x)", "", "array at 0 and calls at i(x)"},
	{"items[-1], an int[] and [1, 2]", "", "items at minus 1, an int array and 1, 2"},
	{"A List<String> and a Map<String, Integer>.", "", "A List of String and a Map of String, Integer."},
	{"std::vector<List<int>> of <T>", "", "std vector of List of int of T"},
	{"~5 minutes, ~$20", "", "about 5 minutes, about 20 dollars"},

	// Names.
	{"C# and F#, C++ and C.", "", "C sharp and F sharp, C plus plus and C."},
	{"I know C#.", "", "I know C sharp."},
	{"C++17 or g++", "", "C plus plus 17 or G plus plus"},
	{".NET, ASP.NET and .NET 8", "", "dot net, A S P dot net and dot net 8"},
	{"Node.js and Vue.js.", "", "Node J S and Vue J S."},
	{"i/o, I/O and TCP/IP", "", "I O, I O and T C P I P"},
	{"CI/CD and A/B tests", "", "C I C D and A B tests"},
	{"On call 24/7.", "", "On call 24 7."},
	{"R&D, Q&A and AT&T", "", "R and D, Q and A and A T and T"},
	{"k8s and i18n", "", "Kubernetes and internationalization"},
	{"AWS, SQL, JSON and an API.", "", ""},
	{"An iPhone, macOS and gRPC.", "", ""},
	{"JavaScript and PostgreSQL.", "", ""},
	{"A PhD in the U.S.", "", ""},

	// Abbreviations.
	{"Tools, e.g. Go, i.e. not C, etc.", "", "Tools, for example Go, that is not C, and so on."},
	{"Tools, e.g., Go", "", "Tools, for example Go"},
	{"Ops etc. and more", "", "Ops and so on and more"},
	{"R & D vs. sales", "", "R and D versus sales"},
	{"approx. noon w/ me and/or her, w/o him", "", "approximately noon with me and or her, without him"},
	{"No. 5, fig. 2 and p. 7", "", "number 5, figure 2 and page 7"},
	{"No. That is it.", "", ""},
	{"Jones et al., a.k.a. the team", "", "Jones and others, also known as the team"},
	{"max. 5, min. 2, ca. 3", "", "at most 5, at least 2, about 3"},
	{"Dr. Smith and Mr. Jones, 5 p.m.", "", ""},
	{"§ 5 or N/A", "", "section 5 or not applicable"},

	// Comparisons, arrows, logic.
	{"p95 < 200", "", "p95 less than 200"},
	{"<200 ms, >90%", "", "less than 200 milliseconds, more than 90 percent"},
	{"a < b > c <break/> d", "a < b > c d", "a less than b greater than c d"},
	{"if a<b and c>d", "", "if a less than b and c greater than d"},
	{"x <= 5, y >= 6", "", "x at most 5, y at least 6"},
	{"x ≤ 5, y≥6, z ≠ 7", "", "x at most 5, y at least 6, z is not equal to 7"},
	{"x != y and x == y", "", "x is not equal to y and x equals y"},
	{"x=5, y := 6, z += 1", "", "x equals 5, y is set to 6, z plus equals 1"},
	{"a->b, A → B and x => x", "", "a arrow b, A to B and x arrow x"},
	{"f(int) -> str", "", "f(int) to str"},
	{"a && b || !c", "", "a and b or not c"},
	{"1 << 4", "", "1 shift left 4"},
	{"π ≈ 3.14, 5 ± 2", "", "π about 3.14, 5 plus or minus 2"},

	// Arithmetic.
	{"2 + 3 - 1 = 4", "", "2 plus 3 minus 1 equals 4"},
	{"10 - 3 = 7", "", "10 minus 3 equals 7"},
	{"8 / 2, 8 ÷ 2, 3 × 4", "", "8 divided by 2, 8 divided by 2, 3 times 4"},
	{"n^2, n^3, 2^10, 10^-3", "", "n squared, n cubed, 2 to the power of 10, 10 to the power of minus 3"},
	{"x², 20 m², O(n^2)", "", "x squared, 20 square meters, O of n squared)"},
	{"O(n log n)", "", "O of n log n)"},
	{"n % 2 and i++", "", "n modulo 2 and i plus plus"},
	{"10x faster, 1920x1080", "", "10 times faster, 1920 by 1080"},
	{"5+ years, +5%", "", "5 plus years, plus 5 percent"},
	{"It was -5 degrees.", "", "It was minus 5 degrees."},
	{"1e6, 2.5e-3", "", "10 to the power of 6, 2.5 times 10 to the power of minus 3"},
	{"0xFF and 1_000_000", "", "hex FF and 1000000"},

	// Money.
	{"You asked for $60k, or $1.5M over 2-3 years.", "", "You asked for 60 thousand dollars, or 1.5 million dollars over 2 to 3 years."},
	{"It cost €1,200, then £5.", "", "It cost 1,200 euros, then 5 pounds."},
	{"$1, $1.2M, $3bn and $0.50", "", "1 dollar, 1.2 million dollars, 3 billion dollars and 0.50 dollars"},
	{"$5-10, $2-3M", "", "5 to 10 dollars, 2 to 3 million dollars"},
	{"100 €, 5€", "", "100 euros, 5 euros"},
	{"$5 million and ¥100", "", "5 million dollars and 100 yen"},
	{"$3/month, $100/h", "", "3 dollars per month, 100 dollars per hour"},
	{"It was $5.", "", "It was 5 dollars."},

	// Numbers and units.
	{"5k users, 10-15% and 10k.", "", "5 thousand users, 10 to 15 percent and 10 thousand."},
	{"70B parameters, 1.5M users", "", "70 billion parameters, 1.5 million users"},
	{"200 ms, 1 ms, 5s, 2 GB", "", "200 milliseconds, 1 millisecond, 5 seconds, 2 gigabytes"},
	{"5 km/h and 30 req/s", "", "5 kilometers per hour and 30 req per second"},
	{"60 fps at 2.4 GHz", "", "60 frames per second at 2.4 gigahertz"},
	{"25°C, 70 °F, 90°", "", "25 degrees Celsius, 70 degrees Fahrenheit, 90 degrees"},
	{"in °C", "", "in degrees Celsius"},
	{"The 80s, the 1990s.", "", ""},
	{"1,000,000 people", "", ""},
	{"v2.1, v3 and Go 1.26", "", "version 2.1, version 3 and Go 1.26"},
	{"v1.2.3 and 1.26.1", "", "version 1 dot 2 dot 3 and 1 dot 26 dot 1"},
	{"10.0.0.1:8080", "", "10 dot 0 dot 0 dot 1 port 8080"},
	{"1/2, 2/3 and 3/4", "", "one half, two thirds and three quarters"},
	{"½ or 2½", "", "one half or 2 and a half"},
	{"4/5, 8/10 and 5/8", "", "4 out of 5, 8 out of 10 and 5 over 8"},
	{"The 1st, 2nd and 3rd.", "", ""},
	{"Phase II and World War II, Part IX", "", "Phase 2 and World War 2, Part 9"},
	{"Henry VIII and I", "", ""},

	// Times, dates, ranges, ratios.
	{"At 3:30 or 15:45.", "", ""},
	{"A ratio of 3:1 or 16:9, 80:20", "", "A ratio of 3 to 1 or 16 to 9, 80 to 20"},
	{"On 2026-03-01.", "", "On March 1, 2026."},
	{"On 3/14/2026.", "", ""},
	{"On 2026-13-01.", "", ""},
	{"3-5 of them, 9-5", "", "3 to 5 of them, 9 to 5"},
	{"3–5 weeks, 1990–1995", "", "3 to 5 weeks, 1990 to 1995"},
	{"Q1-Q3, A-Z, London–Paris", "", "Q1 to Q3, A to Z, London to Paris"},
	{"Call 555-1234 or 555-123-4567.", "", ""},
	{"10-20ms, 10-20k", "", "10 to 20 milliseconds, 10 to 20 thousand"},
	{"2 – 3 weeks – or more", "", "2 to 3 weeks, or more"},
	{"A F-16 and COVID-19", "", ""},

	// Addresses and names of files.
	{"See https://example.com.", "", "See example dot com."},
	{"https://www.example.com/docs/intro?x=1#top", "", "example dot com slash docs slash intro"},
	{"http://localhost:8080", "", "localhost port 8080"},
	{"Mail john.doe@example.com.", "", "Mail john dot doe at example dot com."},
	{"Ask <a_b@example.org> or @jane", "Ask a_b@example.org or @jane", "Ask a underscore b at example dot org or at jane"},
	{"example.com/about is good", "", "example dot com slash about is good"},
	{"main.go, config.yaml and .env", "", "main dot go, config dot yaml and dot env"},
	{"os.path.join and fmt.Println(x)", "", "os dot path dot join and fmt dot Println(x)"},
	{"getUserName() and this.name", "", "get User Name and this dot name"},
	{"--verbose or -v", "", "dash dash verbose or dash v"},
	{"C:\\Users and ~/bin", "", "C: backslash Users and home slash bin"},

	// What people say in interviews, with signs that mean nothing else.
	{"What's your 5-year plan, on a scale of 1-10?", "", "What's your 5-year plan, on a scale of 1 to 10?"},
	{"Is $50M/year enough, or $100k+?", "", "Is 50 million dollars per year enough, or 100 thousand dollars plus?"},
	{"The price* is 50/50, the rest 80/20.", "The price* is 50/50, the rest 80/20.", "The price is 50 50, the rest 80 20."},
	{"A 2x2 matrix, a 2-3 page summary", "", "A 2 by 2 matrix, a 2 to 3 page summary"},
	{"Type I errors, a Class I took", "", "Type 1 errors, a Class I took"},
	{"Flat 5B, a 747-400, a 401k and 4K", "", "Flat 5B, a 747-400, a 401 K and 4 K"},
	{"The answer is no. 5 of us-based ones.", "", ""},
	{"It took 5 min. 3 came, at 5:30pm.", "", "It took 5 minutes. 3 came, at 5:30pm."},
	{"It took 5 min* 3 came, in 7 h# of 2.", "", "It took 5 minutes 3 came, in 7 hours of 2."},
	{"Go, Rust, etc.?", "", "Go, Rust, and so on?"},
	{"Mr. & Mrs. Jones' A+ and R²", "", "Mr. and Mrs. Jones' A plus and R squared"},
	{"$5mn, $20m and €3 million", "", "5 million dollars, 20 million dollars and 3 million euros"},
	{"Night/day, 3 hours/week, 5k calls/min", "", "Night/day, 3 hours per week, 5 thousand calls per minute"},
	{"He/she, yes/no, k-means and a win-win", "", ""},

	// Nothing to say.
	{"---", "", ""}, {"🙂", "", ""}, {"", "", ""}, {"***", "", ""}, {"```", "", ""}, {" \n ", "", ""}, {"?!", "", ""},
}

// silent reports whether a text says nothing.
func silent(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

func TestOf(t *testing.T) {
	if len(lines) < 120 {
		t.Errorf("%d lines", len(lines))
	}
	for _, c := range lines {
		shown := c.shown
		if shown == "" && !silent(c.written) {
			shown = c.written
		}
		said := c.said
		if said == "" {
			said = shown
		}
		got := speakable.Of(c.written, language.English)
		if got.Written != shown || got.Said != said {
			t.Errorf("%q\nis shown as %q\nand said as %q\nwant       %q", c.written, got.Written, got.Said, said)
		}
		if again := speakable.Of(said, language.English); again.Said != said {
			t.Errorf("what is said, %q, is said as %q", said, again.Said)
		}
	}
}

// TestWrittenAt: each word that is said stands somewhere in what was written, in order.
func TestWrittenAt(t *testing.T) {
	for _, c := range []struct{ written, words string }{
		{"Plain words.", "Plain words"},
		{"I know C#, Node.js and Go.", "I know C # Node .js .js and Go"},
		{"p95 < 200 ms", "p95 < < 200 ms"},
		{"It was $1.2M then.", "It was $1.2M $1.2M $1.2M then"},
		{"About 15% of 10k — yes", "About 15 % of 10 k yes"},
		{"2 * 3 = 6", "2 * 3 = 6"},
		{"Tools, e.g. Go", "Tools e.g. e.g. Go"},
		{"**Bold** `List<String>` here", "Bold List <String> <String> here"},
	} {
		l := speakable.Of(c.written, language.English)
		var got []string
		at := 0
		for word := range strings.FieldsSeq(l.Said) {
			word = strings.Trim(word, ",.")
			from := at + strings.Index(l.Said[at:], word)
			at = from + len(word)
			start, end := l.WrittenAt(from, at)
			got = append(got, l.Written[start:end])
		}
		if strings.Join(got, " ") != c.words {
			t.Errorf("%q is said as %q: words %q", c.written, l.Said, got)
		}
	}
}

// FuzzOf: whatever is written, what is said is plain, nothing is said of nothing, and
// every place in it has one in what is shown.
func FuzzOf(f *testing.F) {
	for _, c := range lines {
		f.Add(c.written)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l := speakable.Of(text, language.English)
		if (l.Said == "") != (l.Written == "") || l.Said != "" && silent(l.Said) {
			t.Errorf("%q is shown as %q and said as %q", text, l.Written, l.Said)
		}
		for _, s := range []string{l.Said, l.Written} {
			if strings.TrimSpace(s) != s || strings.ContainsFunc(s, unicode.IsControl) || utf8.ValidString(text) && !utf8.ValidString(s) {
				t.Errorf("%q becomes %q", text, s)
			}
		}
		if strings.ContainsAny(l.Said, "<>*`{}[]\\|~^") {
			t.Errorf("%q is said as %q", text, l.Said)
		}
		last := 0
		for from := range l.Said {
			start, end := l.WrittenAt(from, min(from+3, len(l.Said)))
			if start < last || end < start || end > len(l.Written) {
				t.Fatalf("%q: byte %d of %q is at %d to %d of %q", text, from, l.Said, start, end, l.Written)
			}
			last = start
		}
	})
}

// FuzzPlain: words without signs are said as they are written.
func FuzzPlain(f *testing.F) {
	f.Add("Tell me, why did you leave? I see.")
	f.Fuzz(func(t *testing.T, text string) {
		plain := strings.Join(strings.FieldsFunc(text, func(r rune) bool { return (r < 'a' || r > 'z') && r != ',' && r != '?' }), " ")
		if l := speakable.Of(plain, language.English); !silent(plain) && (l.Said != plain || l.Written != plain) && !strings.Contains(plain, "etc") && !strings.Contains(plain, "vs") && !strings.Contains(plain, "eg,") {
			t.Errorf("%q is said as %q", plain, l.Said)
		}
	})
}

func BenchmarkOf(b *testing.B) {
	for b.Loop() {
		speakable.Of("That is a good example, thank you. What was the hardest part of it for you and your team?", language.English)
	}
}

// TestOtherLanguages: no word of English comes into what is said in another language.
func TestOtherLanguages(t *testing.T) {
	for _, c := range []struct {
		in            language.Language
		written, said string
	}{
		{language.German, "Etwa 3,5 % der Kosten, d. h. 1.200 €.", "Etwa 3,5 Prozent der Kosten, das heißt 1.200 Euro."},
		{language.German, "z. B. C# & Java", "zum Beispiel C sharp und Java"},
		{language.German, "Am 3. Mai kamen 10–20 Leute, usw. bis 20 km/h", "Am 3. Mai kamen 10 bis 20 Leute, und so weiter bis 20 Kilometer pro Stunde"},
		{language.German, "Ein **Team** von 5 Leuten", "Ein Team von 5 Leuten"},
		{language.German, "Warum? Max. 5 Minuten, etc.", "Warum? Max. 5 Minuten, et cetera."},
		{language.Spanish, "Un 20% más, p. ej. 500 € al mes.", "Un 20 por ciento más, por ejemplo 500 euros al mes."},
		{language.Spanish, "¿Cuál fue el nº 3 & por qué?", "¿Cuál fue el número 3 y por qué?"},
		{"fr", "Environ 20 % et 500 €, etc.", "Environ 20 % et 500 €, etc."},
		{"fr", "Un **projet** de 5 km", "Un projet de 5 km"},
	} {
		if l := speakable.Of(c.written, c.in); l.Said != c.said {
			t.Errorf("%s: %q is said as %q, not %q", c.in, c.written, l.Said, c.said)
		}
	}
}
