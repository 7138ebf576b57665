package options

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// option is one key of the context.
type option struct {
	want string // what a value must be, after "must be"
	set  func(o *Options, value string) bool
}

// The shapes of names that AWS gives or takes.
var (
	environmentShape = regexp.MustCompile(`^[a-z][a-z0-9-]{0,15}$`)
	keyShape         = regexp.MustCompile(`^[0-9a-f]{64}$`)
	vpcShape         = regexp.MustCompile(`^vpc-[0-9a-f]{8,17}$`)
	subnetShape      = regexp.MustCompile(`^subnet-[0-9a-f]{8,17}$`)
	zoneShape        = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$`)
	domainShape      = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$`)
	certificateShape = regexp.MustCompile(`^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-zA-Z-]+$`)
	emailShape       = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	userShape        = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
	modelShape       = regexp.MustCompile(`^[a-z0-9][a-z0-9.:-]{2,127}$`)
	wordShape        = regexp.MustCompile(`^[A-Za-z]{2,20}$`)
	folderShape      = regexp.MustCompile(`^[^\x00-\x1f]+$`)
	languageShape    = regexp.MustCompile(`^[a-z]{2}-[A-Z]{2}$`)
)

// known are the options by key.
var known = map[string]option{
	"environment":  {"a short name of lower-case letters, digits and hyphens, like staging, without the word inbox", environment},
	"access":       {"open, key or secret", choice(func(o *Options) *string { return &o.Access }, Open, Key, Ticket)},
	"origins":      {"the addresses of pages, separated by commas, like https://app.example.com", list(isOrigin, func(o *Options) *[]string { return &o.Origins })},
	"keys":         {"SHA-256 sums in hexadecimal, separated by commas (make key prints one)", list(keyShape.MatchString, func(o *Options) *[]string { return &o.Keys })},
	"perAddress":   {"the connections that one address may open in an hour, 1 to 100000", number(1, 100_000, func(o *Options) *int { return &o.PerAddress })},
	"dailyDollars": {"what a day may cost in US dollars, 1 to 100000", number(1, 100_000, func(o *Options) *int { return &o.DailyDollars })},

	"arch":         {"arm64 or amd64", choice(func(o *Options) *string { return &o.Arch }, "arm64", "amd64")},
	"cpu":          {"256, 512, 1024, 2048, 4096, 8192 or 16384", oneOf(func(o *Options) *int { return &o.CPU }, 256, 512, 1024, 2048, 4096, 8192, 16384)},
	"memory":       {"what Fargate has for that cpu, in MiB: a multiple of 512 from 512 to 122880", memory},
	"slots":        {"the interviews that a worker holds, 1 to 2000", number(1, 2000, func(o *Options) *int { return &o.Slots })},
	"warm":         {"the slots that all workers together keep free, 0 to 10000", number(0, 10_000, func(o *Options) *int { return &o.Warm })},
	"minTasks":     {"the workers kept running, 1 to 1000", number(1, 1000, func(o *Options) *int { return &o.MinTasks })},
	"maxTasks":     {"the most workers, 1 to 1000", number(1, 1000, func(o *Options) *int { return &o.MaxTasks })},
	"mediaPort":    {"a port from 1024 to 65535, and not 8080", mediaPort},
	"maxInterview": {"the longest interview, 1m to 4h", duration(time.Minute, 4*time.Hour, func(o *Options) *time.Duration { return &o.MaxInterview })},
	"maxWait":      {"how long a browser waits for a free slot, 10s to 1h", duration(10*time.Second, time.Hour, func(o *Options) *time.Duration { return &o.MaxWait })},

	"vpc":           {"the id of a VPC, like vpc-0123456789abcdef0", text(vpcShape, func(o *Options) *string { return &o.VPC })},
	"subnets":       {"ids of public subnets of the VPC, separated by commas", list(subnetShape.MatchString, func(o *Options) *[]string { return &o.Subnets })},
	"azs":           {"the availability zone of each subnet, or those of casey's own network, separated by commas, like us-east-1a", list(zoneShape.MatchString, func(o *Options) *[]string { return &o.AZs })},
	"domain":        {"a host name like voice.example.com", text(domainShape, func(o *Options) *string { return &o.Domain })},
	"certificate":   {"the ARN of a certificate in ACM", text(certificateShape, func(o *Options) *string { return &o.Certificate })},
	"site":          {"true or false", flag(func(o *Options) *bool { return &o.Site })},
	"recovery":      {"true or false", flag(func(o *Options) *bool { return &o.Recovery })},
	"alarmEmail":    {"an e-mail address", text(emailShape, func(o *Options) *string { return &o.AlarmEmail })},
	"accessLogs":    {"true or false", flag(func(o *Options) *bool { return &o.AccessLogs })},
	"serviceUser":   {"the name of an IAM user", text(userShape, func(o *Options) *string { return &o.ServiceUser })},
	"hourlyDollars": {"the cost of an hour in US dollars that raises an alarm, 1 to 100000", number(1, 100_000, func(o *Options) *int { return &o.HourlyDollars })},

	"voice":      {"the name of a voice of Polly, like Joanna", text(wordShape, func(o *Options) *string { return &o.Voice })},
	"engine":     {"standard, neural, long-form or generative", choice(func(o *Options) *string { return &o.Engine }, "standard", "neural", "long-form", "generative")},
	"model":      {"the id of a model or an inference profile of Bedrock", text(modelShape, func(o *Options) *string { return &o.Model })},
	"otherVoice": {"the name of a voice of Polly, for when the first one fails", text(wordShape, func(o *Options) *string { return &o.OtherVoice })},
	"otherModel": {"the id of a model or an inference profile of Bedrock, for when the first one fails", text(modelShape, func(o *Options) *string { return &o.OtherModel })},
	"judge":      {"small, own (the interviewer's), or the id of a model or an inference profile of Bedrock that is asked whether a candidate has finished", text(modelShape, func(o *Options) *string { return &o.Judge })},
	"input":      {"opus or pcm", choice(func(o *Options) *string { return &o.Input }, "opus", "pcm")},
	"output":     {"ogg_opus or mp3", choice(func(o *Options) *string { return &o.Output }, "ogg_opus", "mp3")},
	"silence":    {"withheld or sent, to Transcribe", choice(func(o *Options) *string { return &o.Silence }, "withheld", "sent")},
	"marks":      {"paid or off, of Polly's voice", choice(func(o *Options) *string { return &o.Marks }, "paid", "off")},
	"language":   {"a language of Transcribe, like en-US", text(languageShape, func(o *Options) *string { return &o.Language })},
	"streams":    {"the streams of Transcribe that the account may have at a time, 0 (any number) to 100000", number(0, 100_000, func(o *Options) *int { return &o.Streams })},
	"interviews": {"a folder of interviews, from the checkout's own folder on (make interviews checks one)", text(folderShape, func(o *Options) *string { return &o.Interviews })},
	"logLevel":   {"debug, info, warn or error", choice(func(o *Options) *string { return &o.LogLevel }, "debug", "info", "warn", "error")},
}

