package modelcheck

import (
	"context"
	"errors"

	"casey.internal/shared/interview"
	"casey.internal/shared/store"
	"casey.internal/shared/store/memory"
)

const session interview.SessionID = "s"

// table is the store's twin in one state: shared with the state before until
// something is written.
type table struct {
	store   *memory.Store
	shared  bool
	session *interview.Session // as it is; nil = not read since the last write
}

func newTable() table {
	t := table{store: memory.New(memory.Options{})}
	_, err := t.store.Open(context.Background(), store.Opening{Session: session, Connection: "c", ConnectedAt: beginning, At: beginning})
	must(err)
	return t
}

// read returns the session, not to be changed.
func (t *table) read() *interview.Session {
	if t.session == nil {
		s, err := t.store.Session(context.Background(), session)
		must(err)
		t.session = s
	}
	return t.session
}

// write returns the store to write to.
func (t *table) write() *memory.Store {
	if t.shared {
		t.store, t.shared = t.store.Clone(), false
	}
	t.session = nil
	return t.store
}

func (t *table) turns() []interview.Turn {
	turns, err := t.store.Turns(context.Background(), session)
	must(err)
	return turns
}

// must takes errors that only the check itself can cause.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// refused reports whether a write was.
func refused(err error) bool {
	if err != nil && !errors.Is(err, store.ErrRefused) {
		panic(err)
	}
	return err != nil
}
