package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/shared/metrics"
	"casey.internal/worker/bedrock"
	"casey.internal/worker/checkup"
	"casey.internal/worker/conversation"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/judge"
	"casey.internal/worker/language"
	"casey.internal/worker/ledger"
	"casey.internal/worker/pacing"
	"casey.internal/worker/pipeline"
	"casey.internal/worker/polly"
	"casey.internal/worker/recognition"
	"casey.internal/worker/session"
	"casey.internal/worker/soundcheck"
	"casey.internal/worker/speech"
	"casey.internal/worker/transcode"
	"casey.internal/worker/transcribe"
	"casey.internal/worker/usage"
)

// newTalks returns what goes on in a session, by the name of its interview.
func newTalks(c *config, cfg aws.Config, wheel *pacing.Wheel, sound *pipeline.Sound, book *ledger.Ledger, log *slog.Logger) (func(*interview.Session) session.Talk, error) {
	check, err := soundcheck.New()
	if err != nil {
		return nil, err
	}
	shelf, err := openShelf(c.interviews)
	if err != nil {
		return nil, err
	}
	hold := newInterviewing(c, cfg, wheel, sound, book, log)
	services := newCheckup(c, cfg, book, log)
	return func(s *interview.Session) session.Talk {
		switch s.Interview {
		case soundcheck.Name:
			return check
		case checkup.Name:
			return services
		}
		i, err := shelf.Find(s.Interview)
		if err != nil {
			return refusal{err}
		}
		return hold(i)
	}, nil
}

// openShelf opens a folder of interviews, or those that come with casey.
func openShelf(folder string) (*interviewer.Shelf, error) {
	if folder == "" {
		return interviewer.BuiltIn(), nil
	}
	shelf, err := interviewer.Open(os.DirFS(folder))
	if err != nil {
		return nil, fmt.Errorf("the interviews in CASEY_INTERVIEWS, %s, cannot be held (make interviews checks a folder):\n%w", folder, err)
	}
	return shelf, nil
}

// refusal is the talk where there is no such interview.
type refusal struct{ why error }

// Run implements session.Talk.
func (r refusal) Run(context.Context, session.Media) error { return r.why }

// newCheckup connects a check-up to the services of interviews.
func newCheckup(c *config, cfg aws.Config, book *ledger.Ledger, log *slog.Logger) *checkup.Talk {
	report := reporter(book, log)
	voice := polly.New(cfg, polly.Config{Voice: c.polly.voice, Engine: c.polly.engine, Output: polly.Output(c.polly.output)})
	return checkup.New(func(media session.Media) []checkup.Trial {
		id := media.Session.ID
		return checkup.Services{
			Voice: voice.Voice(id, report), Open: opening(c), Recognizer: recognizer(c, cfg, report, "")(id, nil), Framing: framing(c),
			Model: bedrock.New(cfg, bedrock.Config{Model: c.model}).Model(id, report),
		}.Trials()
	})
}

// opening takes the packets out of the voice's form; nil = they are in Ogg.
func opening(c *config) func(io.Reader) speech.Packets {
	if c.polly.output != string(polly.MP3) {
		return nil
	}
	return func(audio io.Reader) speech.Packets { return transcode.NewPackets(audio) }
}

// framing is the form in which recognition takes a voice.
func framing(c *config) func() (recognition.Framing, error) {
	if c.transcribe.input == string(transcribe.PCM) {
		return recognition.NewPCM
	}
	return recognition.NewOgg
}

// silence says how much of it recognition is sent; nil = all.
func silence(c *config) *recognition.Silence {
	if c.transcribe.silence != withheld {
		return nil
	}
	return new(recognition.Silence)
}

// recognizer returns the recognition of a session, of a language or the usual one.
func recognizer(c *config, cfg aws.Config, report usage.Report, language string) func(interview.SessionID, func() int) recognition.Recognizer {
	return func(id interview.SessionID, turn func() int) recognition.Recognizer {
		return transcribe.New(cfg, transcribe.Config{
			Session: id, Input: transcribe.Input(c.transcribe.input), Language: cmp.Or(language, c.transcribe.language),
			Model: c.modelFor(language), Report: report, Turn: turn,
		})
	}
}

// closingTime is the time that an interview has left for its last words and the report
// when the conversation ends it, before the session would.
const closingTime = time.Minute

// newInterviewing connects interviews to Transcribe, Bedrock and Polly, each with its
// own voice and language.
func newInterviewing(c *config, cfg aws.Config, wheel *pacing.Wheel, sound *pipeline.Sound, book *ledger.Ledger, log *slog.Logger) func(*interviewer.Interview) *pipeline.Talk {
	report := reporter(book, log)
	settings := patient(conversation.Defaults(), c.patience)
	settings.Limit = max(c.maxLength-closingTime, c.maxLength/2)
	common := pipeline.Config{
		Model: models(c, cfg, report, log), Judge: judges(c, cfg, report, log), Marks: marks(c, log), Open: opening(c),
		Wheel: wheel, Frame: time.Duration(c.frameMs) * time.Millisecond,
		Framing: framing(c), Silence: silence(c), Settings: settings, Timed: timed(book.Metrics), Rates: pipeline.Rates{Model: c.model, Judge: c.judgeModel(), Engine: c.polly.engine, Marks: c.polly.marks == paid}, Sound: sound,
	}
	voice, files := voices(c, cfg, polly.Output(c.polly.output), report), voices(c, cfg, polly.MP3, report)
	caches := newCaches()
	return func(i *interviewer.Interview) *pipeline.Talk {
		own := common
		own.Interview = i.In(c.transcribe.language).Within(settings.Limit)
		own.Recognizer = recognizer(c, cfg, report, i.Language)
		main, other := speakers(c, i)
		own.Voice, own.Files, own.Cache = voice(main, other), files(main, other), caches.of(main)
		return pipeline.New(own)
	}
}

