package memory_test

import (
	"fmt"
	"testing"

	"casey.internal/shared/interview"
	"casey.internal/shared/post/memory"
	"casey.internal/shared/post/posttest"
)

func TestContract(t *testing.T) {
	g, n := memory.New(), 0
	posttest.Run(t, g, func() posttest.Browser {
		n++
		id := interview.ConnectionID(fmt.Sprintf("c%d=", n))
		s := g.Open(id)
		return posttest.Browser{ID: id, Next: s.Next, Close: s.Close}
	})
}
