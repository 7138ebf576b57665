package interviewer

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/conversation"
)

// The tools of a reply.
const (
	nextPhase    = "next_phase"
	showExhibit  = "show_exhibit"
	endInterview = "end_interview"
)

// tools returns what the model may do in a reply.
func (i *Interview) tools() []Tool {
	all := []Tool{{
		Name:        nextPhase,
		Description: "Go to the next phase of the interview, when the goals of this one are met.",
		Schema:      json.RawMessage(`{"type":"object","properties":{}}`),
	}, {
		Name:        endInterview,
		Description: "End the interview at once, when the candidate has confirmed that they want to stop.",
		Schema:      json.RawMessage(`{"type":"object","properties":{}}`),
	}}
	if n := len(i.Exhibits); n > 0 {
		all = append(all, Tool{
			Name:        showExhibit,
			Description: "Show an exhibit on the candidate's screen. Say that you do.",
			Schema: json.RawMessage(fmt.Sprintf(
				`{"type":"object","properties":{"number":{"type":"integer","minimum":1,"maximum":%d}},"required":["number"]}`, n)),
		})
	}
	return all
}

// firstProgress returns the progress with which an interview begins.
func (i *Interview) firstProgress() conversation.Progress {
	return i.inPhase(conversation.Progress{}, 0)
}

// inPhase returns p in another phase.
func (i *Interview) inPhase(p conversation.Progress, phase int) conversation.Progress {
	p.Phase = channel.Phase{Name: i.Phases[phase].Name, Index: phase + 1, Of: len(i.Phases)}
	p.Profile = i.Phases[phase].Profile
	p.Longest = cmp.Or(time.Duration(i.Phases[phase].Longest)*time.Second, longest)
	return p
}

// useTool does what the model wishes to do; the result is for the model.
func (i *Interview) useTool(p conversation.Progress, u ToolUse) (conversation.Progress, ToolResult) {
	switch u.Name {
	case nextPhase:
		return i.goToNextPhase(p, u)
	case showExhibit:
		return i.showExhibit(p, u)
	case endInterview:
		return i.end(p, u)
	}
	return p, ToolResult{ID: u.ID, Text: "There is no such tool.", Error: true}
}

func (i *Interview) goToNextPhase(p conversation.Progress, u ToolUse) (conversation.Progress, ToolResult) {
	phase := i.phase(p) + 1
	if phase == len(i.Phases) {
		return i.end(p, u)
	}
	p = i.inPhase(p, phase)
	return p, ToolResult{ID: u.ID, Text: fmt.Sprintf("You are now in phase %d, %s. Its goals: %s. Ask its first question.",
		phase+1, p.Phase.Name, i.Phases[phase].Goals)}
}

// end ends the interview with this reply.
func (i *Interview) end(p conversation.Progress, u ToolUse) (conversation.Progress, ToolResult) {
	p.Over = true
	return p, ToolResult{ID: u.ID, Text: i.place(p)}
}

func (i *Interview) showExhibit(p conversation.Progress, u ToolUse) (conversation.Progress, ToolResult) {
	input, _ := read(string(u.Input), "{")
	n, ok := input.get("number").number(0)
	number := int(n)
	if !ok || float64(number) != n || number < 1 || number > len(i.Exhibits) {
		return p, ToolResult{ID: u.ID, Text: fmt.Sprintf("There are the exhibits 1 to %d.", len(i.Exhibits)), Error: true}
	}
	e := i.Exhibits[number-1]
	p.Exhibit = &channel.Exhibit{Index: number, Title: e.Title, URL: e.url, Alt: e.Alt}
	return p, ToolResult{ID: u.ID, Text: "The candidate sees it now. Go on from where you were; do not repeat yourself."}
}
