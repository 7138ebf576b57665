// Package scaling says how many workers there are to be: the numbers of the
// policies that the stack gives to Application Auto Scaling. The simulation
// reads the same ones.
package scaling

import (
	"fmt"
	"math"
	"time"
)

// SweepEvery is from one pass of the sweep to the next. It repairs, it ends
// waits that were too long, and it tells how many wait; who depends on it must
// not wait for the next whole minute, the shortest that a rule knows.
const SweepEvery = 3 * time.Second

// Step is the change when so many wait.
type Step struct {
	Waiting int // so many or more
	Add     int // workers
}

// Policy is the rule by which the number of workers follows what happens.
type Policy struct {
	Steps        []Step        // ascending; they only ever add
	WaitingEvery time.Duration // period of the alarm on the metric Waiting
	DepthEvery   time.Duration // the same on what is visible in the dispatch queue
	StepCooldown time.Duration
	Target       float64 // of Load, for each worker there is
	// OutCooldown is longer than a worker takes to start and to be seen in the
	// metrics. Before that the load is as high as it was, and target tracking
	// would multiply the workers again.
	OutCooldown time.Duration
	InCooldown  time.Duration
}

// For returns the policy for workers with so many slots.
func For(slots int) Policy {
	return Policy{
		Steps:        []Step{{1, 1}, {slots + 1, 2}, {2*slots + 1, 4}, {4*slots + 1, 8}, {8*slots + 1, 16}},
		WaitingEvery: 10 * time.Second,
		DepthEvery:   time.Minute,
		StepCooldown: time.Minute,
		Target:       1,
		OutCooldown:  3 * time.Minute,
		InCooldown:   5 * time.Minute,
	}
}

// passing is how many offers a look at the queue may see on their way to a free
// slot: each is visible for a tenth of a second, so that three at once are of a
// crowd. Fewer who do wait are Waiting's, which counts nobody else.
const passing = 2

// DepthSteps are Steps for what is visible in the dispatch queue.
func (p Policy) DepthSteps() []Step {
	least := Step{Waiting: passing + 1}
	var larger []Step
	for _, s := range p.Steps {
		if s.Waiting <= least.Waiting {
			least.Add = s.Add
		} else {
			larger = append(larger, s)
		}
	}
	return append([]Step{least}, larger...)
}

// Names of the readings that Load and its expressions are made of: the sum over
// all workers, and of Waiting the maximum, in a minute.
const (
	Active  = "active"
	Waiting = "waiting"
	Busy    = "busy"
	Workers = "workers"
	Needed  = "needed" // the result of NeededExpression
)

// Load returns how many workers there should be for each one there is:
// max(⌈(active + waiting + warm) / slots⌉, busy) / workers. Target tracking
// asks for tasks × load / target. It is NaN without a worker, which is no data.
func Load(active, waiting, busy, workers, warm, slots float64) float64 {
	if workers == 0 {
		return math.NaN()
	}
	return max(math.Ceil((active+waiting+warm)/slots), busy) / workers
}

// NeededExpression and LoadExpression are Load in CloudWatch's metric math.
func NeededExpression(warm, slots int) string {
	return fmt.Sprintf("CEIL((FILL(%s, 0) + FILL(%s, 0) + %d) / %d)", Active, Waiting, warm, slots)
}

// LoadExpression is the result; see NeededExpression.
func LoadExpression() string {
	return fmt.Sprintf("MAX([%s, FILL(%s, 0)]) / %s", Needed, Busy, Workers)
}

// Most returns how many workers there may be at most: those who wait for one of
// the account's streams of recognition are not served by more workers than can
// use one, and a spare for one that dies. 0 streams = any number.
func Most(minTasks, maxTasks, streams, slots int) int {
	if streams == 0 {
		return maxTasks
	}
	useful := (streams+slots-1)/slots + 1
	return min(maxTasks, max(minTasks, useful))
}
