package foundation_test

import (
	"testing"

	"casey.internal/shared/foundation"
)

func TestEachModelReadsInItsOwnWay(t *testing.T) {
	for name, want := range map[string]foundation.Reading{
		"us.anthropic.claude-haiku-5-5":                   {BytesAToken: 3.1, Points: 4, Minimum: 512},
		"global.anthropic.claude-haiku-4-5-20251001-v1:0": {BytesAToken: 4, Points: 4, Minimum: 4096},
		"amazon.nova-micro-v1:0":                          {BytesAToken: 4, Points: 4, Minimum: 1000},
		"us.meta.llama3-3-70b-instruct-v1:0":              {BytesAToken: 4},
		"":                                                {BytesAToken: 4},
	} {
		if got := foundation.ReadingOf(name); got != want {
			t.Errorf("%s reads by %+v", name, got)
		}
	}
	for _, m := range foundation.Defaults() {
		if foundation.ReadingOf(m.ID).Points == 0 {
			t.Errorf("nothing is known of how %s reads", m.ID)
		}
	}
	if n := foundation.ReadingOf("claude-haiku-5-5").Tokens(3100); n != 1000 {
		t.Errorf("%d tokens", n)
	}
}
