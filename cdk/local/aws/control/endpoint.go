package control

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
)

// State is the answer to GET.
type State struct {
	Faults   map[Service]Fault    `json:"faults"`
	Counters map[Service]Counters `json:"counters"`
	// Calls are the finished ones, oldest first, at most some thousand.
	Calls []Record `json:"calls"`
}

const maxSettings = 64 << 10

// ServeHTTP is the control endpoint. GET returns a State, with ?since=ID only
// the calls after that one. POST takes a JSON object of service to Fault and
// replaces the faults of the services it names. DELETE goes back to the usual
// faults and forgets counts and records.
func (p *Panel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		since, _ := strconv.ParseInt(r.URL.Query().Get("since"), 10, 64) // what is no number asks for all
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(p.State(since)) // a client that has gone needs no answer
	case http.MethodPost:
		if err := p.configure(http.MaxBytesReader(w, r.Body, maxSettings)); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	case http.MethodDelete:
		p.Clear()
		p.Reset()
		w.WriteHeader(http.StatusNoContent)
	default:
		http.Error(w, "GET, POST or DELETE", http.StatusMethodNotAllowed)
	}
}

// State returns faults, counters and the finished calls with an id above since.
func (p *Panel) State(since int64) State {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := State{Faults: map[Service]Fault{}, Counters: map[Service]Counters{}, Calls: []Record{}}
	for name, d := range p.desks {
		s.Faults[name], s.Counters[name] = d.fault, d.counters
	}
	for _, r := range p.log {
		if r.ID > since {
			s.Calls = append(s.Calls, r)
		}
	}
	return s
}

// configure takes all of the settings or none.
func (p *Panel) configure(body io.Reader) error {
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	var faults map[Service]Fault
	if err := decoder.Decode(&faults); err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	for s := range faults {
		if !slices.Contains(Services, s) {
			return fmt.Errorf("settings: there is no service %q", s)
		}
	}
	for s, f := range faults {
		p.Set(s, f)
	}
	return nil
}
