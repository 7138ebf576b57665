// Package fleet plays casey's fleet of workers on a virtual clock: people
// arrive, workers take them, Application Auto Scaling and ECS add and remove
// workers. What casey decides is decided by the very code that is deployed
// (packages fleet, scaling, signaling, options, price), and a test plays real
// workers beside simulated ones; what AWS does is modelled, with the times of
// World.
package fleet

import (
	"math"
	"time"

	"casey.internal/cdk/options"
	"casey.internal/cdk/scaling"
)

// Rate is the number of arrivals an hour, at a time since the start.
type Rate func(at time.Duration) float64

// Account is the quotas of an AWS account.
type Account struct {
	Streams int     // of Transcribe at a time; 0 = any number
	Speech  float64 // calls of Polly a second
	VCPU    int     // of Fargate at a time; 0 = any number
}

// Fresh are the quotas that an account begins with; 6 vCPUs are the fewest that
// new ones are known to have.
//
// https://docs.aws.amazon.com/transcribe/latest/dg/limits-guidelines.html
// https://docs.aws.amazon.com/polly/latest/dg/limits.html
func Fresh() Account { return Account{Streams: 25, Speech: 8, VCPU: 6} }

// World is the times of what casey does not decide.
type World struct {
	// Connect is from an offer to its claim by a worker that polls.
	Connect time.Duration
	// StartLeast and StartMost are from the order of a task to its first poll.
	StartLeast, StartMost time.Duration
	// Stop is from ECS's order to the end of a task without a session.
	Stop time.Duration
	// FastDelay is until an alarm has seen a metric of seconds, SlowDelay one of
	// minutes.
	FastDelay, SlowDelay time.Duration
	// Burst and Sustained are the tasks that Fargate starts at once, and a second.
	//
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/throttling.html
	Burst, Sustained float64
	// Shortest and Longest are the interviews.
	Shortest, Longest time.Duration
}

// Usual is the world as it mostly is. The start of a small image on Fargate and
// the delays of metrics are what others measured; casey has not met them yet.
func Usual() World {
	return World{
		Connect: 150 * time.Millisecond, StartLeast: 25 * time.Second, StartMost: 45 * time.Second, Stop: 5 * time.Second,
		FastDelay: 10 * time.Second, SlowDelay: time.Minute, Burst: 100, Sustained: 20,
		Shortest: 30 * time.Minute, Longest: 60 * time.Minute,
	}
}

// Scenario is a crowd and the deployment that it comes to.
type Scenario struct {
	Name    string
	Title   string
	Seed    uint64
	Rate    Rate
	Most    float64       // the highest value of Rate
	Lead    time.Duration // what happens before is not counted
	For     time.Duration // the whole
	World   World
	Account Account
	Options options.Options
	Policy  scaling.Policy
}

// New returns a scenario in which one deployment with raised quotas meets the
// usual world; the policy is the deployed one.
func New(name, title string, o options.Options, rate Rate, most float64) Scenario {
	return Scenario{
		Name: name, Title: title, Seed: 1, Rate: rate, Most: most, For: 6 * time.Hour, World: Usual(),
		Account: Account{Streams: o.Streams, Speech: math.Inf(1)}, Options: o, Policy: scaling.For(o.Slots),
	}
}

// Steady is the same rate all the time, such that so many talk at a time.
func Steady(atATime float64, w World) Rate {
	hourly := Hourly(atATime, w)
	return func(time.Duration) float64 { return hourly }
}

// Hourly returns how many have to come an hour so that so many talk at a time.
func Hourly(atATime float64, w World) float64 {
	return atATime / ((w.Shortest + w.Longest) / 2).Hours()
}

// Burst rises to ten times the rate within a minute, at a time, and stays there.
func Burst(from Rate, at time.Duration) Rate { return Rise(from, 10, at) }

// Rise is Burst to so many times the rate.
func Rise(from Rate, times float64, at time.Duration) Rate {
	return func(t time.Duration) float64 {
		up := min(1, max(0, (t-at).Minutes()))
		return from(t) * (1 + (times-1)*up)
	}
}

// Day is a curve of 24 hours with its highest point, rate, at 14:00, and a
// twentieth of it at night.
func Day(rate float64) Rate {
	return func(t time.Duration) float64 {
		hour := math.Mod(t.Hours(), 24)
		wave := (1 + math.Cos((hour-14)/24*2*math.Pi)) / 2
		return rate * (0.05 + 0.95*wave*wave)
	}
}

// Class is so many who come within one minute, at a time, beside a rate.
func Class(rate Rate, people float64, at time.Duration) Rate {
	return func(t time.Duration) float64 {
		if at <= t && t < at+time.Minute {
			return rate(t) + 60*people
		}
		return rate(t)
	}
}
