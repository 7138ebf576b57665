package main

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"casey.internal/shared/foundation"
	"casey.internal/shared/settings"
	"casey.internal/worker/ecs"
)

// config is all that the worker reads from the environment.
type config struct {
	table, dispatch, inboxPrefix string
	slots, warm, streams         int
	drain, maxLength             time.Duration
	port                         int
	addresses                    []netip.Addr
	public                       netip.Addr
	udp, tcp, private            bool
	frameMs                      int
	http                         string
	profile                      bool // serve profiles there
	logLevel                     slog.Level
	logPII                       bool
	transcribe                   transcribeConfig
	polly                        pollyConfig
	model, otherModel, judge     string
	patience                     time.Duration // with the model
	service, usageLog, usageFile string
	interviews                   string // a folder; empty = those that are built in
	metadata, agent              string // ECS's endpoints; empty = there is no ECS
}

type transcribeConfig struct{ input, language, model, silence string }

type pollyConfig struct{ output, voice, engine, otherVoice, marks string }

// variables lists every variable but those of the AWS SDK.
var variables = settings.Table[config]{
	settings.Var("CASEY_TABLE", "", "the name of the DynamoDB table", settings.Text(func(c *config) *string { return &c.table })),
	settings.Var("CASEY_DISPATCH_QUEUE_URL", "", "the URL of the SQS dispatch queue", settings.Text(func(c *config) *string { return &c.dispatch })),
	settings.Var("CASEY_INBOX_PREFIX", "casey-inbox-", "what the names of inbox queues begin with", settings.Text(func(c *config) *string { return &c.inboxPrefix })),
	settings.Var("CASEY_SLOTS", "25", "sessions at a time, 1 to 2000", settings.Number(1, 2000, func(c *config) *int { return &c.slots })),
	settings.Var("CASEY_WARM", "1", "slots that all workers together keep free, 0 to 10000", settings.Number(0, 10000, func(c *config) *int { return &c.warm })),
	settings.Var("CASEY_DRAIN", "4s", "how long sessions may go on after SIGTERM, 0s to 24h", settings.Duration(0, 24*time.Hour, func(c *config) *time.Duration { return &c.drain })),
	settings.Var("CASEY_MAX_INTERVIEW", "60m", "the longest interview, 1m to 4h", settings.Duration(time.Minute, 4*time.Hour, func(c *config) *time.Duration { return &c.maxLength })),
	settings.Var("CASEY_INTERVIEWS", "", "a folder of interviews, which are all there are then; empty = those that come with casey", settings.Optional(settings.Text(func(c *config) *string { return &c.interviews }))),
	settings.Var("MEDIA_PORT", "3478", "one UDP and one TCP port of the same number, 0 (any) to 65535", settings.Number(0, 65535, func(c *config) *int { return &c.port })),
	settings.Var("MEDIA_ADDRESS", "", "local IP addresses for media, separated by commas; empty = all", settings.Optional(setAddresses)),
	settings.Var("PUBLIC_ADDRESS", "", "the IP address that browsers reach; empty = the local ones", settings.Optional(setPublic)),
	settings.Var("MEDIA_NETWORKS", "udp,tcp", "udp, tcp or udp,tcp", setNetworks),
	settings.Var("ALLOW_PRIVATE_CANDIDATES", "0", "1 to send checks to private addresses too, else 0", settings.Flag(func(c *config) *bool { return &c.private })),
	settings.Var("HTTP_ADDRESS", ":8080", "where /health, /ready and /metrics are served", settings.Text(func(c *config) *string { return &c.http })),
	settings.Var("CASEY_PROFILE", "0", "1 to serve profiles of the process there too, under /debug/pprof/, else 0", settings.Flag(func(c *config) *bool { return &c.profile })),
	settings.Var("FRAME_MS", "20", "20 or 40, the length of audio packets", setFrame),
	settings.Var("TRANSCRIBE_INPUT", "opus", "opus or pcm", settings.Choice(func(c *config) *string { return &c.transcribe.input }, "opus", "pcm")),
	settings.Var("TRANSCRIBE_SILENCE", "withheld", "withheld (but for what recognition needs of it) or sent, which costs as much as speech", settings.Choice(func(c *config) *string { return &c.transcribe.silence }, withheld, "sent")),
	settings.Var("TRANSCRIBE_LANGUAGE", "en-US", "the language spoken", settings.Text(func(c *config) *string { return &c.transcribe.language })),
	settings.Var("TRANSCRIBE_STREAMS", "25", "streams that the account may have at a time, in all workers together, 0 (any number) to 100000", settings.Number(0, 100000, func(c *config) *int { return &c.streams })),
	settings.Var("TRANSCRIBE_MODEL", "", "a custom language model; empty = none", settings.Optional(settings.Text(func(c *config) *string { return &c.transcribe.model }))),
	settings.Var("BEDROCK_MODEL", "", "the model or inference profile; empty = the newest that casey knows, by its name in the region", settings.Optional(settings.Text(func(c *config) *string { return &c.model }))),
	settings.Var("BEDROCK_MODEL_FALLBACK", "", "the model that is asked when the other one fails; empty = none", settings.Optional(settings.Text(func(c *config) *string { return &c.otherModel }))),
	settings.Var("CASEY_JUDGE", "", "the model that is asked at a pause whether the candidate has finished; `small` = the smallest that casey knows, by its name in the region; `own` = the interviewer's, by a mark before each draft; empty = none", settings.Optional(settings.Text(func(c *config) *string { return &c.judge }))),
	settings.Var("BEDROCK_PATIENCE", "4s", "how long the model may take to begin an answer and to go on with it, 1s to 1m", settings.Duration(time.Second, time.Minute, func(c *config) *time.Duration { return &c.patience })),
	settings.Var("POLLY_OUTPUT", "ogg_opus", "ogg_opus or mp3", settings.Choice(func(c *config) *string { return &c.polly.output }, "ogg_opus", "mp3")),
	settings.Var("POLLY_VOICE", "Joanna", "the interviewer's voice", settings.Text(func(c *config) *string { return &c.polly.voice })),
	settings.Var("POLLY_VOICE_FALLBACK", "", "the voice, of the same engine, that says what the other one cannot; empty = none", settings.Optional(settings.Text(func(c *config) *string { return &c.polly.otherVoice }))),
	settings.Var("POLLY_ENGINE", "neural", "standard, neural, long-form or generative", settings.Choice(func(c *config) *string { return &c.polly.engine }, "standard", "neural", "long-form", "generative")),
	settings.Var("POLLY_MARKS", paid, "paid (mouth shapes and the times of words, which cost as much as the voice) or off: then the mouth opens and closes with the sound, and what was heard of a reply that was cut is estimated", settings.Choice(func(c *config) *string { return &c.polly.marks }, paid, "off")),
	settings.Var("CASEY_SERVICE", "", "the deployment that metrics are emitted for; empty = none", settings.Optional(settings.Text(func(c *config) *string { return &c.service }))),
	settings.Var("CASEY_USAGE_LOG", "", "the CloudWatch log group for calls to paid services; empty = none", settings.Optional(settings.Text(func(c *config) *string { return &c.usageLog }))),
	settings.Var("CASEY_USAGE_FILE", "", "a file for them, where there is no log group (make run: usage.jsonl in its state folder); empty = none", settings.Optional(settings.Text(func(c *config) *string { return &c.usageFile }))),
	settings.Var(ecs.MetadataVariable, "", "set by ECS: tells the task and its address; empty = this is no ECS", settings.Optional(settings.Text(func(c *config) *string { return &c.metadata }))),
	settings.Var(ecs.AgentVariable, "", "set by ECS: protects the task; empty = nobody stops it", settings.Optional(settings.Text(func(c *config) *string { return &c.agent }))),
	settings.Var("LOG_LEVEL", "info", "debug, info, warn or error", settings.Level(func(c *config) *slog.Level { return &c.logLevel })),
	settings.Var("LOG_PII", "0", "1 to log what people say too, else 0", settings.Flag(func(c *config) *bool { return &c.logPII })),
}

