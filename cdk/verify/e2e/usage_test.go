package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/local"
	"casey.internal/shared/channel"
	"casey.internal/shared/wire"
)

// paid is a line of the usage log, as far as it is looked at.
type paid struct {
	Service, Operation, Event, Session string
	Turn                               int
	Dollars                            float64
}

// TestEveryCallIsInTheUsageLog holds an interview of one answer, and finds in
// the state folder what it cost, by service and turn.
func TestEveryCallIsInTheUsageLog(t *testing.T) {
	long(t)
	folder := t.TempDir()
	stack := start(t, local.Config{State: folder, Standin: []string{"-canned"}})
	ctx, cancel := context.WithTimeout(t.Context(), listeningLimit)
	defer cancel()
	if err := onStage(ctx, stack, answersOnce); err != nil {
		t.Fatal(err)
	}
	stack.StopWorker("worker-1") // which writes what is left
	data, err := os.ReadFile(filepath.Join(folder, "usage.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	turns := map[string][]int{}
	for text := range bytes.Lines(data) {
		var l paid
		if err := json.Unmarshal(text, &l); err != nil || l.Session == "" || l.Turn == 0 || l.Operation == "" || l.Dollars == 0 && l.Event == "completed" {
			t.Errorf("%s%v", text, err)
		}
		turns[l.Service] = append(turns[l.Service], l.Turn)
	}
	for service, want := range map[string][]int{"polly": {1, 3}, "bedrock": {3}, "transcribe": {}} { // and that of the last words
		for _, turn := range want {
			if !slices.Contains(turns[service], turn) {
				t.Errorf("%s was called for turns %v, and not for %d", service, turns[service], turn)
			}
		}
		if len(turns[service]) == 0 {
			t.Errorf("%s was not called", service)
		}
	}
	if text := strings.ToLower(string(data)); strings.Contains(text, "payment") || strings.Contains(text, "hello") {
		t.Errorf("what was said is in the log:\n%s", data)
	}
}

// answersOnce says something, hears the reply and leaves.
func answersOnce(ctx context.Context, s *speaker) error {
	if err := s.listened(ctx); err != nil {
		return err
	}
	if err := s.utters(ctx, "my last project was a payment service for a large bank"); err != nil {
		return err
	}
	s.since = time.Now()
	if err := s.until(ctx, "a reply", state(channel.Speaking)); err != nil {
		return err
	}
	if err := s.until(ctx, "the floor", state(channel.Listening)); err != nil {
		return fmt.Errorf("after the reply: %w", err)
	}
	return s.Send(ctx, &wire.End{})
}
