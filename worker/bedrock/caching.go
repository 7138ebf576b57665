package bedrock

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"

	"casey.internal/shared/foundation"
	"casey.internal/worker/interviewer"
	"casey.internal/worker/servicefailure"
)

// Point is a place in a request up to which the service keeps what it reads.
type Point struct {
	Before int // messages; 0 = it stands after the tools and the system prompt
	Tokens int // before it, about
}

// Points returns where in a request cache points stand, the first first: after the system
// prompt, after the candidate's last words, and after those before them, which is where
// the service has kept the request before: not every model looks back from a point for
// another. A request that is the only one of its kind has none.
func Points(r interviewer.Request, how foundation.Reading) (points []Point) {
	if how.Points == 0 || r.Lasting == 0 {
		return nil
	}
	for _, before := range []int{0, r.Lasting - 2, r.Lasting} {
		tokens := how.Tokens(r.SizeOf(max(0, before)))
		if before >= 0 && tokens >= how.Minimum && len(points) < how.Points && (before > 0 || r.System != "") {
			points = append(points, Point{before, tokens})
		}
	}
	return points
}

// point is a cache point as the service takes it, for the five minutes that cost least.
var point = types.CachePointBlock{Type: types.CachePointTypeDefault}

// points returns those of a request, unless the model has refused any before.
func (c *Client) points(r interviewer.Request) []Point {
	if c.uncached.Load() {
		return nil
	}
	return Points(r, c.reads)
}

// refusesPoints reports whether a request was refused for its cache points: the service
// says so in words alone ("You invoked an unsupported model or your request did not allow
// prompt caching", "cache_control: Extra inputs are not permitted").
func refusesPoints(err error) bool {
	return servicefailure.KindOf(err) == servicefailure.Refused && strings.Contains(strings.ToLower(err.Error()), "cach")
}
