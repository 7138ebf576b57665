package speech

import (
	"container/list"
	"sync"
)

// Bounds of a Cache.
const (
	cacheText  = 160     // bytes of a line that is worth keeping: any that is said to everybody
	cacheLines = 128     // lines
	cacheBytes = 4 << 20 // of audio
)

// Cache remembers short lines that were said before in one voice, so that they
// cost nothing and begin at once. It is shared by the sessions of a worker; the
// line that was not said for longest goes first. A nil Cache remembers nothing.
type Cache struct {
	mu    sync.Mutex
	lines map[string]*list.Element // of entry
	order *list.List               // most recent first
	bytes int
}

type cached struct {
	recording *recording // complete
	marks     []Mark
}

type entry struct {
	text string
	cached
}

// NewCache returns an empty Cache.
func NewCache() *Cache {
	return &Cache{lines: map[string]*list.Element{}, order: list.New()}
}

// Lines returns how many lines are remembered.
func (c *Cache) Lines() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.order.Len()
}

func (c *Cache) get(text string) (cached, bool) {
	if c == nil {
		return cached{}, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.lines[text]
	if !ok {
		return cached{}, false
	}
	c.order.MoveToFront(e)
	return e.Value.(entry).cached, true
}

// cacheable reports whether a text is worth keeping.
func cacheable(text string) bool { return text != "" && len(text) <= cacheText }

func (c *Cache) put(text string, line cached) {
	if c == nil || !cacheable(text) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.lines[text]; ok {
		return
	}
	c.lines[text] = c.order.PushFront(entry{text, line})
	c.bytes += line.recording.bytes()
	for c.order.Len() > cacheLines || c.bytes > cacheBytes {
		oldest := c.order.Remove(c.order.Back()).(entry)
		delete(c.lines, oldest.text)
		c.bytes -= oldest.recording.bytes()
	}
}
