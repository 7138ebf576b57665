package rules

import (
	"fmt"
	"slices"
	"strings"
)

// reportTool is the name of a tool that takes the feedback report.
const reportTool = "report"

// moving are the tools that are used in the course of an interview, in turn.
var moving = []string{"next_phase", "show_exhibit"}

// due returns the tool that this turn uses, "" for most turns.
func (r Request) due() string {
	n := r.turns()
	if n == 0 || n%between != 0 {
		return ""
	}
	var offered []string
	for _, name := range moving {
		if slices.ContainsFunc(r.Tools, func(t Tool) bool { return t.Name == name }) {
			offered = append(offered, name)
		}
	}
	if len(offered) == 0 {
		return ""
	}
	return offered[(n/between-1)%len(offered)]
}

// use fills in a tool's input by its schema.
func use(r Request, name string) *Use {
	for _, t := range r.Tools {
		if t.Name == name {
			input, _ := r.fill(t.Schema, name, 0).(map[string]any)
			if input == nil {
				input = map[string]any{}
			}
			return &Use{Name: name, Input: input}
		}
	}
	return nil
}

// deepest bounds how deep a schema is filled in.
const deepest = 8

// fill returns a value that the schema admits: enough of JSON Schema for the inputs of tools. name is the member that it is for.
func (r Request) fill(schema map[string]any, name string, depth int) any {
	if depth > deepest {
		return nil
	}
	if values, ok := schema["enum"].([]any); ok && len(values) > 0 {
		return values[r.turns()/between%len(values)]
	}
	switch schema["type"] {
	case "object", nil:
		return r.object(schema, depth)
	case "array":
		items, _ := schema["items"].(map[string]any)
		return []any{r.fill(items, name, depth+1)}
	case "integer", "number":
		return number(schema)
	case "boolean":
		return true
	}
	return r.remark(name)
}

func (r Request) object(schema map[string]any, depth int) map[string]any {
	out := map[string]any{}
	members, _ := schema["properties"].(map[string]any)
	for name, member := range members {
		if m, ok := member.(map[string]any); ok {
			out[name] = r.fill(m, name, depth+1)
		}
	}
	return out
}

// number returns the middle between a schema's bounds, 3 where it has none.
func number(schema map[string]any) int {
	low, bounded := schema["minimum"].(float64)
	high, ok := schema["maximum"].(float64)
	if !bounded || !ok {
		return int(max(low, 3))
	}
	return int(low+high) / 2
}

// remark is a sentence about the interview for a member of a report.
func (r Request) remark(name string) string {
	return fmt.Sprintf("On %s: the candidate gave %d answers and spoke about the %s.",
		strings.ReplaceAll(name, "_", " "), r.turns(), subjects(r.Messages))
}

// reporting tells whether the feedback report is asked for.
func reporting(r Request, last Message) bool {
	if last.ToolResult {
		return false
	}
	return slices.ContainsFunc(r.Tools, func(t Tool) bool { return t.Name == reportTool }) ||
		strings.Contains(strings.ToLower(r.System+" "+last.Text), "feedback report")
}

func report(r Request) Reply {
	if u := use(r, reportTool); u != nil {
		return Reply{Use: u}
	}
	return Reply{Text: fmt.Sprintf("Feedback report. The candidate gave %d answers. Strong: clear words about the %s. "+
		"To improve: name numbers and results more often. Advice: practise one example for each question.", r.turns(), subjects(r.Messages))}
}

// subjects returns what the candidate spoke about, at most three words.
func subjects(messages []Message) string {
	var words []string
	for _, m := range messages {
		if w := subject(m.Text); m.Role == User && w != "" && !slices.Contains(words, w) && len(words) < 3 {
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return "work"
	}
	return strings.Join(words, " and the ")
}
