package speech

import (
	"container/list"
	"hash/maphash"
	"sync"
)

// Bounds of a Cache.
const (
	cacheText  = 160     // bytes of a line that is worth keeping: any that is said to everybody
	cacheLines = 128     // lines that are said again and again
	cacheNew   = 32      // lines that were said once
	cacheBytes = 4 << 20 // of audio
	cacheMet   = 1024    // lines at least of which it is known that they were said
)

// Cache remembers short lines that were said before in one voice, so that they
// cost nothing and begin at once. It is shared by the sessions of a worker; the
// line that was not said for longest goes first, but most that a model thinks of is said
// once, or again within seconds: such lines do not crowd out those that were warmed, or said
// twice. A nil Cache remembers nothing.
type Cache struct {
	mu          sync.Mutex
	lines       map[string]*list.Element // of entry
	again, once *list.List               // most recent first
	bytes       int

	seed       maphash.Seed
	met, older map[uint64]bool // hashes of lines that were said: the newest, and those before them
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
	return &Cache{
		lines: map[string]*list.Element{}, again: list.New(), once: list.New(),
		seed: maphash.MakeSeed(), met: map[uint64]bool{},
	}
}

// Lines returns how many lines are remembered.
func (c *Cache) Lines() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.lines)
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
	said := c.remove(e)
	c.add(c.again, said)
	return said.cached, true
}

// cacheable reports whether a text is worth keeping.
func cacheable(text string) bool { return text != "" && len(text) <= cacheText }

// put remembers a line. One that is standing everybody hears.
func (c *Cache) put(text string, line cached, standing bool) {
	if c == nil || !cacheable(text) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.lines[text]; ok { // it was said meanwhile
		c.remove(e)
	}
	if c.meet(text) || standing {
		c.add(c.again, entry{text, line})
	} else {
		c.add(c.once, entry{text, line})
	}
}

// meet reports whether a text was said before, of late. The caller holds the lock.
func (c *Cache) meet(text string) bool {
	h := maphash.String(c.seed, text)
	known := c.met[h] || c.older[h]
	if c.met[h] = true; len(c.met) >= cacheMet {
		c.met, c.older = map[uint64]bool{}, c.met
	}
	return known
}

// add adds a line to a list, and forgets others for it. The caller holds the lock.
func (c *Cache) add(to *list.List, line entry) {
	c.lines[line.text] = to.PushFront(line)
	c.bytes += line.recording.bytes()
	for c.once.Len() > cacheNew {
		c.remove(c.once.Back())
	}
	for c.again.Len() > cacheLines || c.again.Len() > 0 && c.bytes > cacheBytes {
		c.remove(c.again.Back())
	}
}

// remove forgets a line. The caller holds the lock.
func (c *Cache) remove(e *list.Element) entry {
	line := e.Value.(entry)
	c.again.Remove(e) // of the two that has it
	c.once.Remove(e)
	delete(c.lines, line.text)
	c.bytes -= line.recording.bytes()
	return line
}
