package pipeline_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/shared/interview"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/pipeline"
	"casey.internal/worker/recognition"
	"casey.internal/worker/recognition/recognitiontest"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/session"
)

// counted is a recogniser that counts its streams, or has none to give.
type counted struct {
	recognitiontest.Recognizer
	err     error
	started int
	closed  chan struct{}
}

func (c *counted) Start(ctx context.Context) (recognition.Stream, error) {
	if c.err != nil {
		return nil, c.err
	}
	c.started++
	s, err := c.Recognizer.Start(ctx)
	return closing{s, c.closed}, err
}

type closing struct {
	recognition.Stream
	closed chan struct{}
}

func (c closing) Close() error {
	close(c.closed)
	return c.Stream.Close()
}

func prepare(t *testing.T, r *counted) (session.Talk, error) {
	talk := pipeline.New(pipeline.Config{Interview: new(interviewer.Interview), Recognizer: func(interview.SessionID, func() int) recognition.Recognizer { return r }})
	return talk.Prepare(t.Context(), "s")
}

func TestAStreamThatNobodyNeedsIsGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &counted{closed: make(chan struct{})}
		if _, err := prepare(t, r); err != nil || r.started != 1 {
			t.Fatalf("%d streams, %v", r.started, err)
		}
		time.Sleep(time.Minute)
		select {
		case <-r.closed:
		default:
			t.Error("the stream is open")
		}
	})
}

func TestNoStreamIsLeft(t *testing.T) {
	_, err := prepare(t, &counted{err: servicefailure.New("transcribe", servicefailure.Throttled, "limit exceeded")})
	if !errors.Is(err, session.ErrNoRoom) {
		t.Errorf("prepared: %v", err)
	}
	talk, err := prepare(t, &counted{err: servicefailure.New("transcribe", servicefailure.Unavailable, "down")})
	if err != nil || talk == nil {
		t.Errorf("a service that is down keeps somebody from an answer: %v", err)
	}
}
