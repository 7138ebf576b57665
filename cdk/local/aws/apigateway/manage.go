package apigateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// manage is the @connections API
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html).
func (g *Gateway) manage(w http.ResponseWriter, r *http.Request, id string) {
	c := g.lookup(id)
	switch {
	case g.cfg.Faults.Throttle():
		refuse(w, http.StatusTooManyRequests, "LimitExceededException", "Rate exceeded", id)
	case c == nil:
		refuse(w, http.StatusGone, "GoneException", "Gone", id)
	case r.Method == http.MethodPost:
		c.servePost(w, r)
	case r.Method == http.MethodGet:
		c.describe(w)
	case r.Method == http.MethodDelete:
		c.close(deleted)
		w.WriteHeader(http.StatusNoContent)
	default:
		refuse(w, http.StatusForbidden, "ForbiddenException", "Forbidden", id)
	}
}

// servePost answers when the socket has taken the message, so one caller's
// awaited posts arrive in order.
func (c *connection) servePost(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxMessage))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		refuse(w, http.StatusRequestEntityTooLarge, "PayloadTooLargeException", "Message too large", c.id)
		return
	}
	if err != nil {
		return // the caller has gone
	}
	switch err := c.post(r.Context(), body); {
	case errors.Is(err, errBusy):
		refuse(w, http.StatusTooManyRequests, "LimitExceededException", err.Error(), c.id)
	case err != nil:
		refuse(w, http.StatusGone, "GoneException", "Gone", c.id)
	default:
		w.WriteHeader(http.StatusOK)
	}
}

// describe answers GET with what API Gateway tells of a connection.
func (c *connection) describe(w http.ResponseWriter) {
	body, err := json.Marshal(map[string]any{
		"connectedAt":  c.at.UTC().Format(time.RFC3339),
		"lastActiveAt": c.lastActive().UTC().Format(time.RFC3339),
		"identity":     map[string]string{"sourceIp": c.ip, "userAgent": c.agent},
	})
	if err != nil {
		refuse(w, http.StatusInternalServerError, "InternalFailure", err.Error(), c.id)
		return
	}
	writeJSON(w, http.StatusOK, string(body))
}

// refuse writes an error as the REST-JSON protocol of AWS shapes it.
func refuse(w http.ResponseWriter, status int, kind, message, id string) {
	w.Header().Set("X-Amzn-ErrorType", kind)
	writeJSON(w, status, fmt.Sprintf(`{"message":%q,"connectionId":%q,"requestId":%q}`, message, id, newID()))
}
