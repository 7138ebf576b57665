package signaling

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/interview"
	"casey.internal/shared/store"
	"casey.internal/shared/wire"
)

// Arrival is a connection as the gateway announces it.
type Arrival struct {
	Connection interview.ConnectionID
	User       string // who, as the authorizer says
	Source     string // IP address
	At         time.Time
}

// Connect records a connection and allots its session, so that whatever
// message comes first finds both. An error refuses the connection.
func (s *Service) Connect(ctx context.Context, a Arrival) error {
	c := store.Connection{ID: a.Connection, Session: interview.SessionID(rand.Text()), User: a.User, Source: a.Source, At: a.At}
	if err := s.cfg.Store.Connect(ctx, c); err != nil {
		return err
	}
	s.cfg.Step("connected")
	s.logger(&c).InfoContext(ctx, "connected")
	return nil
}

// Disconnect notes that a connection is gone. A session that still waits on it
// ends, or is paused when it has been an interview already; one that a worker
// has is the worker's matter.
func (s *Service) Disconnect(ctx context.Context, id interview.ConnectionID) error {
	session, current, err := s.cfg.Store.Disconnect(ctx, id, time.Now())
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	s.cfg.Step("disconnected")
	s.cfg.Log.InfoContext(ctx, "disconnected", "session", session, "connection", id, "current", current)
	if !current {
		return nil
	}
	return s.abandonSession(ctx, session)
}

