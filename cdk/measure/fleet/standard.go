package fleet

import (
	"time"

	"casey.internal/cdk/options"
)

// lead is the time that a scenario runs until it counts: interviews end as often as
// they begin.
const lead = 2 * time.Hour

// Raised returns options with which so many interviews may be held at a time,
// and the quotas that this needs.
func Raised(atATime int, o options.Options) (options.Options, Account) {
	o.Streams = atATime
	o.MaxTasks = atATime/o.Slots + 1 + atATime/(10*o.Slots) // a tenth for holes and deaths
	return o, Account{Streams: atATime, Speech: SpeechFor(atATime), VCPU: 2 * o.MaxTasks * o.CPU / 1024}
}

// Standard are the scenarios that everybody gets to see.
func Standard() []Scenario {
	w, small := Usual(), options.Defaults()
	scenarios := []Scenario{
		inAccount(Fresh(), New("fresh", "15 at a time, new account", small, Steady(15, w), Hourly(15, w))),
		inAccount(Fresh(), New("full", "100 at a time, new account", small, Steady(100, w), Hourly(100, w))),
		raised(150, New("steady", "100 at a time", small, Steady(100, w), Hourly(100, w))),
		raised(1250, New("burst", "100 at a time, ×10 in a minute", small, Burst(Steady(100, w), lead+time.Hour), 10*Hourly(100, w))),
		raised(300, New("class", "200 come in one minute", small, Class(Steady(20, w), 200, lead+time.Hour), 60*200+Hourly(20, w))),
		raised(2800, New("day", "a day up to 2,500 at a time", small, Day(Hourly(2500, w)), Hourly(2500, w))),
	}
	day := &scenarios[len(scenarios)-1]
	day.Lead, day.For = 0, 24*time.Hour // it begins with a quiet night
	return scenarios
}

func raised(atATime int, s Scenario) Scenario {
	s.Options, s.Account = Raised(atATime, s.Options)
	s.Lead = lead
	return s
}

func inAccount(a Account, s Scenario) Scenario {
	s.Account, s.Lead = a, lead
	return s
}
