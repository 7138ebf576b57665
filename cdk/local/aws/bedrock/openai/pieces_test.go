package openai

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzSpoken cuts a JSON answer anywhere: what is said of the pieces is what the
// whole says, and the tool is the same.
func FuzzSpoken(f *testing.F) {
	f.Add("I see. What next?", "next_phase", 3)
	f.Add("A \"b\" \\ é 😀\n\t</b> & ", "none", 1)
	f.Add("", "", 7)
	f.Fuzz(func(t *testing.T, say, tool string, size int) {
		if !utf8.ValidString(say) || !utf8.ValidString(tool) || size < 1 {
			t.Skip("no text")
		}
		data, err := json.Marshal(answerObject{Say: say, Tool: tool})
		if err != nil {
			t.Fatal(err)
		}
		var s spoken
		var said strings.Builder
		for rest := []rune(string(data)); len(rest) > 0; rest = rest[min(size, len(rest)):] {
			said.WriteString(s.add(string(rest[:min(size, len(rest))])))
		}
		use, ok := s.use()
		if said.String() != say || !ok || (use != nil) != (tool != "" && tool != none) || use != nil && use.Name != tool {
			t.Errorf("said %q of %q; use %+v of %q, %v", said.String(), say, use, tool, ok)
		}
	})
}
