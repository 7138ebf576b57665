package transcribe_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/transcribestreaming/types"

	"casey.internal/worker/interviewer"
)

// TestLanguages holds what an interview's file may say to what the service takes.
func TestLanguages(t *testing.T) {
	taken := types.LanguageCode("").Values()
	for _, code := range interviewer.Heard() {
		if !slices.Contains(taken, types.LanguageCode(code)) {
			t.Errorf("Transcribe has no %s", code)
		}
	}
	if len(interviewer.Heard()) != len(taken) {
		t.Errorf("Transcribe has %d languages, interviews %d", len(taken), len(interviewer.Heard()))
	}
}
