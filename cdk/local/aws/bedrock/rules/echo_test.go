package rules

import "testing"

// TestWhatIsTakenUp has what read silly when interviews were held.
func TestWhatIsTakenUp(t *testing.T) {
	for answer, want := range map[string]string{
		"I would split profit into sales and costs, and look at each of them.":                       "you would split profit into sales and costs",
		"It goes into staff, which costs four million more, as much as sales have grown.":            "it goes into staff",
		"Four million dollars. More, 60%.":                                                           "four million dollars",
		"I would like to know where the shops are since a place in the center may be busy at night.": "the shops",
		"In the evening, an average shop sells for forty five dollars an hour and pays sixty.":       "forty five dollars",
		"I like to build things that many people use every day.":                                     "you like to build things that many people use",
		"When I measured the requests I found that the database was slow.":                           "you measured the requests",
		"I asked what I could do better.":                                                            "you asked what you could do better",
		"His tender air might bear his memory.":                                                      "his tender air might bear his memory",
		"Go somewhere and do something, ten of clubs.":                                               "clubs",
		"An oven.":                         "the oven",
		"My father worked as a carpenter.": "your father worked as a carpenter",
		"He had grown.":                    "he had grown",
	} {
		if got, _ := takeUp(answer); got != want {
			t.Errorf("of %q %q is taken up, want %q", answer, got, want)
		}
	}
}
