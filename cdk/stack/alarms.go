package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatchactions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/jsii-runtime-go"

	"casey.internal/shared/metrics"
)

// Above these somebody should look.
const (
	oldOffer      = 30.0 // seconds that somebody waits
	manyFailed    = 3.0  // sessions in five minutes
	manyThrottled = 5.0  // calls in five minutes
)

// alarm is raised while the metric is above a limit for so many periods.
type alarm struct {
	id, description string
	metric          awscloudwatch.IMetric
	above           float64
	periods         float64
}

// addAlarms adds what somebody should know at once, and tells whoever was named.
func (s *Stack) addAlarms() {
	for _, a := range []alarm{
		{"OffersDead", "Offers were put aside: nobody could answer them.", s.dead.MetricApproximateNumberOfMessagesVisible(minute(maximum)), 0, 1},
		{"OffersOld", "Somebody has waited for a worker for over half a minute.", s.metric(metrics.OldestOffer, maximum, 0), oldOffer, 2},
		{"SessionsFailing", "Interviews end or do not begin for a reason of ours.", s.metric(metrics.SessionsFailed, sum, 300), manyFailed - 1, 1},
		{"Full", "No worker has a free slot.", s.fullness(), 0.99, 3},
		{"Throttling", "AWS refuses calls: a quota is too low.", s.metric(metrics.Throttled, sum, 300), manyThrottled - 1, 1},
		{"Costly", "An hour cost more than hourlyDollars.", s.metric(metrics.Cost, sum, 3600), float64(s.options.HourlyDollars), 1},
		{"UsageLost", "Lines of the usage log could not be written.", s.metric(metrics.UsageLost, sum, 300), 0, 1},
	} {
		s.alarms = append(s.alarms, awscloudwatch.NewAlarm(s.Stack, &a.id, &awscloudwatch.AlarmProps{
			AlarmDescription: &a.description, Metric: a.metric, Threshold: &a.above, EvaluationPeriods: &a.periods,
			ComparisonOperator: awscloudwatch.ComparisonOperator_GREATER_THAN_THRESHOLD,
			TreatMissingData:   awscloudwatch.TreatMissingData_NOT_BREACHING, // idle queues and functions report nothing
		}))
	}
	if s.options.AlarmEmail == "" {
		return
	}
	topic := awssns.NewTopic(s.Stack, new("Alarms"), &awssns.TopicProps{EnforceSSL: new(true)})
	topic.AddToResourcePolicy(s.alarmsMayTell(*topic.TopicArn()))
	topic.AddSubscription(awssnssubscriptions.NewEmailSubscription(&s.options.AlarmEmail, nil))
	for _, a := range s.alarms {
		a.AddAlarmAction(awscloudwatchactions.NewSnsAction(topic))
	}
}

// alarmsMayTell lets the account's alarms write to a topic. A policy of its own,
// which EnforceSSL makes, replaces the one with which SNS allows that.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
func (s *Stack) alarmsMayTell(topic string) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(new("cloudwatch.amazonaws.com"), nil)},
		Actions:    jsii.Strings("sns:Publish"), Resources: jsii.Strings(topic),
		Conditions: &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": s.Account()}},
	})
}

// fullness is how much of all slots is taken, 0 to 1.
func (s *Stack) fullness() awscloudwatch.MathExpression {
	return awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression: new("active / slots"), Label: new("slots taken"), Period: awscdk.Duration_Minutes(new(1.0)),
		UsingMetrics: &map[string]awscloudwatch.IMetric{
			"active": s.metric(metrics.Active, sum, 0), "slots": s.metric(metrics.Slots, sum, 0),
		},
	})
}
