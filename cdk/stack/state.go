package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"casey.internal/shared/interview"
	"casey.internal/shared/queue"
	"casey.internal/shared/store"
)

const (
	// keepOffers is how many hours a dispatch message lives: longer than anybody
	// can be made to wait, so that no wait ends by it.
	keepOffers = 4
	// deadAfter is how often a message is received before SQS puts it aside. The
	// workers do that themselves, with a reason, far earlier.
	deadAfter = 50
)

// addState adds what is remembered: the table and the queues.
func (s *Stack) addState() {
	shape := store.TableShape()
	s.table = awsdynamodb.NewTableV2(s.Stack, new("Sessions"), &awsdynamodb.TablePropsV2{
		PartitionKey: attribute(shape.Hash), SortKey: attribute(shape.Sort),
		GlobalSecondaryIndexes: &[]*awsdynamodb.GlobalSecondaryIndexPropsV2{{
			IndexName: &shape.Index.Name, PartitionKey: attribute(shape.Index.Hash), SortKey: attribute(shape.Index.Sort),
			ProjectionType: awsdynamodb.ProjectionType_INCLUDE, NonKeyAttributes: jsii.Strings(shape.Index.Projected...),
		}},
		Billing:             awsdynamodb.Billing_OnDemand(nil),
		TimeToLiveAttribute: &shape.Expires,
		PointInTimeRecoverySpecification: &awsdynamodb.PointInTimeRecoverySpecification{
			PointInTimeRecoveryEnabled: &s.options.Recovery,
		},
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY, // all in it expires anyway
	})
	name := s.options.Name() + "-dispatch"
	s.dead = awssqs.NewQueue(s.Stack, new("DeadOffers"), &awssqs.QueueProps{
		QueueName: new(queue.DeadName(name)), EnforceSSL: new(true), Encryption: awssqs.QueueEncryption_SQS_MANAGED,
		RetentionPeriod: awscdk.Duration_Days(new(14.0)),
	})
	s.dispatch = awssqs.NewQueue(s.Stack, new("Offers"), &awssqs.QueueProps{
		QueueName: &name, EnforceSSL: new(true), Encryption: awssqs.QueueEncryption_SQS_MANAGED,
		VisibilityTimeout: awscdk.Duration_Seconds(new(interview.Visibility.Seconds())),
		RetentionPeriod:   awscdk.Duration_Hours(new(float64(keepOffers))),
		DeadLetterQueue:   &awssqs.DeadLetterQueue{Queue: s.dead, MaxReceiveCount: new(float64(deadAfter))},
	})
}

func attribute(k store.Key) *awsdynamodb.Attribute {
	kind := awsdynamodb.AttributeType_STRING
	if k.Number {
		kind = awsdynamodb.AttributeType_NUMBER
	}
	return &awsdynamodb.Attribute{Name: &k.Name, Type: kind}
}