// Keys returns the names of all options, sorted.
func Keys() []string { return slices.Sorted(maps.Keys(known)) }

// Parse makes options of the context of the CDK (-c KEY=VALUE, cdk.json) for a
// region. What is not given is Defaults', but for the model, which has another
// name in each part of the world. The error has a sentence for each wrong value.
func Parse(context map[string]any, region string) (Options, error) {
	o := plain()
	o.choose(region, context)
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(context)) {
		if strings.ContainsAny(key, ":/") {
			continue // the CDK's own
		}
		errs = append(errs, o.take(key, context[key]))
	}
	if err := errors.Join(errs...); err != nil {
		return o, err
	}
	if err := o.chooseJudge(region); err != nil {
		return o, err
	}
	if o.Model == "" {
		return o, fmt.Errorf("none of casey's own models is known in %s: choose one with -c model=, the id of a model or an inference profile of Bedrock there", region)
	}
	return o, errors.Join(o.agree()...)
}

func (o *Options) take(key string, value any) error {
	option, ok := known[key]
	if !ok {
		return fmt.Errorf("%s is not an option; there are %s", key, strings.Join(Keys(), ", "))
	}
	if s := fmt.Sprint(value); !option.set(o, s) {
		return fmt.Errorf("%s is %q, but must be %s", key, s, option.want)
	}
	return nil
}

