package speechtest_test

import (
	"testing"

	"casey.internal/worker/speech"
	"casey.internal/worker/speech/speechtest"
)

func TestTwin(t *testing.T) {
	speechtest.Run(t, func(*testing.T) speech.Synthesizer { return new(speechtest.Synthesizer) })
}
