package main

import (
	"errors"
	"flag"
	"io"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/command"
	"casey.internal/cdk/measure/fleet"
)

func TestAScenarioOfOnesOwn(t *testing.T) {
	a, err := parse(strings.Fields("-arrivals 120 -times 3 -length 30m -start 60s -streams 40 -speech 16 -for 2h -c slots=10 -c streams=50"), io.Discard)
	if err != nil || !a.own {
		t.Fatal(a, err)
	}
	s := a.scenario()
	if s.Options.Slots != 10 || s.Options.Streams != 50 || s.Account.Streams != 40 || s.Account.Speech != 16 ||
		s.World.Shortest != 20*time.Minute || s.World.StartMost != 80*time.Second || s.For-s.Lead != 2*time.Hour || s.Rate(0) != 120 || s.Rate(s.For) != 360 || s.Most != 360 {
		t.Errorf("%+v", s)
	}
	got, err := fleet.Run(t.Context(), s)
	if err != nil || got.MostActive != 40 {
		t.Errorf("at most %d interviews, %v", got.MostActive, err)
	}
}

func TestNothingAskedIsEverything(t *testing.T) {
	if a, err := parse([]string{"-seed", "3"}, io.Discard); err != nil || a.own || a.seed != 3 {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestWrongArgumentsAreASentence(t *testing.T) {
	for args, say := range map[string]string{
		"-arrivals -3":           "needs -arrivals",
		"-for 2h":                "needs -arrivals",
		"-arrivals many":         "invalid value",
		"-arrivals 10 -for 1s":   "from 1m to 168h",
		"-arrivals 10 -length 9": "invalid value",
		"-arrivals 10 -start 2h": "from 0s to 1h",
		"-arrivals 10 -vcpu -1":  "no quota is negative",
		"-arrivals 10 -times -1": "from 0 to 1000",
		"-c slots":               "want KEY=VALUE",
		"-c slots=0":             "1 to 2000",
		"-c slot=1":              "is not an option",
		"fast":                   `"fast" is no flag`,
		"-fast":                  "not defined",
	} {
		_, err := parse(strings.Fields(args), io.Discard)
		if _, wrong := errors.AsType[command.WrongError](err); !wrong || !strings.Contains(err.Error(), say) {
			t.Errorf("%s: %v", args, err)
		}
	}
	if _, err := parse([]string{"-help"}, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("help: %v", err)
	}
}
