package foundation

// Reading is how a model reads what it is asked.
type Reading struct {
	BytesAToken float64 // of English, about
	// Points is how many cache points a request may have: what stands before one is kept
	// for five minutes, and then costs little to read again. 0 = the model takes none.
	Points  int
	Minimum int // tokens before a cache point; before that nothing is kept
}

// readings are found by a part of a model's name (Has); the first that fits counts. As of
// November 2026; Claude's bytes are those of its price pages (a token of 4.7 and later
// holds a third less than one before), and where AWS's page says nothing of a model yet,
// its minimum is its maker's. Sonnet 5.5's is Sonnet 5's: too high, if it is wrong, and
// then the first replies are read at full price.
//
// https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
// https://platform.claude.com/docs/en/build-with-claude/prompt-caching
// https://platform.claude.com/docs/en/models/haiku-5-5/overview
var readings = []struct {
	part string
	Reading
}{
	{"claude-haiku-5-5", Reading{3.1, 4, 512}},
	{"claude-haiku-4-5", Reading{4, 4, 4096}},
	{"claude-sonnet-5", Reading{3.1, 4, 1024}},
	{"claude-sonnet-4", Reading{4, 4, 2048}}, // 1,024 before 4.6
	{"claude-opus-5", Reading{3.1, 4, 512}},
	{"amazon.nova-micro-v1", Reading{4, 4, 1000}},
	{"amazon.nova-lite-v1", Reading{4, 4, 1000}},
	{"amazon.nova-pro-v1", Reading{4, 4, 1000}},
}

// ReadingOf returns how the model of a name reads. One that is not known takes no cache
// points: most models refuse a request that has any.
func ReadingOf(name string) Reading {
	for _, r := range readings {
		if Has(name, r.part) {
			return r.Reading
		}
	}
	return Reading{BytesAToken: 4}
}

// Tokens returns about how many tokens so many bytes of English are.
func (r Reading) Tokens(bytes int) int { return int(float64(bytes) / r.BytesAToken) }