// speakers are the voice of an interview and the one that says what that one cannot;
// empty = the worker's. In another language than the worker's its voices are of no use.
func speakers(c *config, i *interviewer.Interview) (main, other string) {
	if i.Language == "" || language.Of(i.Language) == language.Of(c.transcribe.language) {
		return i.Voice, ""
	}
	main, other = interviewer.Voices(i.Language)
	if i.Voice == other {
		other = main
	}
	return cmp.Or(i.Voice, main), other
}

// caches remember what each voice has said.
type caches struct {
	mu  sync.Mutex
	all map[string]*speech.Cache
}

func newCaches() *caches { return &caches{all: map[string]*speech.Cache{}} }

func (c *caches) of(voice string) *speech.Cache {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all[voice] == nil {
		c.all[voice] = speech.NewCache()
	}
	return c.all[voice]
}

// patient are settings for a model that takes its time.
func patient(s conversation.Settings, patience time.Duration) conversation.Settings {
	s.Model = max(s.Model, 2*patience)
	s.Report = max(s.Report, 6*patience)
	return s
}

// models returns the model of a session, with another behind it if configured.
func models(c *config, cfg aws.Config, report usage.Report, log *slog.Logger) func(interview.SessionID) interviewer.Model {
	first := bedrock.New(cfg, bedrock.Config{Model: c.model, FirstToken: c.patience, Idle: c.patience, Log: log})
	if c.otherModel == "" {
		return func(id interview.SessionID) interviewer.Model { return first.Model(id, report) }
	}
	second := bedrock.New(cfg, bedrock.Config{Model: c.otherModel, FirstToken: c.patience, Idle: c.patience, Log: log})
	return func(id interview.SessionID) interviewer.Model {
		return interviewer.Fallback{
			First: first.Model(id, report), Second: second.Model(id, report), Log: log.With("session", string(id)),
		}
	}
}

// judges returns who is asked whether a candidate of a session has finished; nil =
// nobody is.
func judges(c *config, cfg aws.Config, report usage.Report, log *slog.Logger) func(interview.SessionID) conversation.Judge {
	if c.judge == "" || c.judge == ownJudge {
		return nil
	}
	rates := ratesOf(c.judge, log)
	model := bedrock.New(cfg, bedrock.Config{Model: c.judge})
	return func(id interview.SessionID) conversation.Judge { return judge.New(model.Model(id, report), rates) }
}

// marks returns how much the interviewer's own word counts; nil = it is not asked for.
func marks(c *config, log *slog.Logger) func(conversation.Opinion) float64 {
	if c.judge != ownJudge {
		return nil
	}
	return ratesOf(ownJudge, log).Weight
}

func ratesOf(name string, log *slog.Logger) judge.Rates {
	rates, known := judge.RatesOf(name)
	if !known {
		log.Warn("nothing is known of how often the judge is right, so its words count nothing: measure it with make judge-eval", "judge", name)
	}
	return rates
}

// voices returns the voices of a session whose interview has a voice of its own, or
// none. What that one cannot say the other one says; where there is none the configured
// fallback, and where there is none the usual voice.
func voices(c *config, cfg aws.Config, output polly.Output, report usage.Report) func(own, other string) pipeline.Voices {
	client := polly.New(cfg, polly.Config{Voice: c.polly.voice, Engine: c.polly.engine, Output: output, Unmarked: c.polly.marks != paid})
	named := func(name string) func(interview.SessionID) speech.Synthesizer {
		voice := client.Named(name)
		return func(id interview.SessionID) speech.Synthesizer { return voice.Voice(id, report) }
	}
	return func(own, other string) pipeline.Voices {
		v := pipeline.Voices{Main: named(own)}
		if other = cmp.Or(other, c.polly.otherVoice, c.polly.voice); other != cmp.Or(own, c.polly.voice) {
			v.Fallback = named(other)
		}
		return v
	}
}

// reporter logs what each call to a paid service took, and keeps account of it.
func reporter(book *ledger.Ledger, log *slog.Logger) usage.Report {
	return func(u usage.Call) {
		book.Record(u)
		log.LogAttrs(context.Background(), slog.LevelInfo, "service called",
			slog.String("session", string(u.Session)), slog.Int("turn", u.Turn), slog.String("service", u.Service), slog.String("operation", u.Operation),
			slog.Duration("took", u.Duration), slog.Duration("audio", u.Audio), slog.Int("characters", u.Characters),
			slog.Int("input_tokens", u.Input), slog.Int("cache_read_tokens", u.CacheRead), slog.Int("cache_write_tokens", u.CacheWrite), slog.Int("output_tokens", u.Output),
			slog.Bool("retried", u.Retried), slog.String("code", u.Code))
	}
}

// timed emits how soon replies came. One to nothing that was said has no time.
func timed(w *metrics.Writer) func(channel.Metrics) {
	return func(m channel.Metrics) {
		if m.FirstPacket > 0 {
			w.Emit(metrics.Values{metrics.ReplyTime: float64(m.FirstPacket), metrics.DecisionTime: float64(m.Decision)})
		}
	}
}
