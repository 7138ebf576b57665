package modelcheck

import (
	"fmt"
	"slices"
)

// Result is the findings of an exploration.
type Result struct {
	States, Steps int // different states, and the steps between them
	Ends          int // states in which nothing more happens by itself
	Word          int // the most ticks that an offer waited for an answer or another word
	Wrong         string
	Trace         []string // the steps to it
}

// node is the way on which a state was reached.
type node struct {
	world  world
	parent *node
	step   step
}

// Explore goes breadth first through all states, to the first that is wrong.
func Explore(o Options) Result {
	var r Result
	first := &node{world: newWorld(&o)}
	seen := map[key]struct{}{first.world.key(): {}}
	for queue := []*node{first}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		r.States++
		if at.world.resting {
			r.Ends++
			if r.Wrong = at.world.settled(); r.Wrong != "" {
				r.Trace = at.trace()
				return r
			}
		}
		for _, s := range at.world.steps() {
			next := at.after(s)
			r.Steps++
			if r.Wrong = next.world.check(); r.Wrong != "" {
				r.Trace = next.trace()
				return r
			}
			r.Word = max(r.Word, next.world.waited(&at.world))
			key := next.world.key()
			if _, known := seen[key]; !known {
				seen[key] = struct{}{}
				queue = append(queue, next)
			}
		}
		at.world = world{} // only its steps are needed any more
	}
	return r
}

// after is the state after a step.
func (n *node) after(s step) *node {
	next := &node{world: n.world.clone(), parent: n, step: s}
	next.world.resting = false
	s.do(&next.world, s.of)
	next.world.bury()
	return next
}

// trace is the steps to a state.
func (n *node) trace() []string {
	var steps []string
	for ; n.parent != nil; n = n.parent {
		steps = append(steps, fmt.Sprintf("%s %d", n.step.name, n.step.of))
	}
	slices.Reverse(steps)
	return steps
}
