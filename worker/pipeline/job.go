package pipeline

import (
	"context"
	"errors"
	"slices"
	"time"

	"casey.internal/shared/apperr"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/session"
	"casey.internal/worker/usage"
)

const (
	// jobWithin limits how long a page that says it will tell of the job may take for it:
	// 64 KB at 64 kbit/s.
	jobWithin = 8 * time.Second
	// condenseWithin limits how long a brief may take to make; replies do without until then.
	condenseWithin = time.Minute
)

// awaitJob waits for what the candidate tells of the job, if their page has said that it
// comes and it is not known yet, and returns it with the other events that came until
// then. What cannot be used is told to the page.
func awaitJob(ctx context.Context, media session.Media, opened session.Opened, early []session.Event) (*interview.Job, []session.Event) {
	if opened.Protocol != channel.ProtocolJob || media.Job != nil {
		return media.Job, early
	}
	late := time.NewTimer(jobWithin)
	defer late.Stop()
	for {
		for i, event := range early {
			switch event := event.(type) {
			case session.Refused:
				return nil, early // which the attendant tells
			case session.Page:
				if told, ok := event.Event.(*channel.Job); ok {
					return keepJob(media, told), slices.Delete(early, i, i+1)
				}
			}
		}
		select {
		case <-media.Packets: // nobody has been greeted
		case event := <-media.Events:
			early = append(early, event)
		case <-late.C:
			media.Log.Warn("the page said that it would tell of the job, and did not")
			return nil, early
		case <-ctx.Done():
			return nil, early
		}
	}
}

// keepJob stores what was told, and tells the page when it is stored.
func keepJob(media session.Media, told *channel.Job) *interview.Job {
	job := interview.Job{Role: told.Role, Advertisement: told.Advertisement, CV: told.CV, Focus: told.Focus, Minutes: told.Minutes}
	media.Log.Info("told of the job", "advertisement_bytes", len(job.Advertisement), "cv_bytes", len(job.CV), "focus", job.Focus != "", "minutes", job.Minutes)
	media.Book.KeepJob(job, func() { sayKept(media) })
	return &job
}

// sayKept tells the page that it need not tell of the job again.
func sayKept(media session.Media) {
	if err := media.Out.Send(channel.Kept{}); err != nil {
		media.Log.Debug("event not sent", "error", err) // another peer sends the job again, and is told
	}
}

// condense makes a brief of what was told, while nobody waits for it, and keeps it.
func condense(ctx context.Context, media session.Media, b *interviewer.Briefing, m interviewer.Model) {
	if !b.Long() {
		return
	}
	ctx, cancel := context.WithTimeout(usage.InTurn(ctx, firstTurn(media)), condenseWithin)
	defer cancel()
	began := time.Now()
	job, err := b.Condense(ctx, m)
	switch {
	case ctx.Err() != nil && !errors.Is(context.Cause(ctx), context.DeadlineExceeded): // the interview is over
		return
	case err != nil:
		media.Log.Warn("no brief of the job was made: replies know the beginning of the texts", "error", err)
		return
	}
	media.Log.Info("job condensed", "took", time.Since(began), "bytes", len(job.Brief))
	media.Book.KeepJob(job, func() {})
}

// firstTurn is the number of the turn that this conversation begins with.
func firstTurn(media session.Media) int {
	if n := len(media.Turns); n > 0 {
		return media.Turns[n-1].Number + 1
	}
	return 1
}

// repeatedJob answers a page that tells of the job when the conversation has begun.
func (a *attendant) repeatedJob() {
	if a.told {
		sayKept(a.media)
		return
	}
	a.notice(apperr.New(apperr.TooLate, "The interview has begun, so what you said of the job cannot be used in it any more."))
}

// notice tells the page what was wrong with something that it said.
func (a *attendant) notice(why *apperr.Error) {
	a.page.Show(channel.Notice{Code: why.Code, Message: why.Message})
}
