package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"casey.internal/shared/interview"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Connect records a connection; one that is recorded already stays as it is.
func (s *Store) Connect(ctx context.Context, c Connection) error {
	u := newUpdate().
		setFirst("session", text(string(c.Session))).
		setFirst("user", text(c.User)).
		setFirst("source", text(c.Source)).
		setFirst("at", when(c.At)).
		setFirst("expires", expiry(c.At.Add(KeepConnection)))
	if _, err := s.apply(ctx, connectionKey(c.ID), u, types.ReturnValueNone); err != nil {
		return fmt.Errorf("connect %s: %w", c.ID, err)
	}
	return nil
}

// Connection reads a connection consistently. ErrNotFound: there is none.
func (s *Store) Connection(ctx context.Context, id interview.ConnectionID) (*Connection, error) {
	found, err := s.get(ctx, connectionKey(id), true)
	if err == nil && found == nil {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("connection %s: %w", id, err)
	}
	return found.connection(), nil
}

func (i item) connection() *Connection {
	return &Connection{
		ID:      interview.ConnectionID(strings.TrimPrefix(i.text("pk"), "connection#")),
		Session: interview.SessionID(i.text("session")),
		User:    i.text("user"),
		Source:  i.text("source"),
		At:      i.time("at"),
		Gone:    i.time("gone"),
	}
}

// Rebind makes a connection speak for another session, whose secret it has
// shown. ErrNotFound: no such connection.
func (s *Store) Rebind(ctx context.Context, id interview.ConnectionID, session interview.SessionID) error {
	u := newUpdate().set("session", text(string(session)))
	_, err := s.changeConnection(ctx, id, u)
	return err
}

// Disconnect notes that a connection is gone. It returns the connection's
// session, and whether that one still hangs on this connection. ErrNotFound:
// no such connection.
func (s *Store) Disconnect(ctx context.Context, id interview.ConnectionID, at time.Time) (session interview.SessionID, current bool, err error) {
	c, err := s.changeConnection(ctx, id, newUpdate().set("gone", when(at)))
	if err != nil {
		return "", false, err
	}
	found, err := s.get(ctx, sessionKey(c.Session), true)
	if err != nil {
		return "", false, fmt.Errorf("disconnect %s: %w", id, err)
	}
	return c.Session, found != nil && found.session().Connection == id, nil
}

func (s *Store) changeConnection(ctx context.Context, id interview.ConnectionID, u *update) (*Connection, error) {
	u.when("attribute_exists($pk) AND $expires >= ?", expiry(time.Now()))
	after, err := s.apply(ctx, connectionKey(id), u, types.ReturnValueAllNew)
	if errors.Is(err, ErrRefused) {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("connection %s: %w", id, err)
	}
	return after.connection(), nil
}

// Beat writes a worker's heartbeat.
func (s *Store) Beat(ctx context.Context, w interview.Worker) error {
	row := key(workerPartition, string(w.ID))
	row["inbox"] = text(w.Inbox)
	row["slots"] = number(int64(w.Slots))
	row["active"] = number(int64(w.Active))
	row["draining"] = &types.AttributeValueMemberBOOL{Value: w.Draining}
	row["beat"] = when(w.Beat)
	row["expires"] = expiry(w.Beat.Add(KeepWorker))
	if _, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.table, Item: row}); err != nil {
		return fmt.Errorf("heartbeat of worker %s: %w", w.ID, err)
	}
	return nil
}

func (i item) worker() *interview.Worker {
	return &interview.Worker{
		ID:       interview.WorkerID(i.text("sk")),
		Inbox:    i.text("inbox"),
		Slots:    int(i.number("slots")),
		Active:   int(i.number("active")),
		Draining: i.flag("draining"),
		Beat:     i.time("beat"),
	}
}

// Workers returns all heartbeats, those of workers long gone included, in the
// order of their ids. It may be a little behind.
func (s *Store) Workers(ctx context.Context) ([]interview.Worker, error) {
	items, err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    new("pk = :pk"),
		ExpressionAttributeValues: item{":pk": text(workerPartition)},
	})
	if err != nil {
		return nil, fmt.Errorf("list workers: %w", err)
	}
	workers := make([]interview.Worker, len(items))
	for n, i := range items {
		workers[n] = *i.worker()
	}
	return workers, nil
}

// Worker returns one worker's heartbeat. It may be a little behind.
// ErrNotFound: there is none.
func (s *Store) Worker(ctx context.Context, id interview.WorkerID) (*interview.Worker, error) {
	found, err := s.get(ctx, key(workerPartition, string(id)), false)
	if err == nil && found == nil {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("worker %s: %w", id, err)
	}
	return found.worker(), nil
}

