package fleet

import (
	"container/heap"
	"time"
)

// clock is virtual time: what is to be done, in the order of when, and of being
// planned where that is the same.
type clock struct {
	now     time.Duration
	planned plans
	number  int
}

type plan struct {
	at     time.Duration
	number int
	do     func()
}

// after plans something.
func (c *clock) after(d time.Duration, do func()) {
	c.number++
	heap.Push(&c.planned, &plan{c.now + d, c.number, do})
}

// every plans something for now and again and again.
func (c *clock) every(d time.Duration, do func()) {
	do()
	c.after(d, func() { c.every(d, do) })
}

// until does what is planned before end, while it may go on.
func (c *clock) until(end time.Duration, goOn func() bool) {
	for len(c.planned) > 0 && c.planned[0].at < end && goOn() {
		next := heap.Pop(&c.planned).(*plan)
		c.now = next.at
		next.do()
	}
	c.now = end
}

// plans is a heap.Interface.
type plans []*plan

func (p plans) Len() int { return len(p) }
func (p plans) Less(i, j int) bool {
	return p[i].at < p[j].at || p[i].at == p[j].at && p[i].number < p[j].number
}
func (p plans) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p *plans) Push(x any)   { *p = append(*p, x.(*plan)) }
func (p *plans) Pop() any {
	last := len(*p) - 1
	x := (*p)[last]
	(*p)[last] = nil
	*p = (*p)[:last]
	return x
}
