package host

import (
	"encoding/json"
	"maps"
	"net/http"
	"sync/atomic"
)

// counters count since the start of the process.
type counters struct {
	received, claims, lostClaims, answers, badOffers, givenUp, ended atomic.Int64
	inbox, strays, dropped, failedPolls, failedBeats, stumbles       atomic.Int64
}

// Handler serves /health (200 while the process lives), /ready (which worker it
// is, and 503 with a reason when no new session is taken) and /metrics (JSON
// counters).
func (h *Host) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /ready", func(w http.ResponseWriter, _ *http.Request) {
		if reason := h.unready(); reason != "" {
			reply(w, http.StatusServiceUnavailable, map[string]string{"status": "not ready", "reason": reason, "worker": string(h.cfg.ID)})
			return
		}
		reply(w, http.StatusOK, map[string]string{"status": "ok", "worker": string(h.cfg.ID)})
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, h.Metrics())
	})
	return mux
}

// unready says why no new session is taken; "" when one would be.
func (h *Host) unready() string {
	switch {
	case h.draining.Load():
		return "draining"
	case !h.ready.Load():
		return "starting"
	case h.freeSlots() <= 0:
		return "full"
	case h.freeStreams() <= 0:
		return "no stream of recognition left (TRANSCRIBE_STREAMS)"
	case h.strained():
		return "short of CPU"
	case !h.well():
		return "could not answer"
	case !h.needed.Load():
		return "not needed"
	}
	return ""
}

// Metrics returns what was counted since the start, the load of now, and what
// host and process hold for it.
func (h *Host) Metrics() map[string]int64 {
	c := &h.counts
	h.mu.Lock()
	held := len(h.sessions) + len(h.handling) + len(h.unposted)
	h.mu.Unlock()
	all := vitals(map[string]int64{
		"slots": int64(h.cfg.Slots), "active": h.active.Load(), "held": int64(held),
		"dispatch_received": c.received.Load(), "claims": c.claims.Load(), "claims_lost": c.lostClaims.Load(),
		"answers": c.answers.Load(), "offers_refused": c.badOffers.Load(), "sessions_given_up": c.givenUp.Load(),
		"sessions_ended": c.ended.Load(), "inbox_messages": c.inbox.Load(), "inbox_strays": c.strays.Load(),
		"packets_dropped": c.dropped.Load(), "polls_failed": c.failedPolls.Load(), "beats_failed": c.failedBeats.Load(),
		"stumbles": c.stumbles.Load(),
	})
	if h.Counts != nil {
		maps.Copy(all, h.Counts())
	}
	return all
}

// reply writes a small JSON document; a client that went away is its own loss.
func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
