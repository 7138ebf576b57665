package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"casey.internal/shared/foundation"
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
	logLevel                     slog.Level
	logPII                       bool
	transcribe                   transcribeConfig
	polly                        pollyConfig
	model, otherModel            string
	service, usageLog, usageFile string
	metadata, agent              string // ECS's endpoints; empty = there is no ECS
}

type transcribeConfig struct{ input, language, model string }

type pollyConfig struct{ output, voice, engine, otherVoice string }

// settingError is a sentence about a bad value.
type settingError struct{ name, value, want string }

func (e *settingError) Error() string {
	return fmt.Sprintf("%s is %q, but must be %s (see worker --help)", e.name, e.value, e.want)
}

// setting is one variable of the environment.
type setting struct {
	name, fallback, want string
	set                  func(c *config, value string) bool // false = not what is wanted
}

// settings lists every variable but those of the AWS SDK.
var settings = []setting{
	{"CASEY_TABLE", "", "the name of the DynamoDB table", text(func(c *config) *string { return &c.table })},
	{"CASEY_DISPATCH_QUEUE_URL", "", "the URL of the SQS dispatch queue", text(func(c *config) *string { return &c.dispatch })},
	{"CASEY_INBOX_PREFIX", "casey-inbox-", "what the names of inbox queues begin with", text(func(c *config) *string { return &c.inboxPrefix })},
	{"CASEY_SLOTS", "25", "sessions at a time, 1 to 2000", number(1, 2000, func(c *config) *int { return &c.slots })},
	{"CASEY_WARM", "1", "slots that all workers together keep free, 0 to 10000", number(0, 10000, func(c *config) *int { return &c.warm })},
	{"CASEY_DRAIN", "4s", "how long sessions may go on after SIGTERM, 0s to 24h", duration(0, 24*time.Hour, func(c *config) *time.Duration { return &c.drain })},
	{"CASEY_MAX_INTERVIEW", "60m", "the longest interview, 1m to 4h", duration(time.Minute, 4*time.Hour, func(c *config) *time.Duration { return &c.maxLength })},
	{"MEDIA_PORT", "3478", "one UDP and one TCP port of the same number, 0 (any) to 65535", number(0, 65535, func(c *config) *int { return &c.port })},
	{"MEDIA_ADDRESS", "", "local IP addresses for media, separated by commas; empty = all", setAddresses},
	{"PUBLIC_ADDRESS", "", "the IP address that browsers reach; empty = the local ones", setPublic},
	{"MEDIA_NETWORKS", "udp,tcp", "udp, tcp or udp,tcp", setNetworks},
	{"ALLOW_PRIVATE_CANDIDATES", "0", "1 to send checks to private addresses too, else 0", flag(func(c *config) *bool { return &c.private })},
	{"HTTP_ADDRESS", ":8080", "where /health, /ready and /metrics are served; empty = nowhere", text(func(c *config) *string { return &c.http })},
	{"FRAME_MS", "20", "20 or 40, the length of audio packets", setFrame},
	{"TRANSCRIBE_INPUT", "opus", "opus or pcm", choice(func(c *config) *string { return &c.transcribe.input }, "opus", "pcm")},
	{"TRANSCRIBE_LANGUAGE", "en-US", "the language spoken", text(func(c *config) *string { return &c.transcribe.language })},
	{"TRANSCRIBE_STREAMS", "25", "streams that the account may have at a time, in all workers together, 0 (any number) to 100000", number(0, 100000, func(c *config) *int { return &c.streams })},
	{"TRANSCRIBE_MODEL", "", "a custom language model; empty = none", text(func(c *config) *string { return &c.transcribe.model })},
	{"BEDROCK_MODEL", "", "the model or inference profile; empty = the newest that casey knows, by its name in the region", text(func(c *config) *string { return &c.model })},
	{"BEDROCK_MODEL_FALLBACK", "", "the model that is asked when the other one fails; empty = none", text(func(c *config) *string { return &c.otherModel })},
	{"POLLY_OUTPUT", "ogg_opus", "ogg_opus or mp3", choice(func(c *config) *string { return &c.polly.output }, "ogg_opus", "mp3")},
	{"POLLY_VOICE", "Joanna", "the interviewer's voice", text(func(c *config) *string { return &c.polly.voice })},
	{"POLLY_VOICE_FALLBACK", "", "the voice, of the same engine, that says what the other one cannot; empty = none", text(func(c *config) *string { return &c.polly.otherVoice })},
	{"POLLY_ENGINE", "neural", "standard, neural, long-form or generative", choice(func(c *config) *string { return &c.polly.engine }, "standard", "neural", "long-form", "generative")},
	{"CASEY_SERVICE", "", "the deployment that metrics are emitted for; empty = none", text(func(c *config) *string { return &c.service })},
	{"CASEY_USAGE_LOG", "", "the CloudWatch log group for calls to paid services; empty = none", text(func(c *config) *string { return &c.usageLog })},
	{"CASEY_USAGE_FILE", "", "a file for them, where there is no log group (make run: usage.jsonl in its state folder); empty = none", text(func(c *config) *string { return &c.usageFile })},
	{ecs.MetadataVariable, "", "set by ECS: tells the task and its address; empty = this is no ECS", text(func(c *config) *string { return &c.metadata })},
	{ecs.AgentVariable, "", "set by ECS: protects the task; empty = nobody stops it", text(func(c *config) *string { return &c.agent })},
	{"LOG_LEVEL", "info", "debug, info, warn or error", func(c *config, v string) bool { return c.logLevel.UnmarshalText([]byte(v)) == nil }},
	{"LOG_PII", "0", "1 to log what people say too, else 0", flag(func(c *config) *bool { return &c.logPII })},
}

