package stack

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapplicationautoscaling"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/jsii-runtime-go"

	"casey.internal/shared/metrics"
)

// Waits of the scaling policies, in seconds.
const (
	stepCooldown = 60.0
	outCooldown  = 60.0
	inCooldown   = 300.0
)

// addScaling lets what waits add workers, and the load both add and remove
// them. What waits must not remove any: nobody waits while every worker is just
// busy, the number of tasks asked for would fall below that of protected ones,
// and ECS would refuse protection to the next interview (DEPLOYMENT_BLOCKED).
func (s *Stack) addScaling() {
	target := s.workers.AutoScaleTaskCount(&awsapplicationautoscaling.EnableScalingProps{
		MinCapacity: new(float64(s.options.MinTasks)), MaxCapacity: new(float64(s.options.MaxTasks)),
	})
	s.stepOut(target, "Depth", s.dispatch.MetricApproximateNumberOfMessagesVisible(minute(maximum)))
	s.stepOut(target, "Waiting", s.metric(metrics.Waiting, maximum, 10)) // six times as soon
	s.trackLoad(target)
}

// stepOut adds workers by how many wait, and never removes any.
func (s *Stack) stepOut(target awsecs.ScalableTaskCount, id string, waiting awscloudwatch.IMetric) {
	slots := s.options.Slots
	target.ScaleOnMetric(&id, &awsapplicationautoscaling.BasicStepScalingPolicyProps{
		Metric:         waiting,
		AdjustmentType: awsapplicationautoscaling.AdjustmentType_CHANGE_IN_CAPACITY,
		ScalingSteps: &[]*awsapplicationautoscaling.ScalingInterval{
			{Lower: new(1.0), Change: new(1.0)},
			{Lower: jsii.Number(slots + 1), Change: new(2.0)},
			{Lower: jsii.Number(4*slots + 1), Change: new(5.0)},
		},
		EvaluationPeriods:     new(1.0),
		Cooldown:              awscdk.Duration_Seconds(new(stepCooldown)),
		MetricAggregationType: awsapplicationautoscaling.MetricAggregationType_MAXIMUM,
	})
}

// trackLoad keeps as many workers as max(⌈(active + waiting + warm) / slots⌉,
// busy ones). Target tracking asks for tasks × metric / target: with the target
// 1 the metric is that number for each worker there is.
//
// The CDK's own construct takes no metric math.
func (s *Stack) trackLoad(target awsecs.ScalableTaskCount) {
	scalable := target.Node().FindChild(new("Target")).(awsapplicationautoscaling.ScalableTarget)
	awsapplicationautoscaling.NewCfnScalingPolicy(s.Stack, new("Load"), &awsapplicationautoscaling.CfnScalingPolicyProps{
		PolicyName:      new(s.options.Name() + "-load"),
		PolicyType:      new("TargetTrackingScaling"),
		ScalingTargetId: scalable.ScalableTargetId(),
		TargetTrackingScalingPolicyConfiguration: &awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingScalingPolicyConfigurationProperty{
			TargetValue:      new(1.0),
			ScaleOutCooldown: new(outCooldown),
			ScaleInCooldown:  new(inCooldown),
			CustomizedMetricSpecification: &awsapplicationautoscaling.CfnScalingPolicy_CustomizedMetricSpecificationProperty{
				Metrics: &[]*awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricDataQueryProperty{
					s.reading("waiting", metrics.Waiting, maximum),
					s.reading("active", metrics.Active, sum),
					s.reading("busy", metrics.Busy, sum),
					s.reading("workers", metrics.Workers, sum),
					math("needed", fmt.Sprintf("CEIL((FILL(active, 0) + FILL(waiting, 0) + %d) / %d)", s.options.Warm, s.options.Slots), false),
					math("load", "MAX([needed, FILL(busy, 0)]) / workers", true),
				},
			},
		},
	})
}

func (s *Stack) reading(id string, name metrics.Name, statistic string) *awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricDataQueryProperty {
	return &awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricDataQueryProperty{
		Id: &id, ReturnData: new(false),
		MetricStat: &awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricStatProperty{
			Stat: &statistic,
			Metric: &awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricProperty{
				Namespace: new(metrics.Namespace), MetricName: new(string(name)),
				Dimensions: &[]*awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricDimensionProperty{
					{Name: new(metrics.Service), Value: new(s.options.Name())},
				},
			},
		},
	}
}

func math(id, expression string, result bool) *awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricDataQueryProperty {
	return &awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricDataQueryProperty{
		Id: &id, Expression: &expression, ReturnData: &result,
	}
}