// agree checks what concerns several options.
func (o *Options) agree() []error {
	var errs []error
	check := func(wrong bool, sentence string) {
		if wrong {
			errs = append(errs, errors.New(sentence))
		}
	}
	check(o.MaxTasks < o.MinTasks, fmt.Sprintf("maxTasks is %d, but must be at least minTasks, which is %d", o.MaxTasks, o.MinTasks))
	check(o.VPC == "" && len(o.Subnets) > 0, "subnets are of a vpc: name it too")
	check(o.VPC != "" && (len(o.Subnets) == 0 || len(o.Subnets) != len(o.AZs)), "vpc needs subnets, and azs with the zone of each subnet")
	check((o.Domain == "") != (o.Certificate == ""), "domain and certificate go together: give both or neither")
	check(o.Access == Key && len(o.Keys) == 0, "access=key needs keys (make key prints one)")
	check(o.Access == Open && len(o.Origins) == 0 && !o.Site, "access=open needs origins: the addresses of the pages that may use casey")
	have := sizes[o.CPU]
	check(!have.fits(o.Memory), fmt.Sprintf("memory is %d, but with cpu=%d Fargate has %v", o.Memory, o.CPU, have))
	return errs
}

func isOrigin(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || s != u.Scheme+"://"+u.Host {
		return false
	}
	name := u.Hostname()
	address, err := netip.ParseAddr(name)
	local := name == "localhost" || err == nil && address.IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && local
}

// environment takes no name whose queues another deployment's workers would
// take for inboxes of their own, which they may remove.
func environment(o *Options, v string) bool {
	o.Environment = v
	return environmentShape.MatchString(v) && !slices.Contains(strings.Split(v, "-"), "inbox")
}

func mediaPort(o *Options, v string) bool {
	return number(1024, 65535, func(o *Options) *int { return &o.MediaPort })(o, v) && o.MediaPort != 8080
}

func memory(o *Options, v string) bool {
	return number(512, 122_880, func(o *Options) *int { return &o.Memory })(o, v) && o.Memory%512 == 0
}

// size is the memory that a task may have, in MiB.
type size struct{ least, most, step int }

// sizes are those of each cpu.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
var sizes = map[int]size{
	256: {512, 2048, 512}, 512: {1024, 4096, 1024}, 1024: {2048, 8192, 1024}, 2048: {4096, 16_384, 1024},
	4096: {8192, 30_720, 1024}, 8192: {16_384, 61_440, 4096}, 16384: {32_768, 122_880, 8192},
}

// fits reports whether there are tasks with this memory. Of the smallest, those
// with 1536 MiB are missing.
func (s size) fits(memory int) bool {
	return memory >= s.least && memory <= s.most && (memory-s.least)%s.step == 0 && (s.step > 512 || memory != 1536)
}

func (s size) String() string {
	if s.step == 512 {
		return "512, 1024 and 2048"
	}
	return fmt.Sprintf("%d to %d in steps of %d", s.least, s.most, s.step)
}

func text(shape *regexp.Regexp, field func(*Options) *string) func(*Options, string) bool {
	return func(o *Options, v string) bool {
		*field(o) = v
		return shape.MatchString(v)
	}
}

func choice(field func(*Options) *string, of ...string) func(*Options, string) bool {
	return func(o *Options, v string) bool {
		*field(o) = v
		return slices.Contains(of, v)
	}
}

func number(least, most int, field func(*Options) *int) func(*Options, string) bool {
	return func(o *Options, v string) bool {
		n, err := strconv.Atoi(v)
		*field(o) = n
		return err == nil && least <= n && n <= most
	}
}

func oneOf(field func(*Options) *int, of ...int) func(*Options, string) bool {
	return func(o *Options, v string) bool {
		n, err := strconv.Atoi(v)
		*field(o) = n
		return err == nil && slices.Contains(of, n)
	}
}

func duration(least, most time.Duration, field func(*Options) *time.Duration) func(*Options, string) bool {
	return func(o *Options, v string) bool {
		d, err := time.ParseDuration(v)
		*field(o) = d
		return err == nil && least <= d && d <= most
	}
}

func flag(field func(*Options) *bool) func(*Options, string) bool {
	return func(o *Options, v string) bool {
		*field(o) = v == "true"
		return v == "true" || v == "false"
	}
}

// list takes values separated by commas; an empty one is no list.
func list(good func(string) bool, field func(*Options) *[]string) func(*Options, string) bool {
	return func(o *Options, v string) bool {
		var values []string
		for part := range strings.SplitSeq(v, ",") {
			part = strings.TrimSuffix(strings.TrimSpace(part), "/")
			if !good(part) {
				return false
			}
			values = append(values, part)
		}
		*field(o) = values
		return true
	}
}
