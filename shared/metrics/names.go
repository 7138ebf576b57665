package metrics

// Namespace is the CloudWatch namespace of all metrics.
const Namespace = "Casey"

// Service is the dimension that every metric has: the name of the deployment,
// so that two of them in one account stay apart.
const Service = "Service"

// Further dimensions. A metric with one is there without it, too.
const (
	Provider = "Provider" // transcribe, bedrock or polly
	Code     = "Code"     // of an error
	Reason   = "Reason"   // why a connection was refused
)

// Name is the name of a metric.
type Name string

// Names that workers emit once a minute, so that the sum over a minute is the sum
// over all workers.
const (
	Active         Name = "Active"         // sessions held
	Slots          Name = "Slots"          // sessions that could be held
	Workers        Name = "Workers"        // 1
	Busy           Name = "Busy"           // 1 with a session, else 0
	Answers        Name = "Answers"        // offers answered since the last minute
	SessionsEnded  Name = "SessionsEnded"  // of any cause, since the last minute
	SessionsFailed Name = "SessionsFailed" // given up for a reason of ours, since the last minute; Lambdas emit those that they end
)

// Names of the same minute that are about sound, since the last one.
const (
	MicrophoneFill      Name = "MicrophoneFill"      // ms of audio that was filled, for want of packets
	MicrophoneDrops     Name = "MicrophoneDrops"     // packets of microphones that came too late or were too many
	RecognitionRestarts Name = "RecognitionRestarts" // streams of recognition that replaced another
	SilenceWithheld     Name = "SilenceWithheld"     // ms of silence that recognition was not sent, and is not paid for
	PacketsLate         Name = "PacketsLate"         // packets sent 20 ms late or more
)

// Names that workers emit as it happens.
const (
	ReplyTime    Name = "ReplyTime"    // ms from the end of the candidate's speech to the first packet of the reply
	DecisionTime Name = "DecisionTime" // ms of that until the turn was taken to be over
	CallTime     Name = "CallTime"     // ms of a call to a paid service, until its last byte
	CallErrors   Name = "CallErrors"   // calls to a paid service that failed, by Provider and Code
	Throttled    Name = "Throttled"    // of those, the ones over a quota
	Cost         Name = "Cost"         // US dollars, estimated from public prices
	UsageLost    Name = "UsageLost"    // lines of the usage log that could not be written
)

// Names that Lambdas emit. Waiting and OldestOffer come with every pass of the
// sweep; Waiting also when a browser is told to wait. It counts those whom a
// worker more would help, and not those who are just being taken.
const (
	Waiting     Name = "Waiting"     // sessions without a worker
	OldestOffer Name = "OldestOffer" // seconds that the oldest of them has waited
	Refused     Name = "Refused"     // connections refused, by Reason
)

// Unit is CloudWatch's.
type Unit string

// The units in use.
const (
	Count        Unit = "Count"
	Milliseconds Unit = "Milliseconds"
	Seconds      Unit = "Seconds"
	Dollars      Unit = "None"
)

// Definition has the fixed properties of a metric.
type Definition struct {
	Unit Unit
	Fast bool // kept for each second, which alarms of less than a minute need
}

// Definitions has every metric.
var Definitions = map[Name]Definition{
	Active: {Unit: Count}, Slots: {Unit: Count}, Workers: {Unit: Count}, Busy: {Unit: Count},
	Answers: {Unit: Count}, SessionsEnded: {Unit: Count}, SessionsFailed: {Unit: Count},
	MicrophoneFill: {Unit: Milliseconds}, MicrophoneDrops: {Unit: Count},
	RecognitionRestarts: {Unit: Count}, SilenceWithheld: {Unit: Milliseconds}, PacketsLate: {Unit: Count},
	ReplyTime: {Unit: Milliseconds}, DecisionTime: {Unit: Milliseconds},
	CallTime: {Unit: Milliseconds}, CallErrors: {Unit: Count}, Throttled: {Unit: Count},
	Cost: {Unit: Dollars}, UsageLost: {Unit: Count},
	Waiting: {Unit: Count, Fast: true}, OldestOffer: {Unit: Seconds}, Refused: {Unit: Count},
}
