package interview_test

import (
	"slices"
	"testing"
	"time"

	"casey.internal/shared/interview"
)

var now = time.Unix(1_000_000, 0)

func ago(d time.Duration) time.Time { return now.Add(-d) }

// session holds an offer of peer p, made ten seconds ago.
func session(state interview.State, change func(*interview.Session)) *interview.Session {
	s := &interview.Session{ID: "s", State: state, Offer: interview.Offer{Peer: "p", SDP: "v=0", At: ago(10 * time.Second)}}
	if change != nil {
		change(s)
	}
	return s
}

func claimed(at time.Duration) *interview.Session {
	return session(interview.Claimed, func(s *interview.Session) { s.ClaimedAt = ago(at) })
}

func answered(at, connected time.Duration) *interview.Session {
	return session(interview.Answered, func(s *interview.Session) {
		s.AnsweredAt = ago(at)
		if connected > 0 {
			s.ConnectedAt = ago(connected)
		}
	})
}

func TestJudge(t *testing.T) {
	beat := func(d time.Duration) *interview.Worker { return &interview.Worker{Beat: ago(d)} }
	for name, c := range map[string]struct {
		session *interview.Session
		peer    interview.PeerName
		at      time.Duration
		owner   *interview.Worker
		want    interview.Decision
	}{
		"gone":                                 {nil, "p", 10 * time.Second, nil, interview.Decision{Action: interview.Delete}},
		"another peer's":                       {session(interview.Waiting, nil), "q", 10 * time.Second, nil, interview.Decision{Action: interview.Delete}},
		"an older offer of the same peer":      {session(interview.Waiting, nil), "p", 11 * time.Second, nil, interview.Decision{Action: interview.Delete}},
		"waiting":                              {session(interview.Waiting, nil), "p", 10 * time.Second, nil, interview.Decision{Action: interview.Take}},
		"just claimed":                         {claimed(time.Second), "p", 10 * time.Second, beat(0), interview.Decision{Action: interview.Leave, For: 4 * time.Second}},
		"claimed too long ago":                 {claimed(5 * time.Second), "p", 10 * time.Second, beat(0), interview.Decision{Action: interview.Take}},
		"just answered":                        {answered(time.Second, 0), "p", 10 * time.Second, nil, interview.Decision{Action: interview.Leave, For: 5 * time.Second}},
		"answered by one that lives":           {answered(time.Second, 0), "p", 10 * time.Second, beat(0), interview.Decision{Action: interview.Delete}},
		"answered after its last heartbeat":    {answered(time.Second, 0), "p", 10 * time.Second, beat(2 * time.Second), interview.Decision{Action: interview.Leave, For: 5 * time.Second}},
		"answered by one that died in the act": {answered(6*time.Second, 0), "p", 10 * time.Second, beat(7 * time.Second), interview.Decision{Action: interview.GiveUp}},
		"connected":                            {answered(time.Minute, time.Second), "p", 10 * time.Second, nil, interview.Decision{Action: interview.Delete}},
		"connected before it went elsewhere":   {answered(6*time.Second, time.Minute), "p", 10 * time.Second, nil, interview.Decision{Action: interview.GiveUp}},
		"paused":                               {session(interview.Paused, nil), "p", 10 * time.Second, nil, interview.Decision{Action: interview.Delete}},
		"ended":                                {session(interview.Ended, nil), "p", 10 * time.Second, nil, interview.Decision{Action: interview.Delete}},
	} {
		if got := interview.Judge(c.session, c.peer, ago(c.at), c.owner, now); got != c.want {
			t.Errorf("%s: %v %v, want %v %v", name, got.Action, got.For, c.want.Action, c.want.For)
		}
	}
}

// inviting is a session that moves, whose successor reserved it and answered so long
// ago; negative = not.
func inviting(reserved, answered time.Duration) *interview.Session {
	return session(interview.Moving, func(s *interview.Session) {
		s.Invited, s.Owner, s.Epoch, s.AnsweredAt, s.ConnectedAt = s.Offer.At, "w1", 3, ago(time.Hour), ago(time.Hour)
		if reserved >= 0 {
			s.Successor = interview.Successor{Worker: "w2", At: ago(reserved)}
		}
		if answered >= 0 {
			s.Successor.Answered = ago(answered)
		}
	})
}

