package speech

import (
	"fmt"
	"testing"
)

// TestALineThatIsSaidWhileItIsWarmedStands: whoever comes first with it.
func TestALineThatIsSaidWhileItIsWarmedStands(t *testing.T) {
	for name, order := range map[string][]bool{"said, then warmed": {false, true}, "warmed, then said": {true, false}} {
		c := NewCache()
		for _, standing := range order {
			c.put("Hello.", cached{recording: newRecording()}, standing)
		}
		for i := range 2 * cacheNew {
			c.put(fmt.Sprint("Line ", i), cached{recording: newRecording()}, false)
		}
		if _, ok := c.get("Hello."); !ok {
			t.Errorf("%s: a standing line was crowded out", name)
		}
	}
}
