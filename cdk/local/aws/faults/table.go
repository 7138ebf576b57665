package faults

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
)

// Table is DynamoDB as it is: an http.Handler in front of a stand-in whose
// every read is consistent.
type Table struct {
	injector *Injector
	store    *upstream
	replica  *replicas
}

// NewTable returns the proxy in front of endpoint.
func NewTable(endpoint string, injector *Injector, log *slog.Logger) (*Table, error) {
	store, err := newUpstream(endpoint)
	if err != nil {
		return nil, err
	}
	return &Table{injector: injector, store: store, replica: newReplicas(store, injector, log)}, nil
}

// Close ends the replication.
func (t *Table) Close() {
	t.replica.close()
	t.store.close()
}

// ServeHTTP passes a request on, to the replica where an old answer will do.
func (t *Table) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s := t.injector.Settings()
	if !admit(w, r, s.TableAway, milliseconds(s.TableSlowMS)) {
		return
	}
	if s.StaleMS == 0 {
		t.replica.forget()
		t.store.proxy.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		cut(w)
		return
	}
	switch operation(r) {
	case "GetItem", "Query", "Scan":
		t.store.forward(w, r, t.readFrom(r, body))
	case "PutItem", "UpdateItem", "DeleteItem":
		t.write(w, r, body)
	case "BatchWriteItem", "DeleteTable", "UpdateTable":
		t.store.forward(w, r, body)
		t.replica.forget() // begins anew at the next read
	default:
		t.store.forward(w, r, body)
	}
}

// readFrom names the replica in half of the reads that did not ask for consistency.
func (t *Table) readFrom(r *http.Request, body []byte) []byte {
	var read map[string]json.RawMessage
	if json.Unmarshal(body, &read) != nil || string(read["ConsistentRead"]) == "true" {
		return body
	}
	var table string
	if json.Unmarshal(read["TableName"], &table) != nil {
		return body
	}
	lagging := t.replica.of(r.Context(), r.Header, table)
	if lagging == nil || lagging.behind() || !t.injector.chance(func(Settings) float64 { return 0.5 }) {
		return body
	}
	read["TableName"], _ = json.Marshal(lagging.name) // a string
	changed, err := json.Marshal(read)
	if err != nil {
		return body
	}
	return changed
}

// write passes a write on and lets the replica follow when it has been made. A
// write that is refused changes nothing, and copying the item again does no
// harm.
func (t *Table) write(w http.ResponseWriter, r *http.Request, body []byte) {
	var change struct {
		TableName string
		Key, Item map[string]json.RawMessage
	}
	var lagging *replica
	if json.Unmarshal(body, &change) == nil {
		lagging = t.replica.of(r.Context(), r.Header, change.TableName)
	}
	like := r.Header.Clone()
	t.store.forward(w, r, body)
	if lagging == nil {
		return
	}
	key := change.Key
	if key == nil {
		key = lagging.keyOf(change.Item)
	}
	lagging.follow(like, key)
}
