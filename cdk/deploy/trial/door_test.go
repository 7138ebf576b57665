package trial_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"casey.internal/cdk/deploy/trial"
	"casey.internal/cdk/local"
	"casey.internal/shared/ticket"
)

const (
	key    = "a key that nobody guesses"
	secret = "between your server and casey"
	arn    = "arn:aws:secretsmanager:us-east-1:000000000000:secret:tickets"
)

// secrets is as much of AWS Secrets Manager as the authorizer asks.
func secrets(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct{ SecretID string }
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.SecretID != arn {
			t.Errorf("asked for %+v, %v", asked, err)
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		_, _ = io.WriteString(w, `{"SecretString":"`+secret+`"}`)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// behind is the local stack behind a door.
func behind(t *testing.T, door ...string) *local.Stack {
	t.Helper()
	stack, err := local.Start(t.Context(), local.Config{NoStandin: true, Authorizer: append([]string{"CASEY_SERVICE=casey"}, door...)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stack.Stop()
		for _, e := range stack.Logs().Entries() {
			if t.Failed() {
				t.Log(e)
			}
			if said := e.String(); strings.Contains(said, key) || strings.Contains(said, "MTIz") {
				t.Errorf("a key or ticket was logged: %s", said)
			}
		}
	})
	return stack
}

// TestEveryDoor: the trial comes in through each kind of door, with the
// function that is deployed behind it, and who has no pass does not.
func TestEveryDoor(t *testing.T) {
	sum := sha256.Sum256([]byte(key))
	good := ticket.New([]byte(secret), "123", time.Now().Add(10*time.Minute))
	old := ticket.New([]byte(secret), "123", time.Now().Add(-time.Second))
	for name, c := range map[string]struct {
		door     []string
		good     trial.Visitor
		outsider []trial.Visitor
	}{
		"open": {
			[]string{"CASEY_ACCESS=open", "CASEY_ORIGINS=" + origin}, trial.Visitor{Origin: origin},
			[]trial.Visitor{{}, {Origin: "https://evil.example.com"}},
		},
		"key": {
			[]string{"CASEY_ACCESS=key", "CASEY_KEYS=" + hex.EncodeToString(sum[:])}, trial.Visitor{Key: key},
			[]trial.Visitor{{Origin: origin}, {Key: "revoked"}},
		},
		"secret": {
			[]string{"CASEY_ACCESS=secret", "CASEY_TICKET_SECRET_ARN=" + arn, "AWS_ENDPOINT_URL_SECRETS_MANAGER=" + secrets(t)},
			trial.Visitor{Ticket: good}, []trial.Visitor{{Origin: origin}, {Ticket: old}, {Key: good}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && name != "secret" {
				t.Skip("make e2e runs this one")
			}
			stack := behind(t, c.door...)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			for _, v := range c.outsider {
				v.URL = stack.WS
				if err := trial.Refused(ctx, v); err != nil {
					t.Errorf("%+v: %v", v, err)
				}
				if _, err := trial.Try(ctx, v); err == nil || !strings.Contains(err.Error(), "did not open") || v.Key != "" && strings.Contains(err.Error(), v.Key) {
					t.Errorf("%+v: %v", v, err)
				}
			}
			c.good.URL = stack.WS
			if result, err := trial.Try(ctx, c.good); err != nil || result.Connected <= 0 {
				t.Errorf("%+v, %v", result, err)
			}
			if err := trial.Refused(ctx, c.good); err == nil {
				t.Error("nobody notices who is let in")
			}
		})
	}
}
