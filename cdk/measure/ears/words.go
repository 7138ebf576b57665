package ears

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	digits  = regexp.MustCompile(`\d+`)
	foreign = regexp.MustCompile(`[^a-z' ]+`)
	ones    = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen " +
		"sixteen seventeen eighteen nineteen")
	tens = strings.Fields("- - twenty thirty forty fifty sixty seventy eighty ninety")
	// spellings are those of one word that are no mistake.
	spellings = strings.NewReplacer("’", "'", "mr.", "mister", "i'm", "i am", "you're", "you are", "didn't", "did not", "metres", "meters",
		"ill-disposed", "illdisposed", "ill disposed", "illdisposed", "cold-hearted", "coldhearted", "cold hearted", "coldhearted")
)

// Plain returns the words of a text as they are compared: small letters, no marks, numbers spelled.
func Plain(text string) []string {
	text = spellings.Replace(strings.ToLower(text))
	text = digits.ReplaceAllStringFunc(text, func(d string) string { return " " + spell(d) + " " })
	return strings.Fields(foreign.ReplaceAllString(text, " "))
}

// Spoken returns the words of a text as a pronouncing dictionary has them.
func Spoken(text string) []string {
	return strings.Fields(foreign.ReplaceAllString(strings.ToLower(text), " "))
}

// spell says a number below 1000; longer ones figure by figure.
func spell(figures string) string {
	n, err := strconv.Atoi(figures)
	switch {
	case err != nil || n > 999:
		var all []string
		for _, f := range figures {
			all = append(all, ones[f-'0'])
		}
		return strings.Join(all, " ")
	case n < 20:
		return ones[n]
	case n < 100 && n%10 == 0:
		return tens[n/10]
	case n < 100:
		return tens[n/10] + " " + ones[n%10]
	case n%100 == 0:
		return ones[n/100] + " hundred"
	}
	return ones[n/100] + " hundred " + spell(strconv.Itoa(n%100))
}

// Wrong counts the words that have to be replaced, added or left out to make what was said of what
// was heard (the numerator of the word error rate).
func Wrong(said, heard []string) int {
	row := make([]int, len(heard)+1)
	for j := range row {
		row[j] = j
	}
	for i, s := range said {
		diagonal := row[0]
		row[0] = i + 1
		for j, h := range heard {
			edit := diagonal
			if s != h {
				edit++
			}
			diagonal = row[j+1]
			row[j+1] = min(edit, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(heard)]
}
