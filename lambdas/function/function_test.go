package function

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/wire"
	"github.com/aws/aws-lambda-go/lambda"
)

// environment is a complete one, with these values changed.
func environment(changed map[string]string) func(string) string {
	env := map[string]string{
		"CASEY_TABLE":              "casey",
		"CASEY_DISPATCH_QUEUE_URL": "http://127.0.0.1:9324/000000000000/casey-dispatch",
		"AWS_REGION":               "us-east-1",
	}
	maps.Copy(env, changed)
	return func(name string) string { return env[name] }
}

func TestSettings(t *testing.T) {
	s, err := Variables.Read(environment(nil))
	if err != nil {
		t.Fatal(err)
	}
	if s.Table != "casey" || s.MaxWait != 4*time.Minute || s.ICEServers != nil {
		t.Errorf("defaults: %+v", s)
	}
	s, err = Variables.Read(environment(map[string]string{
		"CASEY_MAX_WAIT": "90s", "LOG_PII": "1",
		"ICE_SERVERS": `[{"urls":["stun:a:3478","turns:b:5349"],"username":"u","credential":"c"}]`,
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := wire.ICEServer{URLs: []string{"stun:a:3478", "turns:b:5349"}, Username: "u", Credential: "c"}
	if len(s.ICEServers) != 1 || fmt.Sprint(s.ICEServers[0]) != fmt.Sprint(want) || s.MaxWait != 90*time.Second || !s.Log.KeepPII {
		t.Errorf("%+v", s)
	}
}

func TestABadValueIsASentenceAndExit2(t *testing.T) {
	for name, bad := range map[string]string{
		"CASEY_TABLE":              "",
		"CASEY_DISPATCH_QUEUE_URL": "casey-dispatch",
		"CASEY_MAX_WAIT":           "soon",
		"ICE_SERVERS":              `[{"urls":["http://a"]}]`,
		"LOG_LEVEL":                "loud",
		"LOG_PII":                  "maybe",
	} {
		var said bytes.Buffer
		if code := Run(environment(map[string]string{name: bad}), &said, Message); code != 2 {
			t.Errorf("%s=%q: exit %d", name, bad, code)
		}
		if lines := strings.Split(strings.TrimSpace(said.String()), "\n"); len(lines) != 1 || !strings.HasPrefix(lines[0], name) {
			t.Errorf("%s=%q: %q", name, bad, said.String())
		}
	}
}

// TestHandlersTakeEvents: the runtime finds each handler's types right; what
// they do is package signaling's.
func TestHandlersTakeEvents(t *testing.T) {
	settings, err := Variables.Read(environment(nil))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // nothing is there to talk to
	for name, build := range map[string]func(deps) Handler{"connect": Connect, "message": Message, "disconnect": Disconnect, "sweep": Sweep} {
		handler := lambda.NewHandler(build(deps{settings: settings, log: slog.New(slog.DiscardHandler)}))
		_, err := handler.Invoke(ctx, []byte(`{"requestContext":{"connectionId":"c=","connectedAt":1700000000000,"authorizer":{"principalId":"u"}},"body":"{\"type\":\"ping\"}"}`))
		if err == nil || strings.Contains(err.Error(), "unmarshal") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUser(t *testing.T) {
	for authorizer, want := range map[string]string{
		`{"principalId":"ada"}`: "ada",
		`{"principalId":7}`:     "",
		`null`:                  "",
		`"ada"`:                 "",
	} {
		var a any
		if err := json.Unmarshal([]byte(authorizer), &a); err != nil {
			t.Fatal(err)
		}
		if got := user(a); got != want {
			t.Errorf("%s: %q", authorizer, got)
		}
	}
}

func TestSchedule(t *testing.T) {
	for name, c := range map[string]struct {
		event   string
		timeout time.Duration
		want    int
	}{
		"once":                 {`{"detail-type":"Scheduled Event","detail":{}}`, time.Minute, 1},
		"again and again":      {`{"everySeconds":3,"forSeconds":57}`, 2 * time.Minute, 19},
		"within the deadline":  {`{"everySeconds":3,"forSeconds":57}`, 15 * time.Second, 4},
		"with no time at all":  {`{"everySeconds":3,"forSeconds":57}`, time.Second, 1},
		"for without an every": {`{"forSeconds":5}`, time.Minute, 5},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var when schedule
				if err := json.Unmarshal([]byte(c.event), &when); err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), c.timeout)
				defer cancel()
				passes := 0
				err := when.repeat(ctx, func(context.Context) error {
					passes++
					return errors.New("failed")
				})
				if passes != c.want || err == nil {
					t.Errorf("%d passes, %v, want %d", passes, err, c.want)
				}
			})
		})
	}
}