// optional are the settings that may be empty.
var optional = []string{
	"MEDIA_ADDRESS", "PUBLIC_ADDRESS", "HTTP_ADDRESS", "TRANSCRIBE_MODEL", "CASEY_INBOX_PREFIX",
	"BEDROCK_MODEL", "BEDROCK_MODEL_FALLBACK", "POLLY_VOICE_FALLBACK",
	"CASEY_SERVICE", "CASEY_USAGE_LOG", "CASEY_USAGE_FILE", ecs.MetadataVariable, ecs.AgentVariable,
}

// readConfig reads and checks the environment. The error holds a *settingError
// for every bad value.
func readConfig(getenv func(string) string) (*config, error) {
	c := &config{}
	var errs []error
	for _, s := range settings {
		value := getenv(s.name)
		if value == "" {
			value = s.fallback
		}
		if value == "" && slices.Contains(optional, s.name) {
			continue
		}
		if value == "" || !s.set(c, value) {
			errs = append(errs, &settingError{s.name, value, s.want})
		}
	}
	return c, errors.Join(errs...)
}

// chooseModel chooses the model where nobody did.
func (c *config) chooseModel(region string) error {
	if c.model != "" {
		return nil
	}
	names := foundation.For(region)
	if len(names) == 0 {
		return &settingError{"BEDROCK_MODEL", "", "set in " + region + ", where casey knows no model of Bedrock"}
	}
	c.model = names[0]
	if c.otherModel == "" && len(names) > 1 {
		c.otherModel = names[1]
	}
	return nil
}

// help writes the table of settings.
func help(w io.Writer) error {
	var table strings.Builder
	table.WriteString("VARIABLE\tDEFAULT\tMEANING\n")
	for _, s := range settings {
		fmt.Fprintf(&table, "%s\t%s\t%s\n", s.name, s.fallback, s.want)
	}
	table.WriteString("AWS_*\t\twhat the AWS SDK for Go reads: region, keys, AWS_ENDPOINT_URL_…\n")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := io.WriteString(t, table.String()); err != nil {
		return err
	}
	return t.Flush()
}

func text(field func(*config) *string) func(*config, string) bool {
	return func(c *config, v string) bool {
		*field(c) = v
		return true
	}
}

func choice(field func(*config) *string, of ...string) func(*config, string) bool {
	return func(c *config, v string) bool {
		*field(c) = v
		return slices.Contains(of, v)
	}
}

func number(least, most int, field func(*config) *int) func(*config, string) bool {
	return func(c *config, v string) bool {
		n, err := strconv.Atoi(v)
		*field(c) = n
		return err == nil && least <= n && n <= most
	}
}

func duration(least, most time.Duration, field func(*config) *time.Duration) func(*config, string) bool {
	return func(c *config, v string) bool {
		d, err := time.ParseDuration(v)
		*field(c) = d
		return err == nil && least <= d && d <= most
	}
}

func flag(field func(*config) *bool) func(*config, string) bool {
	return func(c *config, v string) bool {
		*field(c) = v == "1"
		return v == "0" || v == "1"
	}
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
