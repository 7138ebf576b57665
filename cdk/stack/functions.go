package stack

import (
	"maps"
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awseventstargets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"

	"casey.internal/cdk/scaling"
)

const (
	functionMemory  = 256.0 // MiB
	functionTimeout = 10.0  // seconds; API Gateway waits for 29
	// The sweep runs every scaling.SweepEvery for these seconds, and is then
	// started again.
	sweepFor, sweepTimeout = 57, 75.0
	sweepMemory            = 128.0
)

// addFunction makes a function with a role that may write its log and do what
// is granted.
func (s *Stack) addFunction(name, id string, memory, timeout float64, env map[string]*string, grants ...grant) awslambda.Function {
	log := s.logGroup(id + "Log")
	role := awsiam.NewRole(s.Stack, new(id+"Role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(new("lambda.amazonaws.com"), nil),
	})
	log.GrantWrite(role)
	allow(role, grants...)
	maps.Copy(env, map[string]*string{"CASEY_TABLE": s.table.TableName(), "CASEY_SERVICE": new(s.options.Name()), "LOG_LEVEL": &s.options.LogLevel})
	f := awslambda.NewFunction(s.Stack, &id, &awslambda.FunctionProps{
		Runtime:      awslambda.Runtime_PROVIDED_AL2023(),
		Architecture: awslambda.Architecture_ARM_64(),
		Handler:      new("bootstrap"),
		Code:         s.artifacts.Function(name),
		Role:         role,
		MemorySize:   &memory,
		Timeout:      awscdk.Duration_Seconds(&timeout),
		LogGroup:     log,
		Environment:  &env,
	})
	s.functions = append(s.functions, function{name, f, log})
	return f
}

// signalingEnv is what every function but the authorizer reads.
func (s *Stack) signalingEnv() map[string]*string {
	return map[string]*string{
		"CASEY_DISPATCH_QUEUE_URL":                 s.dispatch.QueueUrl(),
		"CASEY_MAX_WAIT":                           new(s.options.MaxWait.String()),
		"ICE_SERVERS":                              new(`[{"urls":["stun:stun.l.google.com:19302"]}]`),
		"AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": s.posts(),
	}
}

// posts is where messages to browsers are posted: API Gateway's own address,
// whatever name browsers know.
func (s *Stack) posts() *string {
	return new("https://" + *s.api.ApiId() + ".execute-api." + *s.Region() + "." + *s.UrlSuffix() + "/" + stageName)
}

func (s *Stack) addConnect() awslambda.Function {
	return s.addFunction("connect", "Connect", functionMemory, functionTimeout, s.signalingEnv(),
		s.rows().may("dynamodb:UpdateItem"))
}

func (s *Stack) addMessage() awslambda.Function {
	return s.addFunction("message", "Message", functionMemory, functionTimeout, s.signalingEnv(),
		s.rows().may("dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:Query"), s.index().may("dynamodb:Query"),
		on(*s.dispatch.QueueArn()).may("sqs:SendMessage"), s.inbox().may("sqs:SendMessage"), s.sockets())
}

func (s *Stack) addDisconnect() awslambda.Function {
	return s.addFunction("disconnect", "Disconnect", functionMemory, functionTimeout, s.signalingEnv(),
		s.rows().may("dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"))
}

// addSchedule adds the sweep: what crashes left behind, inbox queues of workers
// that are gone among it.
func (s *Stack) addSchedule() {
	sweep := s.addFunction("sweep", "Sweep", sweepMemory, sweepTimeout, s.signalingEnv(),
		s.rows().may("dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:Query"), s.index().may("dynamodb:Query"),
		on(*s.dispatch.QueueArn()).may("sqs:SendMessage"), s.inbox().may("sqs:DeleteQueue"), s.sockets())
	// Not once more when it has failed: the next minute is the retry. The rule's own
	// number is about what could not be delivered.
	sweep.ConfigureAsyncInvoke(&awslambda.EventInvokeConfigOptions{RetryAttempts: new(0.0)})
	awsevents.NewRule(s.Stack, new("EveryMinute"), &awsevents.RuleProps{
		Schedule: awsevents.Schedule_Rate(awscdk.Duration_Minutes(new(1.0))),
		Targets: &[]awsevents.IRuleTarget{awseventstargets.NewLambdaFunction(sweep, &awseventstargets.LambdaFunctionProps{
			Event:         awsevents.RuleTargetInput_FromObject(map[string]any{"everySeconds": scaling.SweepEvery.Seconds(), "forSeconds": sweepFor}),
			RetryAttempts: new(0.0),
		})},
	})
}

// deadQueue is the queue of messages put aside, as package queue finds it.
func (s *Stack) deadQueue() grant { return on(*s.dead.QueueArn()).may("sqs:SendMessage") }

func itoa(n int) *string { return new(strconv.Itoa(n)) }
