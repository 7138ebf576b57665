package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapplicationautoscaling"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"

	"casey.internal/cdk/scaling"
	"casey.internal/shared/metrics"
)

// addScaling lets what waits add workers, and the load both add and remove
// them. What waits must not remove any: nobody waits while every worker is just
// busy, the number of tasks asked for would fall below that of protected ones,
// and ECS would refuse protection to the next interview (DEPLOYMENT_BLOCKED).
func (s *Stack) addScaling() {
	o := s.options
	policy := scaling.For(o.Slots)
	target := s.workers.AutoScaleTaskCount(&awsapplicationautoscaling.EnableScalingProps{
		MinCapacity: new(float64(o.MinTasks)), MaxCapacity: new(float64(scaling.Most(o.MinTasks, o.MaxTasks, o.Streams, o.Slots))),
	})
	s.stepOut(target, "Depth", policy.DepthSteps(), policy, s.dispatch.MetricApproximateNumberOfMessagesVisible(&awscloudwatch.MetricOptions{
		Period: awscdk.Duration_Seconds(new(policy.DepthEvery.Seconds())), Statistic: new(maximum),
	}))
	s.stepOut(target, "Waiting", policy.Steps, policy, s.metric(metrics.Waiting, maximum, policy.WaitingEvery.Seconds())) // six times as soon
	s.trackLoad(target, policy)
}

// stepOut adds workers by how many wait, and never removes any.
func (s *Stack) stepOut(target awsecs.ScalableTaskCount, id string, of []scaling.Step, policy scaling.Policy, waiting awscloudwatch.IMetric) {
	var steps []*awsapplicationautoscaling.ScalingInterval
	for _, step := range of {
		steps = append(steps, &awsapplicationautoscaling.ScalingInterval{Lower: new(float64(step.Waiting)), Change: new(float64(step.Add))})
	}
	target.ScaleOnMetric(&id, &awsapplicationautoscaling.BasicStepScalingPolicyProps{
		Metric:                waiting,
		AdjustmentType:        awsapplicationautoscaling.AdjustmentType_CHANGE_IN_CAPACITY,
		ScalingSteps:          &steps,
		EvaluationPeriods:     new(1.0),
		Cooldown:              awscdk.Duration_Seconds(new(policy.StepCooldown.Seconds())),
		MetricAggregationType: awsapplicationautoscaling.MetricAggregationType_MAXIMUM,
	})
}

// trackLoad keeps as many workers as scaling.Load says.
//
// The CDK's own construct takes no metric math.
func (s *Stack) trackLoad(target awsecs.ScalableTaskCount, policy scaling.Policy) {
	scalable := target.Node().FindChild(new("Target")).(awsapplicationautoscaling.ScalableTarget)
	awsapplicationautoscaling.NewCfnScalingPolicy(s.Stack, new("Load"), &awsapplicationautoscaling.CfnScalingPolicyProps{
		PolicyName:      new(s.options.Name() + "-load"),
		PolicyType:      new("TargetTrackingScaling"),
		ScalingTargetId: scalable.ScalableTargetId(),
		TargetTrackingScalingPolicyConfiguration: &awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingScalingPolicyConfigurationProperty{
			TargetValue:      new(policy.Target),
			ScaleOutCooldown: new(policy.OutCooldown.Seconds()),
			ScaleInCooldown:  new(policy.InCooldown.Seconds()),
			CustomizedMetricSpecification: &awsapplicationautoscaling.CfnScalingPolicy_CustomizedMetricSpecificationProperty{
				Metrics: &[]*awsapplicationautoscaling.CfnScalingPolicy_TargetTrackingMetricDataQueryProperty{
					s.reading(scaling.Waiting, metrics.Waiting, maximum),
					s.reading(scaling.Active, metrics.Active, sum),
					s.reading(scaling.Busy, metrics.Busy, sum),
					s.reading(scaling.Workers, metrics.Workers, sum),
					math(scaling.Needed, scaling.NeededExpression(s.options.Warm, s.options.Slots), false),
					math("load", scaling.LoadExpression(), true),
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
