package speech

import "time"

// HeardBy returns what of a text has been heard a while after it began: by its
// marks, or where they name no words by how long all of it is. That is a prefix
// of whole words, with the punctuation that belongs to them.
func HeardBy(text string, marks []Mark, after, length time.Duration) string {
	switch {
	case after >= length:
		return text
	case after <= 0:
		return ""
	case len(timed(marks, WordMark, 0)) > 0:
		return heardByMarks(text, marks, after)
	}
	return heardByLength(text, after, length)
}
