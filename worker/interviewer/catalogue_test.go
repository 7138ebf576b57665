package interviewer_test

import (
	"encoding/json"
	"strings"
	"testing"

	"casey.internal/worker/interviewer"
)

func TestTheCatalogueGivesNothingAway(t *testing.T) {
	cards := interviewer.BuiltIn().Catalogue()
	if len(cards) != len(interviewer.BuiltIn().Names()) || cards[0].Name != "coach" {
		t.Errorf("%d cards, the first %q", len(cards), cards[0].Name)
	}
	data, err := json.Marshal(cards)
	if err != nil {
		t.Fatal(err)
	}
	if err := interviewer.BuiltIn().GivesAway(string(data)); err != nil {
		t.Error(err)
	}
	i := load(t, "case")
	for _, secret := range []string{i.Rubric[0].LooksFor, i.Guidance[0], i.Facts[0].Fact, i.Exhibits[0].Facts, i.Levels["demanding"][0], i.Phases[0].Goals[0]} {
		if err := interviewer.BuiltIn().GivesAway("before " + strings.ToUpper(secret) + " after"); err == nil {
			t.Errorf("%q is not noticed", secret)
		}
	}
	for _, c := range cards {
		if c.Name == "behavioural" && (len(c.Languages) != 2 || c.Languages[0].Language != "de-DE" || c.Languages[1].Title != "Entrevista por competencias") {
			t.Errorf("card %+v", c)
		}
		if c.Name == "case" && (len(c.Levels) != 3 || c.Levels[0] != interviewer.Gentle || c.Interviewer.Name != "Robin" || c.Minutes != 30) {
			t.Errorf("card %+v", c)
		}
	}
}
