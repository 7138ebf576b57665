package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"

	"casey.internal/shared/metrics"
)

// Statistics of CloudWatch.
const (
	sum     = "Sum"
	maximum = "Maximum"
	median  = "p50"
	slowest = "p95"
)

// metric is one that the code emits; a period of 0 is a minute.
func (s *Stack) metric(name metrics.Name, statistic string, seconds float64) awscloudwatch.Metric {
	if seconds == 0 {
		seconds = 60
	}
	return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace: new(metrics.Namespace), MetricName: new(string(name)), Statistic: &statistic,
		Period:        awscdk.Duration_Seconds(&seconds),
		DimensionsMap: &map[string]*string{metrics.Service: new(s.options.Name())},
	})
}

// minute are the options of a metric that AWS emits.
func minute(statistic string) *awscloudwatch.MetricOptions {
	return &awscloudwatch.MetricOptions{Period: awscdk.Duration_Minutes(new(1.0)), Statistic: &statistic}
}