// Gone removes a worker's heartbeat; it is no error when there is none.
func (s *Store) Gone(ctx context.Context, id interview.WorkerID) error {
	_, err := s.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &s.table, Key: key(workerPartition, string(id))})
	if err != nil {
		return fmt.Errorf("remove worker %s: %w", id, err)
	}
	return nil
}

// PutTurn writes a turn, whole, in place of what was written for the same
// session, epoch and number.
func (s *Store) PutTurn(ctx context.Context, t interview.Turn) error {
	row := key(sessionPartition(t.Session), fmt.Sprintf("%s%019d#%09d", turnPrefix, t.Epoch, t.Number))
	row["epoch"] = number(t.Epoch)
	row["number"] = number(int64(t.Number))
	row["role"] = text(string(t.Role))
	row["text"] = text(t.Text)
	row["cut"] = &types.AttributeValueMemberBOOL{Value: t.Cut}
	row["expires"] = expiry(t.Began.Add(KeepSession))
	row.setTime("began", t.Began)
	row.setTime("ended", t.Ended)
	row.setCount("unsure", int64(t.Unsure))
	row.setCount("pause", int64(t.Pause))
	if t.Took != "" {
		row["took"] = text(t.Took)
	}
	if _, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.table, Item: row}); err != nil {
		return fmt.Errorf("turn %d of session %s: %w", t.Number, t.Session, err)
	}
	return nil
}

// Turns reads all turns of a session consistently, by epoch and number.
// interview.Count tells which of them are part of the interview.
func (s *Store) Turns(ctx context.Context, id interview.SessionID) ([]interview.Turn, error) {
	turns, _, err := s.kept(ctx, id)
	return turns, err
}

// kept reads consistently what is kept beside a session's own item: all its turns, and
// what the candidate told of the job; nil = nothing.
func (s *Store) kept(ctx context.Context, id interview.SessionID) (turns []interview.Turn, job *interview.Job, err error) {
	items, err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    new("pk = :pk AND sk > :session"),
		ExpressionAttributeValues: item{":pk": text(sessionPartition(id)), ":session": text(sessionSort)},
		ConsistentRead:            new(true),
	})
	if err != nil {
		return nil, nil, fmt.Errorf("turns of session %s: %w", id, err)
	}
	for _, i := range items {
		if i.text("sk") == jobSort {
			job = i.job()
			continue
		}
		turns = append(turns, i.turn(id))
	}
	return turns, job, nil
}

// PutJob writes what the candidate told of the job, whole, in place of what was written
// before. at is when.
func (s *Store) PutJob(ctx context.Context, id interview.SessionID, j interview.Job, at time.Time) error {
	row := key(sessionPartition(id), jobSort)
	row["role"] = text(j.Role)
	row["advertisement"] = text(j.Advertisement)
	row["cv"] = text(j.CV)
	row["focus"] = text(j.Focus)
	row["brief"] = text(j.Brief)
	row["expires"] = expiry(at.Add(KeepSession))
	row.setCount("minutes", int64(j.Minutes))
	if _, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.table, Item: row}); err != nil {
		return fmt.Errorf("job of session %s: %w", id, err)
	}
	return nil
}

// Job reads what the candidate told of the job; nil = nothing, or the session has ended.
func (s *Store) Job(ctx context.Context, id interview.SessionID) (*interview.Job, error) {
	_, job, err := s.kept(ctx, id)
	return job, err
}

// dropJob deletes what the candidate told of the job, if anything.
func (s *Store) dropJob(ctx context.Context, id interview.SessionID) error {
	_, err := s.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &s.table, Key: key(sessionPartition(id), jobSort)})
	if err != nil {
		return fmt.Errorf("drop the job of session %s: %w", id, err)
	}
	return nil
}

func (i item) job() *interview.Job {
	return &interview.Job{
		Role: i.text("role"), Advertisement: i.text("advertisement"), CV: i.text("cv"), Focus: i.text("focus"),
		Minutes: int(i.number("minutes")), Brief: i.text("brief"),
	}
}

func (i item) turn(id interview.SessionID) interview.Turn {
	return interview.Turn{
		Session: id,
		Epoch:   i.number("epoch"),
		Number:  int(i.number("number")),
		Role:    interview.Role(i.text("role")),
		Text:    i.text("text"),
		Began:   i.time("began"),
		Ended:   i.time("ended"),
		Cut:     i.flag("cut"),
		Unsure:  int(i.number("unsure")),
		Pause:   time.Duration(i.number("pause")),
		Took:    i.text("took"),
	}
}
