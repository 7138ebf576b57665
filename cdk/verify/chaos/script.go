package chaos

import (
	"fmt"
	"os"
	"strings"

	"casey.internal/shared/interview"
)

// questions are the replies of the interviewer, more than anybody hears in one
// interview. No sentence is in two of them, so that it shows when one is said
// twice or never.
func questions() []string {
	all := make([]string, 200)
	for i := range all {
		all[i] = fmt.Sprintf("Now %d more is to be asked about your work. "+
			"Think of the day number %d on which something went wrong. "+
			"What was it that you did on day %d?", i+1, i+1, i+1)
	}
	return all
}

// writeScript puts the questions into a file for the stand-in's model.
func writeScript() (name string, err error) {
	file, err := os.CreateTemp("", "casey-chaos-*.txt")
	if err != nil {
		return "", fmt.Errorf("write the script: %w", err)
	}
	_, err = file.WriteString(strings.Join(questions(), "\n"))
	if e := file.Close(); err == nil {
		err = e
	}
	return file.Name(), err
}

// broken returns the replies that one worker began and the next did not go on
// with, word for word, in an interview that only moved.
func broken(turns []interview.Turn) (replies []string) {
	for i := range len(turns) - 1 {
		a, b := turns[i], turns[i+1]
		if a.Role != interview.Interviewer || b.Role != interview.Interviewer || a.Epoch == b.Epoch || a.Cut {
			continue
		}
		whole := ask(a.Text)
		if whole == "" || whole == a.Text {
			continue // it was over, or is no question of ours
		}
		if !strings.HasPrefix(whole, a.Text+" "+b.Text) {
			replies = append(replies, fmt.Sprintf("%q, then %q", a.Text, b.Text))
		}
	}
	return replies
}

// ask is the question that begins with a text.
func ask(begin string) string {
	for _, q := range questions() {
		if begin != "" && strings.HasPrefix(q, begin) {
			return q
		}
	}
	return ""
}
