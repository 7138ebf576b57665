package modeltest_test

import (
	"encoding/json"
	"testing"

	"casey.internal/worker/interviewer"
	"casey.internal/worker/interviewer/modeltest"
)

func TestTwin(t *testing.T) {
	modeltest.Run(t, func(t *testing.T) interviewer.Model {
		m := new(modeltest.Model)
		switch t.Name() {
		case "TestTwin/a_tool's_use_is_whole":
			m.Use("Let us go on.", interviewer.ToolUse{ID: "1", Name: "next_phase", Input: json.RawMessage(`{"phase":"depth"}`)})
		default:
			m.Answer("That is ", "interesting.")
		}
		return m
	})
}
