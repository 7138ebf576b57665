package function

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"casey.internal/lambdas/access"
	"casey.internal/shared/metrics"
	"casey.internal/shared/store/memory"
	"github.com/aws/aws-lambda-go/lambda"
)

func accessEnvironment(pairs ...string) func(string) string {
	env := map[string]string{"CASEY_TABLE": "t", "CASEY_ACCESS": "key", "CASEY_SERVICE": "casey"}
	for i := 0; i+1 < len(pairs); i += 2 {
		env[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return env[name] }
}

func TestABadAccessValueIsASentenceAndExit2(t *testing.T) {
	for name, value := range map[string]string{
		"CASEY_TABLE": "", "CASEY_ACCESS": "everybody", "CASEY_KEYS": "hunter2", "CASEY_PER_ADDRESS": "-1",
		"CASEY_DAILY_DOLLARS": "much", "LOG_LEVEL": "loud",
	} {
		var said bytes.Buffer
		if code := Authorize(accessEnvironment(name, value), &said, &said, nil); code != 2 {
			t.Errorf("%s=%q: exit %d", name, value, code)
		}
		if lines := strings.Split(strings.TrimSpace(said.String()), "\n"); len(lines) != 1 || !strings.HasPrefix(lines[0], name) {
			t.Errorf("%s=%q: %q", name, value, said.String())
		}
	}
}

// TestTheRuntimeIsAnsweredByTheAuthorizer with an event as API Gateway sends it.
func TestTheRuntimeIsAnsweredByTheAuthorizer(t *testing.T) {
	const key = "a key that nobody guesses"
	for name, c := range map[string]struct{ key, effect, principal string }{
		"a good key": {key, "Allow", "key-"}, "a bad one": {"guessed", "Deny", anybody},
	} {
		t.Run(name, func(t *testing.T) {
			sum := sha256.Sum256([]byte(key))
			s, err := ReadAccess(accessEnvironment("CASEY_KEYS", hex.EncodeToString(sum[:]), "CASEY_PER_ADDRESS", "10"))
			if err != nil {
				t.Fatal(err)
			}
			s.Counters = memory.New(memory.Options{})
			var out, log bytes.Buffer
			f := &authorizer{rules: &s.Rules, log: slog.New(slog.NewTextHandler(&log, nil)), metrics: metrics.New(&out, s.Service)}
			event := `{"type":"REQUEST","methodArn":"arn:aws:execute-api:us-east-1:1:api/ws/$connect","headers":{"origin":"https://app.example.com","Sec-WebSocket-Key":"x"},
				"queryStringParameters":{"key":"` + c.key + `"},"requestContext":{"routeKey":"$connect","eventType":"CONNECT","identity":{"sourceIp":"192.0.2.1"}}}`
			data, err := lambda.NewHandler(f.serve).Invoke(t.Context(), []byte(event))
			if err != nil {
				t.Fatal(err)
			}
			var got verdict
			if err := json.Unmarshal(data, &got); err != nil {
				t.Fatal(err)
			}
			if st := got.PolicyDocument.Statement[0]; st.Effect != c.effect || st.Resource[0] != "arn:aws:execute-api:us-east-1:1:api/ws/$connect" || !strings.HasPrefix(got.PrincipalID, c.principal) {
				t.Errorf("answered %s", data)
			}
			if strings.Contains(log.String()+out.String(), c.key) {
				t.Errorf("the key is in %s%s", log.String(), out.String())
			}
			if refused := strings.Contains(out.String(), `"Reason":"wrong key"`); refused != (c.effect == "Deny") {
				t.Errorf("metrics are %s", out.String())
			}
		})
	}
}

func TestTheWaysInAreTheRules(t *testing.T) {
	s, err := ReadAccess(accessEnvironment("CASEY_ACCESS", "open", "CASEY_ORIGINS", "https://a,https://b", "CASEY_DAILY_DOLLARS", "7"))
	if err != nil || s.Access != access.Open || len(s.Origins) != 2 || s.DailyDollars != 7 || s.PerAddress != 0 {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := ReadAccess(accessEnvironment("CASEY_ACCESS", "secret")); err == nil || !strings.Contains(err.Error(), "CASEY_TICKET_SECRET_ARN") {
		t.Error(err)
	}
}
