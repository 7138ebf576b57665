package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"casey.internal/shared/interview"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"casey.internal/shared/httpbody"
)

// Store is the table. It is safe for use by many goroutines.
type Store struct {
	client *dynamodb.Client
	table  string
}

// New returns the store on an existing table (CreateTable says which shape).
func New(cfg aws.Config, table string) *Store {
	client := dynamodb.NewFromConfig(cfg, func(o *dynamodb.Options) { o.HTTPClient = httpbody.Client(cfg.HTTPClient) })
	return &Store{client: client, table: table}
}

// CreateTable makes the table and waits until it can be used. A table of that
// name that exists already is left as it is. Who deploys turns on expiry by
// the attribute `expires`.
func CreateTable(ctx context.Context, cfg aws.Config, name string) error {
	client := dynamodb.NewFromConfig(cfg)
	_, err := client.CreateTable(ctx, tableInput(name))
	if _, exists := errors.AsType[*types.ResourceInUseException](err); err != nil && !exists {
		return fmt.Errorf("create table %s: %w", name, err)
	}
	wait := dynamodb.NewTableExistsWaiter(client, func(o *dynamodb.TableExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = 100*time.Millisecond, 5*time.Second
	})
	if err := wait.Wait(ctx, &dynamodb.DescribeTableInput{TableName: &name}, time.Minute); err != nil {
		return fmt.Errorf("wait for table %s: %w", name, err)
	}
	return nil
}

func tableInput(name string) *dynamodb.CreateTableInput {
	shape := TableShape()
	return &dynamodb.CreateTableInput{
		TableName:   &name,
		BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			shape.Hash.definition(), shape.Sort.definition(), shape.Index.Hash.definition(), shape.Index.Sort.definition(),
		},
		KeySchema: keySchema(shape.Hash, shape.Sort),
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName:  &shape.Index.Name,
			KeySchema:  keySchema(shape.Index.Hash, shape.Index.Sort),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeInclude, NonKeyAttributes: shape.Index.Projected},
		}},
	}
}

func keySchema(hash, sort Key) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: &hash.Name, KeyType: types.KeyTypeHash},
		{AttributeName: &sort.Name, KeyType: types.KeyTypeRange},
	}
}

// get reads one item consistently; nil when there is none or it has expired.
func (s *Store) get(ctx context.Context, key item, consistent bool) (item, error) {
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.table, Key: key, ConsistentRead: &consistent})
	if err != nil {
		return nil, err
	}
	if out.Item == nil || item(out.Item).expired(time.Now()) {
		return nil, nil
	}
	return out.Item, nil
}

// query returns all items that the input selects and that have not expired.
func (s *Store) query(ctx context.Context, in *dynamodb.QueryInput) ([]item, error) {
	in.TableName = &s.table
	now := time.Now()
	var found []item
	for pages := dynamodb.NewQueryPaginator(s.client, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, i := range page.Items {
			if !item(i).expired(now) {
				found = append(found, i)
			}
		}
	}
	return found, nil
}

// Ahead counts the sessions that have waited since before this time, at most
// MaxAhead. It may be a little behind.
func (s *Store) Ahead(ctx context.Context, since time.Time) (int, error) {
	out, err := s.client.Query(ctx, &dynamodb.QueryInput{
		TableName: &s.table, IndexName: new(openIndex),
		KeyConditionExpression:    new("#open = :open AND #since < :since"),
		ExpressionAttributeNames:  map[string]string{"#open": "open", "#since": "since"},
		ExpressionAttributeValues: item{":open": text("waiting"), ":since": when(since)},
		Select:                    types.SelectCount,
		Limit:                     new(int32(MaxAhead)),
	})
	if err != nil {
		return 0, fmt.Errorf("count the waiting: %w", err)
	}
	return int(out.Count), nil
}

// Unended returns the sessions that wait, run or are paused, without their SDP
// and history. It may be a little behind.
func (s *Store) Unended(ctx context.Context) ([]interview.Session, error) {
	var open []interview.Session
	for _, where := range []string{"waiting", "running"} {
		items, err := s.query(ctx, &dynamodb.QueryInput{
			IndexName:                 new(openIndex),
			KeyConditionExpression:    new("#open = :open"),
			ExpressionAttributeNames:  map[string]string{"#open": "open"},
			ExpressionAttributeValues: item{":open": text(where)},
		})
		if err != nil {
			return nil, fmt.Errorf("list the %s: %w", where, err)
		}
		for _, i := range items {
			open = append(open, *i.session())
		}
	}
	return open, nil
}