// abandonSession takes a session that waits out of the queue.
func (s *Service) abandonSession(ctx context.Context, id interview.SessionID) error {
	session, err := s.cfg.Store.Session(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && session.State != interview.Waiting {
		return nil
	}
	if err != nil {
		return err
	}
	if session.ConnectedAt.IsZero() {
		_, err = s.cfg.Store.EndWaiting(ctx, id, session.Offer.At, reasonDisconnected, time.Now())
	} else {
		_, err = s.cfg.Store.Pause(ctx, id, -1, time.Now())
	}
	if errors.Is(err, store.ErrRefused) {
		return nil // a worker took it just now, and will find nobody there
	}
	s.cfg.Step("abandoned")
	return err
}

// connection returns the connection of a message. One that the table lost, or
// that outlived its row, is recorded anew with a session of its own.
func (s *Service) connection(ctx context.Context, id interview.ConnectionID) (*store.Connection, error) {
	c, err := s.cfg.Store.Connection(ctx, id)
	if !errors.Is(err, store.ErrNotFound) {
		return c, err
	}
	if err := s.Connect(ctx, Arrival{Connection: id, At: time.Now()}); err != nil {
		return nil, err
	}
	return s.cfg.Store.Connection(ctx, id)
}

// credentials are the parts of a message that show whose session it is for.
type credentials struct {
	session   interview.SessionID // empty = the connection's own
	resume    string              // its secret
	interview string              // name of the interview's data, for a new one
}

// enterSession makes the connection speak for the session that its message names, and
// returns the session with a secret to resume it: the one that was shown, or a
// new one.
func (s *Service) enterSession(ctx context.Context, c *store.Connection, shown credentials) (*interview.Session, string, error) {
	if shown.resume != "" {
		session, err := s.resumeSession(ctx, c, shown)
		return session, shown.resume, err
	}
	if shown.session != "" && shown.session != c.Session {
		return nil, "", forbiddenError()
	}
	secret := rand.Text() + rand.Text()
	session, err := s.cfg.Store.Open(ctx, opening(c, c.Session, secret, shown.interview))
	if errors.Is(err, store.ErrRefused) {
		return nil, "", s.whyClosed(ctx, c)
	}
	if err != nil {
		return nil, "", err
	}
	s.cfg.Step("opened")
	return session, secret, nil
}

func opening(c *store.Connection, id interview.SessionID, secret, name string) store.Opening {
	hash := sha256.Sum256([]byte(secret))
	return store.Opening{
		Session: id, Connection: c.ID, ConnectedAt: c.At, User: c.User,
		Interview: name, SecretHash: hash[:], At: time.Now(),
	}
}

// resumeSession binds the connection to a session whose secret it holds; one that is
// over comes beside the error. Nothing tells a wrong secret from a session that does not exist.
func (s *Service) resumeSession(ctx context.Context, c *store.Connection, shown credentials) (*interview.Session, error) {
	id := shown.session
	if id == "" {
		id = c.Session
	}
	session, err := s.cfg.Store.Resume(ctx, opening(c, id, shown.resume, ""))
	if errors.Is(err, store.ErrRefused) || errors.Is(err, store.ErrNotFound) {
		return nil, forbiddenError()
	}
	if err != nil {
		return nil, err
	}
	s.cfg.Step("resumed")
	if id != c.Session {
		if err := s.cfg.Store.Rebind(ctx, c.ID, id); err != nil {
			return nil, err
		}
		c.Session = id
		s.cfg.Step("rebound")
	}
	if session.State == interview.Ended {
		return session, endedError()
	}
	return session, nil
}

// whyClosed says why the connection cannot open its own session.
func (s *Service) whyClosed(ctx context.Context, c *store.Connection) error {
	session, err := s.cfg.Store.Session(ctx, c.Session)
	switch {
	case err != nil:
		return err
	case session.State == interview.Ended:
		return endedError()
	case session.Connection != c.ID:
		return forbiddenError()
	}
	return apperr.New(apperr.TooMany, "the secret to resume was given %d times; use one of those", store.MaxSecrets)
}

// ownSession reads the connection's session; nil when nothing is known of it yet. A
// connection whose session has gone on with a newer one may not touch it.
func (s *Service) ownSession(ctx context.Context, c *store.Connection) (*interview.Session, error) {
	session, err := s.cfg.Store.Session(ctx, c.Session)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err == nil && session.Connection != "" && session.Connection != c.ID {
		return nil, forbiddenError()
	}
	return session, err
}

func forbiddenError() error {
	return apperr.New(apperr.Forbidden, "this connection may not speak for that session: reload the page, or begin a new interview")
}

func endedError() error {
	return apperr.New(apperr.Ended, "this interview is over: open a new connection to begin another")
}

// hello answers with the session, its secret and the ICE servers, or with the report of
// a session that is over.
func (s *Service) hello(ctx context.Context, c *store.Connection, m *wire.Hello) error {
	session, secret, err := s.enterSession(ctx, c, credentials{m.Session, m.Resume, m.Interview})
	if report := reportOf(session); err != nil && report != nil {
		return s.post(ctx, c.ID, wire.Report{Session: session.ID, Report: report})
	}
	if err != nil {
		return err
	}
	return s.tellSession(ctx, c, secret)
}

// reportOf returns what a session that is over came to, as JSON; nil = nothing is known.
func reportOf(session *interview.Session) json.RawMessage {
	if session == nil || session.State != interview.Ended {
		return nil
	}
	var carried struct{ Report json.RawMessage }
	if json.Unmarshal([]byte(session.Carry), &carried) != nil || string(carried.Report) == "null" {
		return nil // an interview that ended before it began carries nothing
	}
	return carried.Report
}

func (s *Service) tellSession(ctx context.Context, c *store.Connection, secret string) error {
	return s.post(ctx, c.ID, wire.Session{Session: c.Session, Resume: secret, ICEServers: s.cfg.ICEServers})
}

// peerName returns the name of a peer that the client did not name: its
// connection's id, as much of it as a name may have.
func peerName(named interview.PeerName, c *store.Connection) interview.PeerName {
	if named != "" {
		return named
	}
	if len(c.ID) <= wire.MaxPeerName {
		return interview.PeerName(c.ID)
	}
	hash := sha256.Sum256([]byte(c.ID))
	return interview.PeerName(fmt.Sprintf("%x", hash[:wire.MaxPeerName/2]))
}
