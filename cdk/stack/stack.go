// Package stack is casey on AWS: one CloudFormation stack, a file per concern.
//
// It has no account and no region, so that it can be synthesised without
// credentials, and nearly nothing in it has a name of its own, so that two
// environments fit into one account and nothing is in the way of a first
// deploy. What has one is what the code finds by name: the queues.
package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"

	"casey.internal/cdk/options"
)

// id is the stack's in the app, whatever its name.
const id = "Casey"

// Stack is casey: every resource of one deployment.
type Stack struct {
	awscdk.Stack
	options   options.Options
	artifacts Artifacts

	table          awsdynamodb.TableV2
	dispatch, dead awssqs.Queue
	functions      []function // in a fixed order: that of a map would make another template every time
	api            awsapigatewayv2.WebSocketApi
	stage          awsapigatewayv2.WebSocketStage
	ticketSecret   awssecretsmanager.Secret // nil unless tickets are asked for
	site           awscloudfront.Distribution
	cluster        awsecs.Cluster
	task           awsecs.FargateTaskDefinition
	workers        awsecs.FargateService
	workerLog      awslogs.LogGroup
	usageLog       awslogs.LogGroup
	runtime        awsiam.ManagedPolicy
	alarms         []awscloudwatch.Alarm
}

// function is a Lambda function by its short name.
type function struct {
	name string
	awslambda.Function
	log awslogs.LogGroup
}

// New adds casey to an app.
func New(scope constructs.Construct, o options.Options, a Artifacts) *Stack {
	s := &Stack{options: o, artifacts: a, Stack: awscdk.NewStack(scope, new(id), &awscdk.StackProps{
		StackName:   new(o.Name()),
		Description: new("casey: signaling in Lambdas, interviews in Fargate workers"),
	})}
	s.addState()
	s.addLogs()
	s.addAPI()
	s.addSite()
	s.addSignaling()
	s.addSchedule()
	s.addWorkers()
	s.addPrincipals()
	s.addScaling()
	s.addAlarms()
	s.addDashboard()
	s.addQueries()
	s.fillSite()
	s.addOutputs()
	awscdk.Tags_Of(s.Stack).Add(new("app"), new("casey"), nil)
	awscdk.Tags_Of(s.Stack).Add(new("environment"), new(o.Name()), nil)
	return s
}

// inboxes is what the names of the workers' inbox queues begin with.
func (s *Stack) inboxes() string { return s.options.Name() + "-inbox-" }
