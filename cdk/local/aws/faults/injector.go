package faults

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// Injector holds the settings in force and makes the choices. It is safe for
// concurrent use, an http.Handler by which it is changed, and what the gateway
// asks for its faults.
type Injector struct {
	mu       sync.Mutex
	settings Settings
	random   *rand.Rand
}

// NewInjector returns an injector with settings, which must make sense.
func NewInjector(s Settings) (*Injector, error) {
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("faults: %w", err)
	}
	return &Injector{settings: s, random: newRandom(s.Seed)}, nil
}

func newRandom(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// Settings returns what is in force.
func (t *Injector) Settings() Settings {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.settings
}

// Set puts other settings in force.
func (t *Injector) Set(s Settings) error {
	if err := s.check(); err != nil {
		return fmt.Errorf("faults: %w", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if s.Seed != t.settings.Seed {
		t.random = newRandom(s.Seed)
	}
	t.settings = s
	return nil
}

// ServeHTTP answers GET with the settings, and changes those that a PUT names.
func (t *Injector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
	case http.MethodPut:
		s := t.Settings()
		d := json.NewDecoder(io.LimitReader(r.Body, 64<<10))
		d.DisallowUnknownFields()
		err := d.Decode(&s)
		if err == nil {
			err = t.Set(s)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	default:
		http.Error(w, "GET or PUT", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(t.Settings()) // a client that has gone needs no answer
}

// chance is true for a share of the calls.
func (t *Injector) chance(share func(Settings) float64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := share(t.settings)
	return p > 0 && t.random.Float64() < p
}

// between returns a random time from low to high.
func (t *Injector) between(low, high time.Duration) time.Duration {
	if high <= low {
		return low
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return low + time.Duration(t.random.Int64N(int64(high-low)+1))
}

// Cold tells whether an invocation finds its environment gone.
func (t *Injector) Cold() bool { return t.chance(func(s Settings) float64 { return s.Cold }) }

// LoseDisconnect is one of the gateway's faults, as are the three below.
func (t *Injector) LoseDisconnect() bool {
	return t.chance(func(s Settings) float64 { return s.LoseDisconnect })
}

// DropMessage tells whether a message is refused without its function having run.
func (t *Injector) DropMessage() bool {
	return t.chance(func(s Settings) float64 { return s.DropMessage })
}

// SpoilMessage tells whether a message is refused although its function has run.
func (t *Injector) SpoilMessage() bool {
	return t.chance(func(s Settings) float64 { return s.SpoilMessage })
}

// Throttle tells whether something is over the rate limit.
func (t *Injector) Throttle() bool { return t.chance(func(s Settings) float64 { return s.Throttle }) }
