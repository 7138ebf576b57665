package conversation_test

import (
	"testing"
	"time"

	"casey.internal/worker/conversation"
)

func TestPause(t *testing.T) {
	at := func(ms int) time.Time { return time.UnixMilli(int64(1_000_000 + ms)) }
	p := conversation.Pause{Quiet: 800 * time.Millisecond, Settle: 400 * time.Millisecond, Stall: 4 * time.Second}
	tests := []struct {
		name string
		e    conversation.Evidence
		want time.Time
	}{
		{"nothing said", conversation.Evidence{Quiet: at(0), Stable: true}, time.Time{}},
		{"nudged with nothing said", conversation.Evidence{Nudged: at(0)}, time.Time{}},
		{"quiet and stable", conversation.Evidence{Text: "x", Stable: true, Quiet: at(0), Changed: at(300)}, at(800)},
		{"words that settle late", conversation.Evidence{Text: "x", Quiet: at(0), Changed: at(700)}, at(1100)},
		{"stable words that came late", conversation.Evidence{Text: "x", Stable: true, Quiet: at(0), Changed: at(1500)}, at(1500)},
		{"voice goes on", conversation.Evidence{Text: "x", Stable: true, Voice: true, Quiet: at(0), Changed: at(500)}, at(4500)},
		{"nudged in mid-word", conversation.Evidence{Text: "x", Voice: true, Nudged: at(900), Changed: at(800)}, at(900)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := p.Decide(tt.e)
			if !got.At.Equal(tt.want) || got.Why == "" {
				t.Errorf("decided for %v because %q, want %v", got.At, got.Why, tt.want)
			}
		})
	}
}

func TestOwnShare(t *testing.T) {
	at := func(ms int) time.Time { return time.UnixMilli(int64(1_000_000 + ms)) }
	times := conversation.Times{
		EndOfSpeech: at(0), Allowed: at(800), Decided: at(801), Asked: at(803), FirstToken: at(1000),
		Completed: at(1100), Requested: at(1104), FirstAudio: at(1200), FirstPacket: at(1208),
	}
	own, ok := times.Own()
	want := conversation.Own{Decide: time.Millisecond, Ask: 2 * time.Millisecond, Voice: 4 * time.Millisecond, Send: 8 * time.Millisecond}
	if !ok || own != want {
		t.Errorf("own share %+v, %v", own, ok)
	}
	times.Asked = time.Time{}
	if own, ok := times.Own(); ok {
		t.Errorf("a greeting has the share %+v", own)
	}
}
