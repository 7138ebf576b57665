package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"casey.internal/shared/interview"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Open makes the connection speak for its own session, and adds a resume
// secret. The record is created where there is none.
//
// ErrRefused: the session has ended, another connection has resumed it, or it
// has MaxSecrets already.
func (s *Store) Open(ctx context.Context, o Opening) (*interview.Session, error) {
	u := newUpdate().
		set("connection", text(string(o.Connection))).
		set("connectedSince", when(o.ConnectedAt)).
		add("secrets", &types.AttributeValueMemberBS{Value: [][]byte{o.SecretHash}}).
		whenState(interview.StepRetire.From()...).
		when("attribute_not_exists($connection) OR $connection = ?", text(string(o.Connection))).
		when("attribute_not_exists($secrets) OR size($secrets) < ?", number(MaxSecrets))
	begin(u, o.At)
	if o.User != "" {
		u.setFirst("user", text(o.User))
	}
	if o.Interview != "" {
		u.setFirst("interview", text(o.Interview))
	}
	after, err := s.apply(ctx, sessionKey(o.Session), u, types.ReturnValueAllNew)
	if err != nil {
		return nil, fmt.Errorf("open session %s: %w", o.Session, err)
	}
	return after.session(), nil
}

// begin sets what every session's item has from its first write on.
func begin(u *update, at time.Time) {
	u.setFirst("created", when(at)).
		setFirst("epoch", number(0)).
		setFirst("expires", expiry(at.Add(KeepAllotted)))
}

// Resume makes the connection speak for a session whose secret it holds, in
// whatever state that is.
//
// ErrNotFound: no such session. ErrRefused: a wrong secret, or a connection
// that is newer than this one holds the session.
func (s *Store) Resume(ctx context.Context, o Opening) (*interview.Session, error) {
	u := s.existing().
		set("connection", text(string(o.Connection))).
		set("connectedSince", when(o.ConnectedAt)).
		when("contains($secrets, ?)", &types.AttributeValueMemberB{Value: o.SecretHash}).
		when("attribute_not_exists($connectedSince) OR $connectedSince <= ?", when(o.ConnectedAt))
	return s.change(ctx, "resume", o.Session, u, nil)
}

// existing is an update of an item that must be there.
func (s *Store) existing() *update {
	return newUpdate().when("attribute_exists($pk) AND $expires >= ?", expiry(time.Now()))
}

// change applies an update to a session and returns the session as it is then.
// A refused update that done recognises as made already (the SDK repeats what
// got no response) is a success.
func (s *Store) change(ctx context.Context, op string, id interview.SessionID, u *update, done func(*interview.Session) bool) (*interview.Session, error) {
	after, err := s.apply(ctx, sessionKey(id), u, types.ReturnValueAllNew)
	if err == nil {
		return after.session(), nil
	}
	if !errors.Is(err, ErrRefused) {
		return nil, fmt.Errorf("%s session %s: %w", op, id, err)
	}
	seen, readErr := s.Session(ctx, id)
	if readErr != nil {
		return nil, fmt.Errorf("%s: %w", op, readErr)
	}
	if done != nil && done(seen) {
		return seen, nil
	}
	return nil, fmt.Errorf("%s session %s, which is %q: %w", op, id, seen.State, err)
}

// Session reads a session consistently. ErrNotFound: there is none.
func (s *Store) Session(ctx context.Context, id interview.SessionID) (*interview.Session, error) {
	found, err := s.get(ctx, sessionKey(id), true)
	if err == nil && found == nil {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("session %s: %w", id, err)
	}
	return found.session(), nil
}

// PutOffer makes an offer wait for a worker: the first of a session, one that
// replaces an offer not answered yet, one for another worker, or one that
// resumes a paused session. seen is the session as it was read.
//
// ErrRefused: the session has moved on since, or has ended.
func (s *Store) PutOffer(ctx context.Context, seen *interview.Session, offer interview.Offer) (*interview.Session, error) {
	u := s.existing().
		whenState(seen.State).
		when("$epoch = ?", number(seen.Epoch)).
		set("state", text(string(interview.Waiting))).
		set("connection", text(string(offer.Connection))).
		set("open", text("waiting")).
		set("expires", expiry(offer.At.Add(KeepSession))).
		remove("dispatched")
	if seen.Offer.At.IsZero() {
		u.when("attribute_not_exists($offerAt)")
	} else {
		u.when("$offerAt = ?", when(seen.Offer.At))
	}
	if seen.State != interview.Waiting {
		u.set("waitingFrom", when(offer.At)).set("since", when(offer.At))
	}
	setOffer(u, offer)
	if seen.State == interview.Ended {
		return nil, fmt.Errorf("offer for session %s, which has ended: %w", seen.ID, ErrRefused)
	}
	after, err := s.apply(ctx, sessionKey(seen.ID), u, types.ReturnValueAllNew)
	if err != nil {
		return nil, fmt.Errorf("offer for session %s: %w", seen.ID, err)
	}
	return after.session(), nil
}

func setOffer(u *update, offer interview.Offer) {
	u.set("offerPeer", text(string(offer.Peer))).
		set("offerSDP", text(offer.SDP)).
		set("offerWant", text(string(offer.Want))).
		set("offerConnection", text(string(offer.Connection))).
		set("offerAt", when(offer.At))
}

// Dispatched notes that a dispatch message was sent for the offer. ErrRefused:
// the offer waits no more.
func (s *Store) Dispatched(ctx context.Context, id interview.SessionID, offerAt, now time.Time) error {
	u := s.existing().
		whenState(interview.Waiting, interview.Moving).
		when("$offerAt = ?", when(offerAt)).
		set("dispatched", when(now))
	if _, err := s.apply(ctx, sessionKey(id), u, types.ReturnValueNone); err != nil {
		return fmt.Errorf("note the dispatch of session %s: %w", id, err)
	}
	return nil
}
