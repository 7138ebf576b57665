package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"testing"
)

func TestHowItEnds(t *testing.T) {
	flags := flag.NewFlagSet("tool", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	for name, test := range map[string]struct {
		err         error
		interrupted bool
		status      int
		line        string
	}{
		"well":                {nil, false, 0, ""},
		"well after Ctrl-C":   {nil, true, 0, ""},
		"helped":              {Parse(flags, []string{"-h"}), false, 0, ""},
		"an unknown flag":     {Parse(flags, []string{"-x"}), false, wrong, "flag provided but not defined: -x"},
		"wrong, wrapped":      {fmt.Errorf("own: %w", WrongError{errors.New("no such seed")}), false, wrong, "own: no such seed"},
		"stopped by somebody": {fmt.Errorf("play: %w", context.Canceled), true, stopped, "stopped"},
		"failed":              {errors.New("disk full"), false, failed, "disk full"},
	} {
		if status, line := end(test.err, test.interrupted); status != test.status || line != test.line {
			t.Errorf("%s: exits with %d and says %q, want %d and %q", name, status, line, test.status, test.line)
		}
	}
}