func TestJudgeAnInvitation(t *testing.T) {
	for name, c := range map[string]struct {
		session *interview.Session
		want    interview.Decision
	}{
		"no successor":               {inviting(-1, -1), interview.Decision{Action: interview.Take}},
		"just reserved":              {inviting(time.Second, -1), interview.Decision{Action: interview.Leave, For: 4 * time.Second}},
		"reserved too long ago":      {inviting(5*time.Second, -1), interview.Decision{Action: interview.Take}},
		"answered":                   {inviting(9*time.Second, 8*time.Second), interview.Decision{Action: interview.Delete}},
		"the owner took another one": {session(interview.Moving, func(s *interview.Session) { s.Invited = ago(time.Hour); s.AnsweredAt, s.ConnectedAt = ago(9), ago(9) }), interview.Decision{Action: interview.Delete}},
	} {
		got := interview.Judge(c.session, "p", ago(10*time.Second), nil, now)
		if got != c.want {
			t.Errorf("%s: %v %v, want %v %v", name, got.Action, got.For, c.want.Action, c.want.For)
		}
		if can := interview.CanReserve(c.session, "p", ago(10*time.Second), "w3", now); can != (got.Action == interview.Take) {
			t.Errorf("%s: judged %v, reserve %v", name, got.Action, can)
		}
	}
	if interview.CanReserve(inviting(-1, -1), "p", ago(10*time.Second), "w1", now) {
		t.Error("the owner may be its own successor")
	}
}

func TestCanSucceed(t *testing.T) {
	s := inviting(time.Second, 0)
	if !interview.CanSucceed(s, 3, "w2") || interview.CanSucceed(s, 2, "w2") || interview.CanSucceed(s, 3, "w1") || interview.CanSucceed(inviting(-1, -1), 3, "") {
		t.Error("somebody else than the successor in its epoch may succeed")
	}
}

// TestJudgeAndCanClaimAgree: a session that is taken can be claimed.
func TestJudgeAndCanClaimAgree(t *testing.T) {
	for name, s := range map[string]*interview.Session{
		"none": nil, "allotted": session(interview.Allotted, nil), "waiting": session(interview.Waiting, nil),
		"just claimed": claimed(time.Second), "stale": claimed(5 * time.Second), "nearly stale": claimed(5*time.Second - 1),
		"answered": answered(time.Hour, 0), "connected": answered(time.Hour, time.Second), "ended": session(interview.Ended, nil),
	} {
		take := interview.Judge(s, "p", ago(10*time.Second), nil, now).Action == interview.Take
		if can := interview.CanClaim(s, "p", ago(10*time.Second), now); can != take {
			t.Errorf("%s: judged %v, claim %v", name, take, can)
		}
		if interview.CanClaim(s, "p", ago(9*time.Second), now) || interview.CanClaim(s, "q", ago(10*time.Second), now) {
			t.Errorf("%s: another offer can be claimed", name)
		}
	}
}

