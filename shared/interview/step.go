package interview

import "slices"

// Step is a change in where a session stands.
type Step int

// The steps of a session. Those of the owner hold only in the owner's epoch.
const (
	StepOffer   Step = iota // an offer is there that a worker has to claim
	StepClaim               // a worker claims it; raises the epoch
	StepAnswer              // the owner has decided the answer
	StepConnect             // media flows for the first time since the answer
	StepAdopt               // the owner takes another peer of its session
	StepPutBack             // the owner cannot answer after all; another may
	StepMove                // the owner is going away
	StepInvite              // the browser of a session that moves asks for a successor
	StepSucceed             // the successor becomes the owner; raises the epoch
	StepCarry               // the owner keeps what it takes to go on elsewhere
	StepPause               // the owner ends the live part; the session can be resumed
	StepEnd                 // the owner ends the session
	StepRetire              // somebody other than the owner pauses or ends it
)

// legal says from which states each step may be made.
var legal = map[Step][]State{
	StepOffer:   {Allotted, Waiting, Claimed, Answered, Moving, Paused},
	StepClaim:   {Waiting, Claimed, Paused}, // paused: see LeftInviting
	StepAnswer:  {Claimed},
	StepConnect: {Answered, Moving},
	StepAdopt:   {Answered, Moving},
	StepPutBack: {Claimed},
	StepMove:    {Answered},
	StepInvite:  {Moving},
	StepSucceed: {Moving},
	StepCarry:   {Claimed, Answered, Moving},
	StepPause:   {Claimed, Answered, Moving},
	StepEnd:     {Claimed, Answered, Moving},
	StepRetire:  {Allotted, Waiting, Claimed, Answered, Moving, Paused},
}

// From returns the states from which the step may be made. A session that
// waits again belongs to nobody, so that an owner that was left (`elsewhere`)
// can neither pause nor end it.
func (s Step) From() []State { return slices.Clone(legal[s]) }

// LegalFrom reports whether the step may be made from this state.
func (s Step) LegalFrom(state State) bool { return slices.Contains(legal[s], state) }
