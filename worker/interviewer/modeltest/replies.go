package modeltest

// text is an answer of text alone.
func text(deltas ...string) Written { return Written{Text: deltas} }

// uses is an answer of text and a tool's use.
func uses(text, name, input string) Written {
	w := Written{Uses: []Use{{"t1", name, input}}}
	if text != "" {
		w.Text = []string{text}
	}
	return w
}

func (w Written) stopped(why string) Written {
	w.Stop = why
	return w
}

// hard is the question that follows in many an answer.
var hard = text("What was hard?")

// replies are malformed replies of every kind that people have met.
var replies = []malformedReply{
	// Blank text.
	{"blanks before a tool", []Written{uses("  \n", "next_phase", "{}"), hard}, "What was hard?", 2, 0},
	{"a tool alone", []Written{uses("", "next_phase", "{}"), hard}, "What was hard?", 2, 0},
	{"nothing but blanks", []Written{text(" ", "\n\n"), hard}, "What was hard?", 0, 0},
	{"nothing at all", []Written{{}, hard}, "What was hard?", 0, 0},
	{"nothing twice", []Written{{}, {}}, "", 0, 0},
	{"blanks that are wide", []Written{uses("\u00a0\u2003", "next_phase", "{}"), hard}, "What was hard?", 2, 0},
	{"dots alone", []Written{text("..."), hard}, "What was hard?", 0, 0},
	{"a filtered answer", []Written{Written{}.stopped("content_filtered"), hard}, "What was hard?", 0, 0},
	{"blanks around", []Written{text("\n\n  I see.  \n\n  What was hard?\n\n")}, "I see.|What was hard?", 0, 0},

	// Thoughts.
	{"thoughts first", []Written{text("<thinking>They built a bridge. I ask.</thinking>What was hard?")}, "What was hard?", 0, 0},
	{"thoughts in pieces", []Written{text("<thi", "nking>They built.", " Yes.</thin", "king>\n\nWhat ", "was hard?")}, "What was hard?", 0, 0},
	{"thoughts by the letter", []Written{text("<", "t", "h", "i", "n", "k", ">", "A.", "<", "/", "t", "h", "i", "n", "k", ">", "Go on.")}, "Go on.", 0, 0},
	{"thoughts amid", []Written{text("I see. <reasoning>It is a bridge.</reasoning> What was hard?")}, "I see.|What was hard?", 0, 0},
	{"thoughts twice", []Written{text("<think>A.</think>I see. <think>B.</think>What was hard?")}, "I see.|What was hard?", 0, 0},
	{"thoughts that never end", []Written{text("<think>They built a bridge."), hard}, "What was hard?", 0, 0},
	{"thoughts cut by the limit", []Written{text("I see. <think>They built").stopped("max_tokens")}, "I see.", 0, 0},
	{"thoughts within thoughts", []Written{text("<thinking>A.<reflection>B.</reflection>C.</thinking>Go on.")}, "Go on.", 0, 0},
	{"thoughts alone before a tool", []Written{uses("<thinking>Next.</thinking>", "next_phase", "{}"), hard}, "What was hard?", 2, 0},
	{"thoughts of a template", []Written{text("<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Go on.<|return|>")}, "Go on.", 0, 0},
	{"a call in the text", []Written{text("I see. <tool_call>{\"name\": \"next_phase\"}</tool_call>")}, "I see.", 0, 0},
	{"an answer in tags", []Written{text("<answer>What was hard?</answer>")}, "What was hard?", 0, 0},
	{"what is no tag", []Written{text("Is p95 < 200 ms, or is List<String> slow?")}, "Is p95 < 200 ms, or is List<String> slow?", 0, 0},

	// Tools that the limit of tokens cut.
	{"text, then half a tool", []Written{uses("I see. What was hard?", "show_exhibit", `{"num`).stopped("max_tokens")}, "I see.|What was hard?", 0, 0},
	{"text, then a tool without its input", []Written{uses("What was hard?", "next_phase", "").stopped("max_tokens")}, "What was hard?", 0, 0},
	{"half a tool alone", []Written{uses("", "show_exhibit", `{"num`).stopped("max_tokens"), hard}, "What was hard?", 0, 0},
	{"a whole tool, then half a one", []Written{{Text: []string{"Look."}, Stop: "max_tokens", Uses: []Use{
		{"t1", "show_exhibit", `{"number":1}`}, {"t2", "next_phase", `{`}}}, hard}, "Look.|What was hard?", 0, 1},
	{"half a sentence", []Written{text("I see. What was the hardest part of the").stopped("max_tokens")}, "I see.", 0, 0},
	{"half the only sentence", []Written{text("What was hard").stopped("max_tokens")}, "What was hard", 0, 0},

	// Tools with an input that is none, or an odd one.
	{"a list for an input", []Written{uses("I see.", "next_phase", "[1]")}, "I see.", 0, 0},
	{"text for an input", []Written{uses("I see.", "next_phase", `"next"`)}, "I see.", 0, 0},
	{"no JSON for an input", []Written{uses("I see.", "next_phase", `{next}`)}, "I see.", 0, 0},
	{"null for an input", []Written{uses("I see.", "next_phase", `null`)}, "I see.", 0, 0},
	{"an input that is none, alone", []Written{uses("", "next_phase", "[1]"), hard}, "What was hard?", 0, 0},
	{"a number in text", []Written{uses("Look.", "show_exhibit", `{"number":"1"}`), hard}, "Look.|What was hard?", 0, 1},
	{"a number as a word", []Written{uses("Look.", "show_exhibit", `{"number":"one"}`), hard}, "Look.|What was hard?", 0, 1},
	{"a number with a point", []Written{uses("Look.", "show_exhibit", `{"number":1.0}`), hard}, "Look.|What was hard?", 0, 1},
	{"a number with its noun", []Written{uses("Look.", "show_exhibit", `{"exhibit":"Exhibit 1"}`), hard}, "Look.|What was hard?", 0, 1},
	{"half a number", []Written{uses("Look.", "show_exhibit", `{"number":1.5}`), hard}, "Look.|What was hard?", 0, 0},
	{"no number", []Written{uses("Look.", "show_exhibit", `{"number":null}`), hard}, "Look.|What was hard?", 0, 0},
	{"a huge number", []Written{uses("Look.", "show_exhibit", `{"number":1e300}`), hard}, "Look.|What was hard?", 0, 0},
	{"a parameter too many", []Written{uses("I see.", "next_phase", `{"phase":"Analysis","why":{"a":[1]}}`), hard}, "I see.|What was hard?", 2, 0},

	// Tools whose use is odd.
	{"a tool that is none", []Written{uses("I see.", "hire", "{}"), hard}, "I see.|What was hard?", 0, 0},
	{"a tool without a name", []Written{uses("I see.", "", "{}")}, "I see.", 0, 0},
	{"a tool's name that is refused", []Written{uses("I see.", "functions.next phase", "{}")}, "I see.", 0, 0},
	{"the same id twice", []Written{{Text: []string{"Look."}, Uses: []Use{{"t1", "show_exhibit", `{"number":1}`}, {"t1", "next_phase", "{}"}}}, hard},
		"Look.|What was hard?", 2, 1},
	{"the same id in each round", []Written{uses("Look.", "show_exhibit", `{"number":1}`), uses("", "next_phase", "{}"), hard}, "Look.|What was hard?", 2, 1},
	{"no id", []Written{{Text: []string{"I see."}, Uses: []Use{{"", "next_phase", "{}"}}}, hard}, "I see.|What was hard?", 2, 0},
	{"an id that is refused", []Written{{Text: []string{"I see."}, Uses: []Use{{"call 1:x", "next_phase", "{}"}}}, hard}, "I see.|What was hard?", 2, 0},
	{"two phases at once", []Written{{Text: []string{"I see."}, Uses: []Use{{"t1", "next_phase", "{}"}, {"t2", "next_phase", "{}"}}}, hard}, "I see.|What was hard?", 2, 0},
	{"two phases, one a round", []Written{uses("I see.", "next_phase", "{}"), uses("", "next_phase", "{}"), hard}, "I see.|What was hard?", 2, 0},
	{"a reason to stop that is none", []Written{text("What was hard?").stopped("tool_use")}, "What was hard?", 0, 0},
	{"a reason to stop that nobody knows", []Written{text("What was hard?").stopped("malformed_model_output")}, "What was hard?", 0, 0},

	// Text that is not the interviewer's.
	{"a label", []Written{text("Interviewer: What was hard?")}, "What was hard?", 0, 0},
	{"a bold label", []Written{text("**Interviewer:** What was hard?")}, "What was hard?", 0, 0},
	{"the candidate's answer too", []Written{text("What was hard?\nCandidate: The rivers.\nInterviewer: Why?")}, "What was hard?", 0, 0},
	{"a block of code", []Written{text("Look.\n```go\nx := 1\n```\nWhat is x?")}, "Look.|What is x?", 0, 0},
	{"the mark of an interruption", []Written{text("I see. [interrupted] What was hard?")}, "I see.|What was hard?", 0, 0},
}