// withheld is what is usually done with silence.
const withheld = "withheld"

// paid is what marks of the voice usually are.
const paid = "paid"

// small stands for the name of a small model.
const small = "small"

// ownJudge is the judge that is the interviewer's model itself.
const ownJudge = "own"

// judgeModel is the model that judges; empty = none does.
func (c *config) judgeModel() string {
	if c.judge == ownJudge {
		return c.model
	}
	return c.judge
}

// chooseJudge finds the small model's name in a region.
func (c *config) chooseJudge(region string) error {
	if c.judge != small {
		return nil
	}
	if c.judge = foundation.Small(region); c.judge == "" {
		return &settings.Error{Name: "CASEY_JUDGE", Value: small, Meaning: "the name of a model, or empty, in " + region + ", where casey knows no small one"}
	}
	return nil
}

// chooseModel chooses the model where nobody did.
func (c *config) chooseModel(region string) error {
	if c.model != "" {
		return nil
	}
	names := foundation.For(region)
	if len(names) == 0 {
		return &settings.Error{Name: "BEDROCK_MODEL", Meaning: "set in " + region + ", where casey knows no model of Bedrock"}
	}
	c.model = names[0]
	if c.otherModel == "" && len(names) > 1 {
		c.otherModel = names[1]
	}
	return nil
}

// modelFor is the custom language model for a language; empty = none, as for any
// language but the usual one.
func (c *config) modelFor(language string) string {
	if language == "" || language == c.transcribe.language {
		return c.transcribe.model
	}
	return ""
}

func setFrame(c *config, v string) bool {
	c.frameMs, _ = strconv.Atoi(v)
	return v == "20" || v == "40"
}

func setNetworks(c *config, v string) bool {
	for name := range strings.SplitSeq(v, ",") {
		switch name {
		case "udp":
			c.udp = true
		case "tcp":
			c.tcp = true
		default:
			return false
		}
	}
	return true
}

func setAddresses(c *config, v string) bool {
	for s := range strings.SplitSeq(v, ",") {
		a, err := netip.ParseAddr(strings.TrimSpace(s))
		if err != nil {
			return false
		}
		c.addresses = append(c.addresses, a)
	}
	return true
}

func setPublic(c *config, v string) bool {
	a, err := netip.ParseAddr(v)
	c.public = a
	return err == nil
}

// bootID names this boot of this worker: unique, fit for the name of a queue,
// and readable in a log.
func bootID() string {
	name, err := os.Hostname()
	if err != nil {
		name = "worker"
	}
	fit := func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}
	return fmt.Sprintf("%.30s-%.12s", strings.Map(fit, name), strings.ToLower(rand.Text()))
}
