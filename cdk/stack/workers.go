package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/jsii-runtime-go"

	"casey.internal/cdk/options"
)

const (
	stopTimeout = 120.0   // seconds from SIGTERM to SIGKILL; Fargate's maximum
	drain       = "110s"  // of those, how long sessions may go on
	nobody      = "65532" // the user that the worker runs as
	healthPort  = "8080"  // on the loopback address alone
)

// addWorkers adds the service that holds interviews.
func (s *Stack) addWorkers() {
	vpc := s.network()
	s.cluster = awsecs.NewCluster(s.Stack, new("Cluster"), &awsecs.ClusterProps{Vpc: vpc})
	s.addTask()
	// Of launch type FARGATE, not of its capacity providers: to associate those is
	// the first thing that fails where ECS has no role in the account yet, and
	// they cannot be taken away while a service uses them. And not Spot: two
	// minutes' notice ends interviews.
	s.workers = awsecs.NewFargateService(s.Stack, new("Workers"), &awsecs.FargateServiceProps{
		Cluster: s.cluster, TaskDefinition: s.task,
		AssignPublicIp: new(true),
		VpcSubnets:     &awsec2.SubnetSelection{SubnetType: awsec2.SubnetType_PUBLIC},
		SecurityGroups: &[]awsec2.ISecurityGroup{s.mediaGroup(vpc)},
		// A protected worker of the old revision stays beside the new ones: twice
		// as many have to fit.
		MinHealthyPercent: new(100.0), MaxHealthyPercent: new(200.0),
		CircuitBreaker: &awsecs.DeploymentCircuitBreaker{Enable: new(true), Rollback: new(true)},
		// ECS's own default for a new service would stop busy workers to even out
		// the zones.
		AvailabilityZoneRebalancing: awsecs.AvailabilityZoneRebalancing_DISABLED,
		EnableECSManagedTags:        new(true),
		PropagateTags:               awsecs.PropagatedTagSource_SERVICE,
	})
	s.finishEarly()
	allow(s.task.TaskRole(), s.ownTask()...)
	// What tasks need and nothing says so. It is there before the first task, and
	// what is more, until the last one has gone: CloudFormation removes it after
	// the service, which goes when its tasks have said goodbye.
	s.workers.Node().AddDependency(vpc, s.task.ObtainExecutionRole(), s.stage)
}

// finishEarly lets a deployment be done when the new workers are healthy; old
// ones leave when their interviews are over. Without it CloudFormation waits
// for them, and gives up after three hours. The property is newer than this
// CDK's resources and schemas.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentEarlySuccessCriteria.html
func (s *Stack) finishEarly() {
	service := s.workers.Node().FindChild(new("Service")).(awsecs.CfnService)
	service.AddPropertyOverride(new("DeploymentConfiguration.EarlySuccessCriteria"), map[string]any{
		"Enable": true, "HealthyPercent": 100, "SourceServiceRevisionCleanup": "DEFERRED",
	})
	awscdk.Validations_Of(s.workers).Acknowledge(&awscdk.Acknowledgment{
		Id: new("CloudFormation-Validate::F3002"), Reason: new("EarlySuccessCriteria came after the schemas of this CDK"),
	})
}

func (s *Stack) addTask() {
	arch := awsecs.CpuArchitecture_ARM64()
	if s.options.Arch == "amd64" {
		arch = awsecs.CpuArchitecture_X86_64()
	}
	s.task = awsecs.NewFargateTaskDefinition(s.Stack, new("Task"), &awsecs.FargateTaskDefinitionProps{
		Cpu: new(float64(s.options.CPU)), MemoryLimitMiB: new(float64(s.options.Memory)),
		RuntimePlatform: &awsecs.RuntimePlatform{CpuArchitecture: arch, OperatingSystemFamily: awsecs.OperatingSystemFamily_LINUX()},
	})
	s.workerLog = s.logGroup("WorkerLog")
	port := new(float64(s.options.MediaPort))
	s.task.AddContainer(new("worker"), &awsecs.ContainerDefinitionOptions{
		Image:                  s.artifacts.Worker(s.options.Arch),
		StopTimeout:            awscdk.Duration_Seconds(new(stopTimeout)),
		ReadonlyRootFilesystem: new(true),
		User:                   new(nobody),
		Environment:            s.workerEnv(),
		Logging: awsecs.LogDrivers_AwsLogs(&awsecs.AwsLogDriverProps{
			LogGroup: s.workerLog, StreamPrefix: new("worker"),
			// A log that cannot be written must not hold up voices.
			Mode: awsecs.AwsLogDriverMode_NON_BLOCKING, MaxBufferSize: awscdk.Size_Mebibytes(new(4.0)),
		}),
		PortMappings: &[]*awsecs.PortMapping{
			{ContainerPort: port, Protocol: awsecs.Protocol_UDP},
			{ContainerPort: port, Protocol: awsecs.Protocol_TCP},
		},
		HealthCheck: &awsecs.HealthCheck{
			Command:     jsii.Strings("CMD", "/worker", "--healthy"), // the image has no shell
			Interval:    awscdk.Duration_Seconds(new(10.0)),
			Timeout:     awscdk.Duration_Seconds(new(5.0)),
			StartPeriod: awscdk.Duration_Seconds(new(20.0)),
		},
	})
}

// workerEnv is what the worker reads. Of ECS it learns by what ECS itself puts
// into the environment.
func (s *Stack) workerEnv() *map[string]*string {
	env := map[string]*string{
		"CASEY_TABLE":              s.table.TableName(),
		"CASEY_DISPATCH_QUEUE_URL": s.dispatch.QueueUrl(),
		"CASEY_INBOX_PREFIX":       new(s.inboxes()),
		"CASEY_SLOTS":              itoa(s.options.Slots),
		"CASEY_WARM":               itoa(s.options.Warm),
		"CASEY_DRAIN":              new(drain),
		"CASEY_MAX_INTERVIEW":      new(s.options.MaxInterview.String()),
		"CASEY_SERVICE":            new(s.options.Name()),
		"CASEY_USAGE_LOG":          s.usageLog.LogGroupName(),
		"MEDIA_PORT":               itoa(s.options.MediaPort),
		"HTTP_ADDRESS":             new("127.0.0.1:" + healthPort),
		"TRANSCRIBE_LANGUAGE":      &s.options.Language,
		"TRANSCRIBE_STREAMS":       itoa(s.options.Streams),
		"TRANSCRIBE_INPUT":         &s.options.Input,
		"TRANSCRIBE_SILENCE":       &s.options.Silence,
		"BEDROCK_MODEL":            &s.options.Model,
		"POLLY_VOICE":              &s.options.Voice,
		"POLLY_ENGINE":             &s.options.Engine,
		"POLLY_OUTPUT":             &s.options.Output,
		"POLLY_MARKS":              &s.options.Marks,
		"LOG_LEVEL":                &s.options.LogLevel,
		"AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": s.posts(),
	}
	for name, value := range map[string]*string{"BEDROCK_MODEL_FALLBACK": &s.options.OtherModel, "CASEY_JUDGE": &s.options.Judge, "POLLY_VOICE_FALLBACK": &s.options.OtherVoice} {
		if *value != "" {
			env[name] = value
		}
	}
	if s.options.Interviews != "" {
		env["CASEY_INTERVIEWS"] = new(options.InterviewsFolder)
	}
	return &env
}
