package bedrock_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"casey.internal/worker/bedrock"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/interviewer/modeltest"
)

// TestMalformed: whatever a model writes, what can be used of it is, and nothing is
// sent back that ConverseStream refuses.
func TestMalformed(t *testing.T) {
	modeltest.Malformed(t, func(t *testing.T, answers ...modeltest.Written) interviewer.Model {
		asked := 0
		return serve(t, bedrock.Config{}, func(c *call) {
			if err := acceptable(c.request); err != nil {
				t.Error(err)
				c.refuse(http.StatusBadRequest, "ValidationException")
				return
			}
			if asked++; asked > len(answers) {
				t.Errorf("asked %d times", asked)
				c.refuse(http.StatusForbidden, "AccessDeniedException")
				return
			}
			write(c, answers[asked-1])
		}).Model("s1", nil)
	})
}

func write(c *call, w modeltest.Written) {
	for _, piece := range w.Text {
		c.text(piece)
	}
	for n, u := range w.Uses {
		c.event("contentBlockStart", object{"contentBlockIndex": n + 1, "start": object{"toolUse": object{"toolUseId": u.ID, "name": u.Name}}})
		for _, half := range []string{u.Input[:len(u.Input)/2], u.Input[len(u.Input)/2:]} {
			c.event("contentBlockDelta", object{"contentBlockIndex": n + 1, "delta": object{"toolUse": object{"input": half}}})
		}
		c.event("contentBlockStop", object{"contentBlockIndex": n + 1})
	}
	switch {
	case w.Stop != "":
		c.end(w.Stop)
	case len(w.Uses) > 0:
		c.end(interviewer.StopToolUse)
	default:
		c.end(interviewer.StopEnd)
	}
}

// acceptable checks what the service does: no text is blank, and each use of a tool has
// a name and an id of its own.
func acceptable(r *http.Request) error {
	var body struct {
		Messages []struct {
			Content []struct {
				Text    *string
				ToolUse *struct{ ToolUseID, Name string }
			}
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return err
	}
	ids := map[string]bool{}
	for n, m := range body.Messages {
		if len(m.Content) == 0 {
			return fmt.Errorf("message %d is empty", n)
		}
		for _, c := range m.Content {
			if c.Text != nil && strings.TrimSpace(*c.Text) == "" {
				return fmt.Errorf("text in message %d is blank", n)
			}
			if u := c.ToolUse; u != nil && (ids[u.ToolUseID] || u.ToolUseID == "" || u.Name == "" || strings.ContainsAny(u.ToolUseID+u.Name, " .:")) {
				return fmt.Errorf("use %+v in message %d", *u, n)
			} else if u != nil {
				ids[u.ToolUseID] = true
			}
		}
	}
	return nil
}

// TestAToolTakesItsTime: a tool's input is an answer that goes on, however long it is
// until it is whole, as a report's.
func TestAToolTakesItsTime(t *testing.T) {
	const first = 2 * time.Second // time enough for a machine that does much else
	m := serve(t, bedrock.Config{FirstToken: first, Idle: time.Minute}, func(c *call) {
		c.event("contentBlockStart", object{"contentBlockIndex": 0, "start": object{"toolUse": object{"toolUseId": "t1", "name": "report"}}})
		c.event("contentBlockDelta", object{"contentBlockIndex": 0, "delta": object{"toolUse": object{"input": `{"summary":`}}})
		select {
		case <-time.After(first + first/2):
		case <-c.request.Context().Done():
		}
		c.event("contentBlockDelta", object{"contentBlockIndex": 0, "delta": object{"toolUse": object{"input": `"Well."}`}}})
		c.end("tool_use")
	}).Model("s1", nil)
	if _, last, err := converse(t.Context(), m); err != nil || last.Stop != interviewer.StopToolUse {
		t.Errorf("%+v, %v", last, err)
	}
}
