package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"casey.internal/shared/clock"
)

// tolerance is the age at which a copy is too old, before the replica counts as
// too far behind.
const tolerance = 10 * time.Millisecond

// replicas are second tables beside those that are read inconsistently; each
// follows its original a little later.
type replicas struct {
	store    *upstream
	injector *Injector
	log      *slog.Logger

	mu     sync.Mutex
	tables map[string]*replica // nil value: it cannot be replicated
}

func newReplicas(store *upstream, injector *Injector, log *slog.Logger) *replicas {
	return &replicas{store: store, injector: injector, log: log, tables: map[string]*replica{}}
}

// of returns the replica of a table, which is made at the first use; nil if
// there is no such table.
func (rs *replicas) of(ctx context.Context, like http.Header, table string) *replica {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if r := rs.tables[table]; r != nil {
		return r
	}
	r, err := rs.make(ctx, like, table)
	if err != nil {
		rs.log.Debug("no replica", "table", table, "error", err)
		return nil
	}
	rs.tables[table] = r
	return r
}

// forget ends all replicas: when they are wanted again they begin anew.
func (rs *replicas) forget() {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for name, r := range rs.tables {
		delete(rs.tables, name)
		r.close()
	}
}

func (rs *replicas) close() { rs.forget() }

// replica is one second table. A single goroutine copies, so that it is never
// further back than it has been.
type replica struct {
	name     string
	table    string
	keys     []string
	store    *upstream
	injector *Injector
	log      *slog.Logger

	copying sync.WaitGroup
	cancel  context.CancelFunc
	mu      sync.Mutex
	waiting []change
	wake    chan struct{}
}

// change is an item that is to be copied, not before due.
type change struct {
	like http.Header
	key  map[string]json.RawMessage
	due  time.Time
}

// make creates the second table anew, with the indexes of the first, and copies
// what there is.
func (rs *replicas) make(ctx context.Context, like http.Header, table string) (*replica, error) {
	call := func(operation string, in, out any) error {
		return rs.store.call(ctx, like, "DynamoDB_20120810."+operation, in, out)
	}
	var described struct {
		Table map[string]json.RawMessage
	}
	if err := call("DescribeTable", map[string]any{"TableName": table}, &described); err != nil {
		return nil, err
	}
	name := table + ".replica"
	_ = call("DeleteTable", map[string]any{"TableName": name}, nil) // of an earlier run, if any
	create, keys, err := createInput(name, described.Table)
	if err != nil {
		return nil, err
	}
	if err := call("CreateTable", create, nil); err != nil {
		return nil, err
	}
	following, cancel := context.WithCancel(context.WithoutCancel(ctx))
	r := &replica{name: name, table: table, keys: keys, store: rs.store, injector: rs.injector, log: rs.log,
		cancel: cancel, wake: make(chan struct{}, 1)}
	if err := r.fill(ctx, like); err != nil {
		cancel()
		return nil, err
	}
	r.copying.Go(func() { r.run(following) })
	return r, nil
}

// createInput turns a description into the input that makes such a table.
func createInput(name string, described map[string]json.RawMessage) (map[string]any, []string, error) {
	var keys []struct{ AttributeName string }
	if err := json.Unmarshal(described["KeySchema"], &keys); err != nil {
		return nil, nil, fmt.Errorf("key schema: %w", err)
	}
	in := map[string]any{
		"TableName": name, "BillingMode": "PAY_PER_REQUEST",
		"KeySchema": described["KeySchema"], "AttributeDefinitions": described["AttributeDefinitions"],
	}
	var indexes []map[string]json.RawMessage
	if raw := described["GlobalSecondaryIndexes"]; raw != nil {
		if err := json.Unmarshal(raw, &indexes); err != nil {
			return nil, nil, fmt.Errorf("indexes: %w", err)
		}
	}
	var wanted []map[string]json.RawMessage
	for _, index := range indexes {
		wanted = append(wanted, map[string]json.RawMessage{
			"IndexName": index["IndexName"], "KeySchema": index["KeySchema"], "Projection": index["Projection"],
		})
	}
	if wanted != nil {
		in["GlobalSecondaryIndexes"] = wanted
	}
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = key.AttributeName
	}
	return in, names, nil
}

// keyOf picks the key out of a whole item.
func (r *replica) keyOf(item map[string]json.RawMessage) map[string]json.RawMessage {
	key := map[string]json.RawMessage{}
	for _, name := range r.keys {
		key[name] = item[name]
	}
	return key
}

// fill copies the table as it is.
func (r *replica) fill(ctx context.Context, like http.Header) error {
	in := map[string]any{"TableName": r.table, "ConsistentRead": true}
	for {
		var page struct {
			Items            []map[string]json.RawMessage
			LastEvaluatedKey json.RawMessage
		}
		if err := r.call(ctx, like, "Scan", in, &page); err != nil {
			return err
		}
		for _, item := range page.Items {
			if err := r.copy(ctx, change{like: like, key: r.keyOf(item)}); err != nil {
				return err
			}
		}
		if page.LastEvaluatedKey == nil {
			return nil
		}
		in["ExclusiveStartKey"] = page.LastEvaluatedKey
	}
}

// follow has an item copied within the time that a read may lag.
func (r *replica) follow(like http.Header, key map[string]json.RawMessage) {
	lag := r.injector.between(0, milliseconds(r.injector.Settings().StaleMS))
	r.mu.Lock()
	r.waiting = append(r.waiting, change{like, key, time.Now().Add(lag)})
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// run copies what waits, in order, until ctx ends.
func (r *replica) run(ctx context.Context) {
	for ctx.Err() == nil {
		next, ok := r.next()
		if !ok {
			select {
			case <-r.wake:
			case <-ctx.Done():
			}
			continue
		}
		if clock.Sleep(ctx, time.Until(next.due)) != nil {
			return
		}
		if err := r.copy(ctx, next); err != nil && ctx.Err() == nil {
			r.log.Debug("replica missed a change", "table", r.table, "error", err)
		}
		r.done()
	}
}

// next is the first change that waits; it stays until it is done.
func (r *replica) next() (change, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.waiting) == 0 {
		return change{}, false
	}
	return r.waiting[0], true
}

func (r *replica) done() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting = r.waiting[1:]
}

// behind tells whether copying cannot keep up, so that a read here could be
// older than it may.
func (r *replica) behind() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.waiting) > 0 && time.Since(r.waiting[0].due) > tolerance
}

// copy makes the replica's item what the table's is now.
func (r *replica) copy(ctx context.Context, c change) error {
	var found struct{ Item json.RawMessage }
	read := map[string]any{"TableName": r.table, "Key": c.key, "ConsistentRead": true}
	if err := r.call(ctx, c.like, "GetItem", read, &found); err != nil {
		return err
	}
	if found.Item == nil {
		return r.call(ctx, c.like, "DeleteItem", map[string]any{"TableName": r.name, "Key": c.key}, nil)
	}
	return r.call(ctx, c.like, "PutItem", map[string]any{"TableName": r.name, "Item": found.Item}, nil)
}

func (r *replica) call(ctx context.Context, like http.Header, operation string, in, out any) error {
	return r.store.call(ctx, like, "DynamoDB_20120810."+operation, in, out)
}

// close ends the copying; the second table stays until the next replica is made
// or the stores go.
func (r *replica) close() {
	r.cancel()
	r.copying.Wait()
}
