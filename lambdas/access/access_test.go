package access_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/lambdas/access"
	"casey.internal/shared/price"
	"casey.internal/shared/store/memory"
	"casey.internal/shared/ticket"
)

const origin = "https://app.example.com"

var secret = []byte("between us")

func rules(door string) *access.Rules {
	return &access.Rules{
		Access: door, Origins: []string{origin}, Keys: [][sha256.Size]byte{sha256.Sum256([]byte("k1")), sha256.Sum256([]byte("k2"))},
		Secret: secret, PerAddress: 3, DailyDollars: 2, Counters: memory.New(memory.Options{}),
	}
}

func TestWhoMay(t *testing.T) {
	good := ticket.New(secret, "ada", time.Now().Add(time.Minute))
	for name, c := range map[string]struct {
		access string
		access.Arrival
		user   string
		reason access.Reason
	}{
		"our page":            {"open", access.Arrival{Origin: origin}, "", ""},
		"another page":        {"open", access.Arrival{Origin: "https://evil.example.com"}, "", access.BadOrigin},
		"our page's prefix":   {"open", access.Arrival{Origin: origin + ".evil.com"}, "", access.BadOrigin},
		"no page":             {"open", access.Arrival{}, "", access.NoOrigin},
		"a key":               {"key", access.Arrival{Key: "k2"}, "key-" + sumOf("k2"), ""},
		"a revoked key":       {"key", access.Arrival{Key: "k3", Origin: origin}, "", access.BadKey},
		"no key":              {"key", access.Arrival{Origin: origin}, "", access.BadKey},
		"a ticket":            {"secret", access.Arrival{Ticket: good}, "ada", ""},
		"a ticket as a key":   {"secret", access.Arrival{Key: good}, "", access.BadTicket},
		"a forged ticket":     {"secret", access.Arrival{Ticket: good + "x"}, "", access.BadTicket},
		"no rules of any use": {"", access.Arrival{Origin: origin}, "", access.Unexpected},
	} {
		user, err := rules(c.access).User(t.Context(), c.Arrival)
		if user != c.user || reason(err) != c.reason {
			t.Errorf("%s: %q, %v, want %q, %q", name, user, err, c.user, c.reason)
		}
	}
}

func TestOneAddressMayOpenSoManyAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // it is midnight
		r := rules("open")
		ask := func(source string) access.Reason {
			_, err := r.User(t.Context(), access.Arrival{Origin: origin, Source: source})
			return reason(err)
		}
		for range 3 {
			if got := ask("192.0.2.1"); got != "" {
				t.Fatal(got)
			}
		}
		if a, b := ask("192.0.2.1"), ask("192.0.2.2"); a != access.TooMany || b != "" {
			t.Errorf("%q for the same address, %q for another", a, b)
		}
		time.Sleep(time.Hour)
		if got := ask("192.0.2.1"); got != "" {
			t.Errorf("an hour later: %q", got)
		}
	})
}

func TestADayHasACeiling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rules("open")
		ask := func() access.Reason {
			_, err := r.User(t.Context(), access.Arrival{Origin: origin, Source: time.Now().String()})
			return reason(err)
		}
		spend := func(dollars float64) {
			if _, err := r.Counters.Add(t.Context(), price.DayCounter(time.Now()), price.Micro(dollars), time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		spend(1.99)
		if got := ask(); got != "" {
			t.Errorf("below the ceiling: %q", got)
		}
		spend(0.01)
		if got := ask(); got != access.TooCostly {
			t.Errorf("at the ceiling: %q", got)
		}
		time.Sleep(24 * time.Hour)
		if got := ask(); got != "" {
			t.Errorf("the next day: %q", got)
		}
	})
}

func TestWhatCannotBeCountedIsNotAdmitted(t *testing.T) {
	r := rules("open")
	r.Counters = broken{}
	if _, err := r.User(t.Context(), access.Arrival{Origin: origin}); !errors.Is(err, errBroken) {
		t.Error(err)
	}
}

var errBroken = errors.New("no store")

type broken struct{}

func (broken) Add(context.Context, string, int64, time.Time) (int64, error) { return 0, errBroken }

func reason(err error) access.Reason {
	refused, ok := errors.AsType[*access.RefusedError](err)
	if !ok && err != nil {
		return "error"
	}
	if !ok {
		return ""
	}
	return refused.Reason
}

// sumOf is what users are named by: the beginning of a key's sum.
func sumOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:4])
}
