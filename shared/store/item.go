package store

import (
	"strconv"
	"strings"
	"time"

	"casey.internal/shared/interview"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// item is one row as DynamoDB has it.
type item map[string]types.AttributeValue

// Sort keys of a session's partition.
const (
	sessionSort = "session"
	jobSort     = "told" // after sessionSort, so that one query reads it with the turns
	turnPrefix  = "turn#"
)

// workerPartition holds all heartbeats, so that one query lists them.
const workerPartition = "worker"

// projected are the attributes of a session that the index carries: all but
// the large ones.
var projected = []string{
	"state", "interview", "user", "connection", "offerPeer", "offerWant", "offerConnection", "offerAt",
	"owner", "inbox", "epoch", "waitingFrom", "dispatched", "claimedAt", "answeredAt", "connectedAt", "pausedAt",
	"created", "expires",
}

func key(pk, sk string) item { return item{"pk": text(pk), "sk": text(sk)} }

func sessionKey(id interview.SessionID) item { return key(sessionPartition(id), sessionSort) }

func sessionPartition(id interview.SessionID) string { return "session#" + string(id) }

func connectionKey(id interview.ConnectionID) item {
	return key("connection#"+string(id), "connection")
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

// when keeps a time in nanoseconds since 1970.
func when(t time.Time) types.AttributeValue { return number(t.UnixNano()) }

// expiry keeps a time in the seconds that DynamoDB's expiry wants.
func expiry(t time.Time) types.AttributeValue { return number(t.Unix()) }

func (i item) text(name string) string {
	if v, ok := i[name].(*types.AttributeValueMemberS); ok {
		return v.Value
	}
	return ""
}

func (i item) number(name string) int64 {
	if v, ok := i[name].(*types.AttributeValueMemberN); ok {
		n, _ := strconv.ParseInt(v.Value, 10, 64) // absent and unreadable are both 0
		return n
	}
	return 0
}

func (i item) flag(name string) bool {
	v, ok := i[name].(*types.AttributeValueMemberBOOL)
	return ok && v.Value
}

func (i item) time(name string) time.Time {
	if n := i.number(name); n != 0 {
		return time.Unix(0, n).UTC()
	}
	return time.Time{}
}

func (i item) texts(name string) []string {
	var texts []string
	switch v := i[name].(type) {
	case *types.AttributeValueMemberL:
		for _, e := range v.Value {
			if s, ok := e.(*types.AttributeValueMemberS); ok {
				texts = append(texts, s.Value)
			}
		}
	case *types.AttributeValueMemberSS:
		texts = v.Value
	}
	return texts
}

func (i item) expired(now time.Time) bool {
	return i["expires"] != nil && i.number("expires") < now.Unix()
}

// setTime sets a time unless it is zero, which is kept as no attribute.
func (i item) setTime(name string, t time.Time) {
	if !t.IsZero() {
		i[name] = when(t)
	}
}

// setCount sets a number unless it is 0, which is kept as no attribute.
func (i item) setCount(name string, n int64) {
	if n != 0 {
		i[name] = number(n)
	}
}

// session reads a session's item; what the item lacks stays zero.
func (i item) session() *interview.Session {
	return &interview.Session{
		ID:         interview.SessionID(strings.TrimPrefix(i.text("pk"), sessionPartition(""))),
		State:      interview.State(i.text("state")),
		Interview:  i.text("interview"),
		User:       i.text("user"),
		Connection: interview.ConnectionID(i.text("connection")),
		Offer: interview.Offer{
			Peer:       interview.PeerName(i.text("offerPeer")),
			SDP:        i.text("offerSDP"),
			Want:       interview.Want(i.text("offerWant")),
			Connection: interview.ConnectionID(i.text("offerConnection")),
			At:         i.time("offerAt"),
		},
		Owner:       interview.WorkerID(i.text("owner")),
		Inbox:       i.text("inbox"),
		Epoch:       i.number("epoch"),
		WaitingFrom: i.time("waitingFrom"),
		Dispatched:  i.time("dispatched"),
		ClaimedAt:   i.time("claimedAt"),
		AnsweredAt:  i.time("answeredAt"),
		ConnectedAt: i.time("connectedAt"),
		PausedAt:    i.time("pausedAt"),
		Created:     i.time("created"),
		EndedAt:     i.time("endedAt"),
		EndReason:   i.text("endReason"),
		History:     i.history(),
		Invited:     i.time("invited"),
		Successor: interview.Successor{
			Worker: interview.WorkerID(i.text("successor")), Inbox: i.text("successorInbox"),
			At: i.time("successorAt"), Answered: i.time("successorAnswered"),
		},
		Carry: i.text("carry"),
	}
}

func (i item) history() []interview.Watermark {
	list, _ := i["history"].(*types.AttributeValueMemberL)
	if list == nil {
		return nil
	}
	var history []interview.Watermark
	for _, e := range list.Value {
		if m, ok := e.(*types.AttributeValueMemberM); ok {
			history = append(history, interview.Watermark{Epoch: item(m.Value).number("epoch"), Last: int(item(m.Value).number("last"))})
		}
	}
	return history
}

func (i item) owned() []interview.PeerName {
	var owned []interview.PeerName
	for _, p := range i.texts("owned") {
		owned = append(owned, interview.PeerName(p))
	}
	return owned
}

func list(texts ...string) types.AttributeValue {
	l := &types.AttributeValueMemberL{Value: []types.AttributeValue{}}
	for _, s := range texts {
		l.Value = append(l.Value, text(s))
	}
	return l
}
