package fleet

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"casey.internal/cdk/options"
	"casey.internal/cdk/scaling"
)

// What a default has to achieve; of the alternatives that do, the cheapest is
// picked.
const (
	burstWait = 5 * time.Second // 95 of 100 wait less when ten times as many come within a minute
	classWait = 2 * time.Minute // 99 of 100, when 200 come within one
	dayAtOnce = 0.995           // of those who come on an ordinary day
	oneDeath  = 25              // interviews that one worker may take with it
	// noise is the difference in price that is none: of those alternatives the one
	// that serves the class best is picked, and where that is the same, what is
	// shipped.
	noise = 0.005
)

// Alternative is a value that a default could have.
type Alternative struct {
	Value   string        `json:"value"`
	Burst   float64       `json:"burstP95"` // seconds
	Class   float64       `json:"classP99"`
	AtOnce  float64       `json:"dayAtOnce"`
	Dollars float64       `json:"monthDollars"` // for workers, a month of ordinary days
	Fails   string        `json:"fails"`        // what it does not achieve; empty = nothing
	apply   func(*choice) // makes the choice
}

// Rule is by what the defaults are picked, for people.
var Rule = fmt.Sprintf("Of each default's alternatives, all else as shipped, the cheapest on ordinary days of up to 50 interviews is picked\n"+
	"with which one death takes at most %d interviews; %.1f %% of those who come on such a day have a worker at once;\n"+
	"95 %% wait less than %v when ten times 20 interviews come; and 99 %% less than %v when 200 people come within a minute.\n"+
	"Of those within %.1f %% of the cheapest, the one that serves the 200 best.", oneDeath, 100*dayAtOnce, burstWait, classWait, 100*noise)

// choice is the deployment that an alternative makes.
type choice struct {
	options options.Options
	policy  scaling.Policy
}

// Knob is a default with its alternatives.
type Knob struct {
	Name         string        `json:"name"`
	Alternatives []Alternative `json:"alternatives"`
	Shipped      string        `json:"shipped"`
	Picked       string        `json:"picked"`
}

// Knobs are the defaults and their alternatives, not yet tried.
func Knobs() []Knob {
	o := options.Defaults()
	p := scaling.For(o.Slots)
	return []Knob{
		number("slots", o.Slots, []int{10, 25, 50}, func(c *choice, n int) {
			c.options.Slots = n
			c.policy = scaling.For(n)
		}),
		number("warm", o.Warm, []int{25, 10, 5, 2, 1, 0}, func(c *choice, n int) { c.options.Warm = n }),
		number("minTasks", o.MinTasks, []int{2, 1}, func(c *choice, n int) { c.options.MinTasks = n }),
		period("cooldown out", p.OutCooldown, []time.Duration{time.Minute, 2 * time.Minute, 3 * time.Minute, 5 * time.Minute},
			func(c *choice, d time.Duration) { c.policy.OutCooldown = d }),
		period("cooldown in", p.InCooldown, []time.Duration{15 * time.Minute, 5 * time.Minute, time.Minute},
			func(c *choice, d time.Duration) { c.policy.InCooldown = d }),
		listed("target load", fmt.Sprint(p.Target), []float64{0.7, 0.85, 1}, func(c *choice, x float64) { c.policy.Target = x }),
		listed("steps", fmt.Sprint(p.Steps), [][]scaling.Step{
			p.Steps,
			{{Waiting: 1, Add: 1}, {Waiting: o.Slots + 1, Add: 2}, {Waiting: 4*o.Slots + 1, Add: 5}},
			{{Waiting: 1, Add: 1}},
		}, func(c *choice, s []scaling.Step) { c.policy.Steps = s }),
	}
}

func number(name string, shipped int, values []int, set func(*choice, int)) Knob {
	return listed(name, fmt.Sprint(shipped), values, set)
}

func period(name string, shipped time.Duration, values []time.Duration, set func(*choice, time.Duration)) Knob {
	return listed(name, fmt.Sprint(shipped), values, set)
}

func listed[T any](name, shipped string, values []T, set func(*choice, T)) Knob {
	k := Knob{Name: name, Shipped: shipped}
	for _, v := range values {
		k.Alternatives = append(k.Alternatives, Alternative{Value: fmt.Sprint(v), apply: func(c *choice) { set(c, v) }})
	}
	return k
}

// pick chooses one of the alternatives when they have been tried; shipped has the
// figures of the one that is shipped.
func (k *Knob) pick(shipped Alternative) {
	for i, c := range k.Alternatives {
		if c.Value == k.Shipped {
			shipped.Value = c.Value
			k.Alternatives[i] = shipped
		}
	}
	good := slices.DeleteFunc(slices.Clone(k.Alternatives), func(c Alternative) bool { return c.Fails != "" })
	if len(good) == 0 {
		return
	}
	cheapest := slices.MinFunc(good, func(a, b Alternative) int { return cmp.Compare(a.Dollars, b.Dollars) }).Dollars
	good = slices.DeleteFunc(good, func(c Alternative) bool { return c.Dollars > cheapest*(1+noise) })
	k.Picked = slices.MinFunc(good, func(a, b Alternative) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(k.rank(a), k.rank(b)))
	}).Value
}

// rank puts what is shipped first.
func (k *Knob) rank(c Alternative) int {
	if c.Value == k.Shipped {
		return 0
	}
	return 1
}

// trials are the scenarios that an alternative goes through: a small deployment,
// which is what defaults are for.
func trials(c choice) (burst, class, day Scenario) {
	w := Usual()
	burst = raised(250, New("", "", c.options, Burst(Steady(20, w), lead), 10*Hourly(20, w)))
	class = raised(300, New("", "", c.options, Class(Steady(20, w), 200, lead), 60*200+Hourly(20, w)))
	day = raised(100, New("", "", c.options, Day(Hourly(50, w)), Hourly(50, w)))
	day.Lead, day.For = 0, 48*time.Hour
	burst.Policy, class.Policy, day.Policy = c.policy, c.policy, c.policy
	return burst, class, day
}

// seeds is the number of times that each trial is played; the worst wait counts.
const seeds = 3

func (c *Alternative) try(ctx context.Context) error {
	base := choice{options: options.Defaults()}
	base.policy = scaling.For(base.options.Slots)
	c.apply(&base)
	burst, class, day := trials(base)
	c.AtOnce = 1
	refused := 0
	for seed := range uint64(seeds) {
		for _, s := range []*Scenario{&burst, &class, &day} {
			s.Seed = seed + 1
			r, err := Run(ctx, *s)
			if err != nil {
				return err
			}
			refused += r.Refused
			switch s {
			case &burst:
				c.Burst = max(c.Burst, r.WaitP95)
			case &class:
				c.Class = max(c.Class, r.WaitP99)
			case &day:
				c.AtOnce = min(c.AtOnce, r.AtOnce)
				c.Dollars += r.Workers / (s.For - s.Lead).Hours() * 730 / seeds
			}
		}
	}
	c.Fails = c.judge(base, refused)
	return nil
}

func (c *Alternative) judge(base choice, refused int) string {
	switch {
	case base.options.Slots > oneDeath:
		return fmt.Sprintf("a death takes over %d with it", oneDeath)
	case refused > 0:
		return "somebody is refused"
	case c.Burst > burstWait.Seconds():
		return fmt.Sprintf("burst: p95 over %v", burstWait)
	case c.Class > classWait.Seconds():
		return fmt.Sprintf("class: p99 over %v", classWait)
	case c.AtOnce < dayAtOnce:
		return fmt.Sprintf("day: less than %.1f %% at once", 100*dayAtOnce)
	}
	return ""
}
