package rules_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"casey.internal/cdk/local/aws/bedrock/converse"
	"casey.internal/cdk/local/aws/bedrock/rules"
)

// FuzzAnswer has anybody say anything to any interviewer: there is always
// something to say or to do, and quotes are true.
func FuzzAnswer(f *testing.F) {
	f.Add("# Who you are\nYou are Ada.\n# Where you are\nPhase 1 of 2: One.\n# Questions of this phase, to choose from\n- What is new?", "Hello. What is new?", "I built a bridge.")
	f.Add("", "", "")
	f.Add("", "Hm?", "I built \n one.")
	f.Add("# Exhibits\nExhibit 1, : x", "Hm? [interrupted]", "Wie bitte, ich habe das nicht verstanden?")
	f.Add("# Goals of this phase\n- Show exhibit 1.\n# Exhibits\nExhibit 1, Ü: a; b.", "\n\n", "we ’s \xff “um” you know 3 percent")
	f.Add("", "\xf0", "\x9f\x8c\x8d l.eT") // valid only as one
	f.Fuzz(func(t *testing.T, system, asked, said string) {
		if !utf8.ValidString(system) || !utf8.ValidString(asked) || !utf8.ValidString(said) {
			t.Skip("what is no UTF-8 does not come by JSON")
		}
		r := converse.Request{System: system, Messages: []converse.Message{
			{Role: converse.User, Text: "(The candidate has joined and is listening.)"}, {Role: converse.Assistant, Text: asked}, {Role: converse.User, Text: said},
		}, Tools: []converse.Tool{{Name: "next_phase"}, {Name: "show_exhibit"}, {Name: "end_interview"}}}
		reply := rules.Answer(r)
		if strings.TrimSpace(reply.Text) == "" && reply.Use == nil || !utf8.ValidString(reply.Text) {
			t.Errorf("%+v", reply)
		}
		r.Tools = []converse.Tool{{Name: "report", Schema: map[string]any{"type": "object", "properties": map[string]any{
			"good": map[string]any{"type": "array"}, "better": map[string]any{"type": "array"},
		}}}}
		for _, list := range []string{"good", "better"} {
			points, _ := rules.Answer(r).Use.Input[list].([]string)
			for _, point := range points {
				if _, quote, _ := strings.Cut(point, "“"); !strings.Contains(strings.Join(strings.Fields(said), " "), quote[:strings.LastIndex(quote, "”")]) {
					t.Errorf("no true quote of %q in %q", said, point)
				}
			}
		}
	})
}
