// Package options is what one deployment of casey chooses: plain values, each
// checked before anything is built of them, so that a wrong one is a sentence.
package options

import (
	"fmt"
	"slices"
	"time"

	"casey.internal/shared/foundation"
	"casey.internal/shared/price"
)

// Who may start an interview.
const (
	Open   = "open"   // pages of the origins named, within limits
	Key    = "key"    // who has one of the keys: ?key=…
	Ticket = "secret" // who has a ticket that is signed with the secret: ?ticket=…
)

// Options are the choices. Defaults has all that are not made.
type Options struct {
	Environment string // empty, or what tells this deployment from others in the account

	// Who may use it.
	Access       string   // Open, Key or Ticket
	Origins      []string // of the pages that may open a WebSocket
	Keys         []string // SHA-256 of the keys, in hexadecimal
	PerAddress   int      // connections that one address may open in an hour
	DailyDollars int      // no new interview on a day that cost as much

	// Workers.
	Arch         string // arm64 or amd64
	CPU, Memory  int    // of a task, in 1/1024 vCPU and MiB
	Slots, Warm  int    // interviews a worker; slots kept free by all
	MinTasks     int
	MaxTasks     int
	MediaPort    int
	MaxInterview time.Duration
	MaxWait      time.Duration // for a free slot

	// Network; empty = a VPC of its own.
	VPC           string
	Subnets, AZs  []string
	Domain        string // with Certificate
	Certificate   string
	Site          bool   // casey's own page on S3 and CloudFront
	Recovery      bool   // point-in-time recovery of the table
	AlarmEmail    string // who is told
	AccessLogs    bool   // of the WebSocket API; sets API Gateway's log role of the whole account
	ServiceUser   string // an IAM user who gets the runtime policy
	HourlyDollars int    // an alarm above

	// Services.
	Voice, Engine, Model, Language string
	OtherVoice, OtherModel         string // for when the first one fails; empty = none
	Judge                          string // the model that is asked whether a candidate has finished; empty = none
	Streams                        int    // of Transcribe that the account may have at a time; 0 = any number
	Input, Output                  string // opus or pcm for Transcribe; ogg_opus or mp3 from Polly
	Silence                        string // withheld from Transcribe, or sent
	Marks                          string // of the voice: paid, or off
	LogLevel                       string

	// Interviews is a folder of interviews, from the checkout's own folder on; empty =
	// those that come with casey.
	Interviews string
}

// Services are what an interview is priced by.
func (o Options) Services() price.Services {
	return price.Services{Engine: o.Engine, Model: o.Model, Silence: o.Silence == "sent", Marks: o.Marks != "off"}
}

// InterviewsFolder is where the worker's image has the folder of interviews.
const InterviewsFolder = "/interviews"

// Defaults returns what is chosen when nothing is, in us-east-1: a small
// deployment that pages on the developer's own machine may use.
func Defaults() Options {
	o := plain()
	o.choose("us-east-1", nil)
	return o
}

// plain is Defaults but for what depends on the region.
func plain() Options {
	return Options{
		Access: Open, Origins: []string{"http://localhost:3000", "http://localhost:3001"}, PerAddress: 60, DailyDollars: 20,
		Arch: "arm64", CPU: 1024, Memory: 2048, Slots: 25, Warm: 5, MinTasks: 1, MaxTasks: 10,
		MediaPort: 3478, MaxInterview: time.Hour, MaxWait: 4 * time.Minute, HourlyDollars: 10,
		Voice: "Joanna", Engine: "neural", Language: "en-US", Streams: 25, Input: "opus", Output: "ogg_opus", Silence: "withheld", Marks: "paid", LogLevel: "info",
	}
}

// Name is the name of the deployment: of its stack, and what its metrics are
// told apart by.
func (o Options) Name() string {
	if o.Environment == "" {
		return "casey"
	}
	return "casey-" + o.Environment
}

// choose chooses what depends on the region and was not chosen: the newest of
// the models that casey knows, by its name there, and the one before it behind it.
func (o *Options) choose(region string, chosen map[string]any) {
	if _, given := chosen["model"]; given {
		return
	}
	names := append(foundation.For(region), "", "")
	o.Model = names[0]
	if _, given := chosen["otherModel"]; !given {
		o.OtherModel = names[1]
	}
}

// chooseJudge finds the name by which a region asks the small model.
func (o *Options) chooseJudge(region string) error {
	if o.Judge != small {
		return nil
	}
	if o.Judge = foundation.Small(region); o.Judge == "" {
		return fmt.Errorf("no small model is known in %s: give judge the id of one there, or leave it out", region)
	}
	return nil
}

// small stands for the name of a small model.
const small = "small"

// ownJudge stands for the interviewer's own model as a judge.
const ownJudge = "own"

// Models are those that are used: the first one, and the one behind it and the judge if
// there are any.
func (o Options) Models() []string {
	return slices.DeleteFunc([]string{o.Model, o.OtherModel, o.Judge}, func(name string) bool { return name == "" || name == ownJudge })
}
