package stack

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
)

// logGroup makes a log group without a name: one that is left over from a
// deploy that failed is in nobody's way.
func (s *Stack) logGroup(id string) awslogs.LogGroup {
	return awslogs.NewLogGroup(s.Stack, &id, &awslogs.LogGroupProps{
		Retention:     awslogs.RetentionDays_ONE_MONTH,
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
}

// addLogs makes the log of what the paid services were asked for. It has a
// name, since people look for it, and it stays when the stack goes; a new stack
// takes it over (cdk deploy --import-existing-resources).
func (s *Stack) addLogs() {
	s.usageLog = awslogs.NewLogGroup(s.Stack, new("Usage"), &awslogs.LogGroupProps{
		LogGroupName:  new(usageLogName(s.options.Name())),
		Retention:     awslogs.RetentionDays_THREE_MONTHS,
		RemovalPolicy: awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE,
	})
}

// usageLogName is casey-backend-aws-usage, with the environment at its end
// where there is one.
func usageLogName(deployment string) string {
	return "casey-backend-aws-usage" + strings.TrimPrefix(deployment, "casey")
}
