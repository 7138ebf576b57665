package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"

	"casey.internal/shared/foundation"
)

// runtimeGrants is what a worker may do, wherever it runs: the task role gets
// it, and the policy for a worker elsewhere.
func (s *Stack) runtimeGrants() []grant {
	return []grant{
		s.rows().may("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:Query"),
		s.index().may("dynamodb:Query"),
		on(*s.dispatch.QueueArn()).may("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"),
		s.deadQueue(),
		s.inbox().may("sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"),
		s.sockets(),
		on("*").may("transcribe:StartStreamTranscription", "polly:SynthesizeSpeech"), // neither has resources to name
		on(s.models()...).may("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"),
		on(*s.usageLog.LogGroupArn()).may("logs:CreateLogStream", "logs:PutLogEvents"),
	}
}

// models are the ARNs that calls to the models need: the model itself, and for
// an inference profile, which is named with a prefix like `us.`, the profile and
// the model in whatever region of it.
func (s *Stack) models() []string {
	var arns []string
	for _, name := range s.options.Models() {
		geography, model := foundation.Split(name)
		arns = append(arns, *s.FormatArn(&awscdk.ArnComponents{
			Service: new("bedrock"), Region: new("*"), Account: new(""), Resource: new("foundation-model"), ResourceName: &model,
		}))
		if geography != "" {
			arns = append(arns, s.arn("bedrock", "inference-profile", name))
		}
	}
	return arns
}

// ownTask is what a worker may do with the task that it is: protect it, find
// out whether a newer revision is deployed, and learn its public address, which
// EC2 tells nobody more narrowly.
func (s *Stack) ownTask() []grant {
	in := func(kind string) string { return s.arn("ecs", kind, *s.cluster.ClusterName()+"/*") }
	return []grant{
		on(in("task")).may("ecs:GetTaskProtection", "ecs:UpdateTaskProtection"),
		on(in("service")).may("ecs:DescribeServices"),
		on("*").may("ec2:DescribeNetworkInterfaces"),
	}
}

// addPrincipals makes the policy for a worker that runs elsewhere, on a
// developer's machine say, and gives the task role the same.
func (s *Stack) addPrincipals() {
	allow(s.task.TaskRole(), s.runtimeGrants()...)
	var statements []awsiam.PolicyStatement
	for _, g := range s.runtimeGrants() {
		statements = append(statements, g.statement())
	}
	props := &awsiam.ManagedPolicyProps{
		Description: new("what a worker of " + s.options.Name() + " may do"), Statements: &statements,
	}
	if s.options.ServiceUser != "" {
		props.Users = &[]awsiam.IUser{awsiam.User_FromUserName(s.Stack, new("ServiceUser"), &s.options.ServiceUser)}
	}
	s.runtime = awsiam.NewManagedPolicy(s.Stack, new("Runtime"), props)
}
