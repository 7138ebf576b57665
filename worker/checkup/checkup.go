// Package checkup is the session in which a worker tries the services itself,
// where it runs and as who it is: it has the voice say a word, the recognition
// hear it, and the model answer it. A deploy ends with it, for nothing else shows
// that the account, the region, the role and the network are good for an
// interview. It costs less than a cent.
package checkup

import (
	"context"
	"errors"
	"time"

	"casey.internal/shared/channel"
	"casey.internal/worker/servicefailure"
	"casey.internal/worker/session"
)

// Name is the interview by which a check-up is asked for.
const Name = "checkup"

// patience is how long one service may take.
const patience = 15 * time.Second

// Trial is one service, and how it is tried. One may use what the one before it
// has made.
type Trial struct {
	Service string
	Try     func(context.Context) error
}

// Talk is a check-up. It implements session.Talk.
type Talk struct{ begin func(session.Media) []Trial }

// New returns a check-up with the trials that begin returns, made anew for each.
func New(begin func(session.Media) []Trial) *Talk { return &Talk{begin} }

// Run tries each service when the page's channel is open, tells how that went,
// and waits until the page has ended it.
func (t *Talk) Run(ctx context.Context, media session.Media) error {
	for {
		select {
		case <-media.Packets:
		case event := <-media.Events:
			switch event := event.(type) {
			case session.Opened:
				t.try(ctx, media)
			case session.Page:
				if _, over := event.Event.(*channel.End); over {
					return nil
				}
			case session.HandOver:
				return session.ErrHandedOver
			case session.Farewell:
				return session.ErrDrained
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// reason is what anybody may know of an error: its code. What it says of the
// inside is the log's.
func reason(err error) string {
	if f, ok := errors.AsType[*servicefailure.Error](err); ok && f.Code != "" {
		return f.Code
	}
	for _, ours := range []error{errSilence, errNotHeard, errNoAnswer} {
		if errors.Is(err, ours) {
			return ours.Error()
		}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "no answer within " + patience.String()
	}
	return "internal error"
}

// try tries all, and says so.
func (t *Talk) try(ctx context.Context, media session.Media) {
	var told channel.Checkup
	for _, trial := range t.begin(media) {
		limited, cancel := context.WithTimeout(ctx, patience)
		began := time.Now()
		err := trial.Try(limited)
		cancel()
		tried := channel.Tried{Service: trial.Service, MS: int(time.Since(began).Milliseconds())}
		if err != nil {
			media.Log.Warn("service tried in vain", "service", trial.Service, "error", err)
			tried.Error = reason(err)
		}
		told.Services = append(told.Services, tried)
	}
	if err := media.Out.Send(told); err != nil {
		media.Log.Warn("check-up not told", "error", err)
	}
}
