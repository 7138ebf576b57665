package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Counter keys say what is counted; a row of its own each.
func counterKey(name string) item { return key("counter#"+name, "counter") }

// Add adds n to a counter, which begins at 0, and returns its new value; n = 0
// only reads it. The counter is forgotten some time after expires. A request
// that is repeated after its reply was lost counts twice: counters bound, they
// do not account.
func (s *Store) Add(ctx context.Context, counter string, n int64, expires time.Time) (int64, error) {
	out, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.table, Key: counterKey(counter),
		UpdateExpression:          new("ADD #count :n SET #expires = :expires"),
		ExpressionAttributeNames:  map[string]string{"#count": "count", "#expires": TableShape().Expires},
		ExpressionAttributeValues: item{":n": number(n), ":expires": expiry(expires)},
		ReturnValues:              types.ReturnValueAllNew,
	})
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", counter, err)
	}
	v, ok := out.Attributes["count"].(*types.AttributeValueMemberN)
	if !ok {
		return 0, fmt.Errorf("count %s: the store returned no number", counter)
	}
	return strconv.ParseInt(v.Value, 10, 64)
}
