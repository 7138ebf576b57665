package turnend

import "time"

// Profile sets how patient to be in a phase of an interview.
type Profile struct {
	Least time.Duration // the shortest silence that ends a turn
	Most  time.Duration // the longest that does not

	Stories bool // questions why and how want a story

	// Interruption is how long a wait is as bad as cutting somebody off.
	Interruption time.Duration
	Silence      time.Duration // without a word since the question, after which one line says that there is no hurry
	Usual        Pauses        // how people pause in such a phase, until this candidate is known
	Stall        time.Duration // voice without new words for this long is noise, not speech
}

// Profiles are the ways to listen, by the names that phases of interviews use.
type Profiles map[string]Profile

// Conversational is the profile of a phase that names none or an unknown one.
const Conversational = "conversational"

// Defaults are the profiles as they were tuned on half of the scripted answers,
// and on those that are for tuning alone (package answers); the benchmark shows
// them on the other half.
func Defaults() Profiles {
	return Profiles{
		Conversational: {
			Least: 300 * time.Millisecond, Most: 2500 * time.Millisecond, Interruption: 8 * time.Second,
			Usual: Pauses{Brief: 430 * time.Millisecond, Long: 1590 * time.Millisecond, Spread: 0.5, Share: 0.15},
			Stall: 4 * time.Second, Silence: 20 * time.Second,
		},
		"reflective": {
			Least: 700 * time.Millisecond, Most: 6 * time.Second, Interruption: 80 * time.Second,
			Usual: Pauses{Brief: 430 * time.Millisecond, Long: 1590 * time.Millisecond, Spread: 0.5, Share: 0.5},
			Stall: 8 * time.Second, Silence: 45 * time.Second, Stories: true,
		},
	}
}

// of returns the profile of a name.
func (p Profiles) of(name string) Profile {
	if profile, ok := p[name]; ok {
		return profile
	}
	return p[Conversational]
}
