package ticket_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"casey.internal/shared/ticket"
)

var (
	secret = []byte("between us")
	now    = time.Unix(1_800_000_000, 0)
)

func TestATicketNamesItsUser(t *testing.T) {
	for _, user := range []string{"ada", "ada@example.com", "Ada Lovelace ♥", strings.Repeat("x", 128)} {
		got, err := ticket.Check(secret, ticket.New(secret, user, now.Add(time.Minute)), now)
		if err != nil || got != user {
			t.Errorf("%q is %q, %v", user, got, err)
		}
	}
}

func TestWhatIsNoTicket(t *testing.T) {
	good := ticket.New(secret, "ada", now.Add(time.Minute))
	for name, c := range map[string]struct {
		secret []byte
		ticket string
		now    time.Time
		want   error
	}{
		"empty":                {secret, "", now, ticket.ErrMalformed},
		"no secret":            {nil, ticket.New(nil, "ada", now.Add(time.Minute)), now, ticket.ErrMalformed},
		"another secret":       {[]byte("else"), good, now, ticket.ErrSignature},
		"another user":         {secret, "eve" + good[3:], now, ticket.ErrSignature},
		"another signature":    {secret, good + "x", now, ticket.ErrSignature},
		"nobody":               {secret, ticket.New(secret, "", now.Add(time.Minute)), now, ticket.ErrMalformed},
		"a name without end":   {secret, ticket.New(secret, strings.Repeat("x", 129), now.Add(time.Minute)), now, ticket.ErrMalformed},
		"old":                  {secret, good, now.Add(time.Minute), ticket.ErrExpired},
		"good for a long time": {secret, ticket.New(secret, "ada", now.Add(time.Hour)), now, ticket.ErrTooLong},
	} {
		if user, err := ticket.Check(c.secret, c.ticket, c.now); !errors.Is(err, c.want) || user != "" {
			t.Errorf("%s: %q, %v, want %v", name, user, err, c.want)
		}
	}
}

// TestTypeScriptMakesTheSame runs the helper, whose types are all that is not
// JavaScript, in Node.
func TestTypeScriptMakesTheSame(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed")
	}
	source, err := os.ReadFile("ticket.ts")
	if err != nil {
		t.Fatal(err)
	}
	script := strings.ReplaceAll(string(source), ": string", "") +
		"\nconsole.log(JSON.stringify(ticket('between us', 'Ada ♥', 60, 1800000000999)))"
	out, err := exec.CommandContext(t.Context(), node, "--input-type=module", "--eval", script).CombinedOutput()
	var made string
	if err != nil || json.Unmarshal(out, &made) != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if want := ticket.New(secret, "Ada ♥", now.Add(time.Minute)); made != want {
		t.Errorf("TypeScript makes %q, Go %q", made, want)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(ticket.New(secret, "ada", now.Add(time.Minute)))
	f.Add("..")
	f.Fuzz(func(t *testing.T, s string) {
		if user, err := ticket.Check(secret, s, now); err == nil && user != "ada" {
			t.Errorf("%q is a ticket of %q", s, user)
		}
	})
}