func TestCount(t *testing.T) {
	turn := func(epoch int64, number int) interview.Turn { return interview.Turn{Epoch: epoch, Number: number} }
	all := []interview.Turn{turn(1, 1), turn(1, 2), turn(1, 3), turn(2, 3), turn(4, 3), turn(4, 4), turn(5, 5), turn(6, 6)}
	for name, c := range map[string]struct {
		epoch   int64
		history []interview.Watermark
		want    []interview.Turn
	}{
		"the first epoch":                {1, nil, []interview.Turn{turn(1, 1), turn(1, 2), turn(1, 3)}},
		"before anything was said":       {0, nil, nil},
		"what came too late is left out": {4, []interview.Watermark{{Epoch: 1, Last: 2}}, []interview.Turn{turn(1, 1), turn(1, 2), turn(4, 3), turn(4, 4)}},
		"through several epochs": {
			6, []interview.Watermark{{Epoch: 1, Last: 2}, {Epoch: 4, Last: 4}, {Epoch: 5, Last: 5}},
			[]interview.Turn{turn(1, 1), turn(1, 2), turn(4, 3), turn(4, 4), turn(5, 5), turn(6, 6)},
		},
	} {
		got := interview.Count(&interview.Session{Epoch: c.epoch, History: c.history}, all)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestMark(t *testing.T) {
	turns := []interview.Turn{{Epoch: 1, Number: 1}, {Epoch: 1, Number: 2}, {Epoch: 2, Number: 7}}
	if w, ok := interview.Mark(1, turns); !ok || w != (interview.Watermark{Epoch: 1, Last: 2}) {
		t.Errorf("epoch 1: %v, %v", w, ok)
	}
	if w, ok := interview.Mark(3, turns); ok {
		t.Errorf("an epoch without turns: %v", w)
	}
}

func TestLegalSteps(t *testing.T) {
	const (
		allotted, waiting, claimed = interview.Allotted, interview.Waiting, interview.Claimed
		answered, moving, paused   = interview.Answered, interview.Moving, interview.Paused
	)
	everything := []interview.State{allotted, waiting, claimed, answered, moving, paused, interview.Ended}
	for step, from := range map[interview.Step][]interview.State{
		interview.StepOffer:   {allotted, waiting, claimed, answered, moving, paused},
		interview.StepClaim:   {waiting, claimed, paused},
		interview.StepAnswer:  {claimed},
		interview.StepConnect: {answered, moving},
		interview.StepAdopt:   {answered, moving},
		interview.StepPutBack: {claimed},
		interview.StepMove:    {answered},
		interview.StepPause:   {claimed, answered, moving},
		interview.StepEnd:     {claimed, answered, moving},
		interview.StepRetire:  {allotted, waiting, claimed, answered, moving, paused},
	} {
		for _, state := range everything {
			if got, want := step.LegalFrom(state), slices.Contains(from, state); got != want {
				t.Errorf("step %d from %q: %v, want %v", step, state, got, want)
			}
		}
		if got := step.From(); !slices.Equal(got, from) {
			t.Errorf("step %d from %q, want %q", step, got, from)
		}
	}
}

func TestFree(t *testing.T) {
	for name, c := range map[string]struct {
		worker *interview.Worker
		want   int
	}{
		"none":       {nil, 0},
		"idle":       {&interview.Worker{Slots: 3, Beat: now}, 3},
		"busy":       {&interview.Worker{Slots: 3, Active: 2, Beat: now}, 1},
		"overloaded": {&interview.Worker{Slots: 3, Active: 4, Beat: now}, 0},
		"draining":   {&interview.Worker{Slots: 3, Draining: true, Beat: now}, 0},
		"late":       {&interview.Worker{Slots: 3, Beat: ago(interview.LeaseLost - 1)}, 3},
		"gone":       {&interview.Worker{Slots: 3, Beat: ago(interview.LeaseLost)}, 0},
	} {
		if got := c.worker.Free(now); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestHolds(t *testing.T) {
	s := session(interview.Waiting, nil)
	for sdp, want := range map[string]bool{"v=0": true, "v=0 other": false, "": false} {
		if got := s.Holds(interview.Offer{Peer: "p", SDP: sdp}); got != want {
			t.Errorf("%q: %v", sdp, got)
		}
	}
	if s.Holds(interview.Offer{Peer: "q", SDP: "v=0"}) {
		t.Error("another peer's")
	}
	if (&interview.Session{}).Holds(interview.Offer{}) {
		t.Error("no offer at all")
	}
}

func TestPlace(t *testing.T) {
	held := interview.Offer{Peer: "p", SDP: "v=0"}
	fresh := interview.Offer{Peer: "q", SDP: "v=0", Want: interview.WantFresh}
	elsewhere := interview.Offer{Peer: "q", SDP: "v=0", Want: interview.WantElsewhere}
	dispatched := func(s *interview.Session) *interview.Session {
		s.Dispatched = now
		return s
	}
	in := func(state interview.State) *interview.Session { return session(state, nil) }
	for name, c := range map[string]struct {
		session *interview.Session
		offer   interview.Offer
		want    interview.Placement
	}{
		"the first":                       {&interview.Session{}, fresh, interview.PlaceWait},
		"another while it waits":          {in(interview.Waiting), fresh, interview.PlaceWait},
		"again, not dispatched":           {in(interview.Waiting), held, interview.PlaceDispatch},
		"again, dispatched":               {dispatched(in(interview.Waiting)), held, interview.PlaceNowhere},
		"again while it is answered":      {in(interview.Claimed), held, interview.PlaceNowhere},
		"another while it is answered":    {in(interview.Claimed), fresh, interview.PlaceWait},
		"again, answered":                 {in(interview.Answered), held, interview.PlaceOwnerAgain},
		"again in a move":                 {in(interview.Moving), held, interview.PlaceOwnerAgain},
		"another peer":                    {in(interview.Answered), fresh, interview.PlaceOwner},
		"another peer in a move":          {in(interview.Moving), fresh, interview.PlaceOwner},
		"elsewhere":                       {in(interview.Answered), elsewhere, interview.PlaceWait},
		"elsewhere in a move":             {in(interview.Moving), elsewhere, interview.PlaceInvite},
		"an invitation again":             {inviting(-1, -1), held, interview.PlaceDispatch},
		"an invitation again, dispatched": {dispatched(inviting(time.Second, -1)), held, interview.PlaceNowhere},
		"an invitation again, answered":   {dispatched(inviting(2*time.Second, time.Second)), held, interview.PlaceSuccessor},
		"resumed":                         {in(interview.Paused), held, interview.PlaceWait},
		"ended":                           {in(interview.Ended), fresh, interview.PlaceRefused},
	} {
		if got := interview.Place(c.session, c.offer); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestPlaceWithoutOwner(t *testing.T) {
	for name, c := range map[string]struct {
		placement interview.Placement
		want      interview.Want
		then      interview.Placement
	}{
		"a new peer":     {interview.PlaceOwner, interview.WantFresh, interview.PlaceWait},
		"an ICE restart": {interview.PlaceOwner, interview.WantRestart, interview.PlaceLost},
		"again":          {interview.PlaceOwnerAgain, interview.WantFresh, interview.PlaceLost},
	} {
		if got := c.placement.WithoutOwner(interview.Offer{Want: c.want}); got != c.then {
			t.Errorf("%s: %d, want %d", name, got, c.then)
		}
	}
}
