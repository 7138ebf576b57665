package interviewer

import (
	"fmt"
	"strings"
	"time"

	"casey.internal/shared/interview"
)

// breath is how long a turn has to be for its pace to be one.
const breath = 3 * time.Second

// delivery is how the candidate spoke, counted from the times of the turns, in
// sentences for them. It has nothing where no turn tells its times.
func delivery(history []interview.Turn) (all []string) {
	var words int
	var spoken, longest, waited, slowest time.Duration
	answers, waits := 0, 0
	for n, turn := range history {
		took := turn.Ended.Sub(turn.Began)
		if turn.Role != interview.Candidate || turn.Began.IsZero() || took < breath {
			continue
		}
		answers++
		words += len(strings.Fields(turn.Text))
		spoken += took
		longest = max(longest, took)
		if n > 0 && history[n-1].Role == interview.Interviewer && !history[n-1].Ended.IsZero() {
			wait := max(turn.Began.Sub(history[n-1].Ended), 0)
			waits++
			waited += wait
			slowest = max(slowest, wait)
		}
	}
	if answers == 0 {
		return nil
	}
	return []string{
		fmt.Sprintf("You spoke %d words a minute.", int(float64(words)/spoken.Minutes()+0.5)),
		fmt.Sprintf("An answer took %s on average, the longest %s.", seconds(spoken/time.Duration(answers)), seconds(longest)),
		fmt.Sprintf("You began to answer after %s on average, at the latest after %s.", seconds(waited/time.Duration(max(waits, 1))), seconds(slowest)),
	}
}

func seconds(d time.Duration) string {
	if n := int(d.Round(time.Second) / time.Second); n != 1 {
		return fmt.Sprintf("%d seconds", n)
	}
	return "1 second"
}
