package stack

import (
	"strings"
	"testing"
)

// TestTheServiceKeepsInterviewsAlive checks what the worker relies on.
func TestTheServiceKeepsInterviewsAlive(t *testing.T) {
	made := synth(t, nil)
	service, task := made.of("AWS::ECS::Service")[0], made.of("AWS::ECS::TaskDefinition")[0]
	container := func(path ...string) any { return task.at(append([]string{"ContainerDefinitions", "0"}, path...)...) }
	for name, c := range map[string]struct{ got, want any }{
		"rebalancing":         {service.at("AvailabilityZoneRebalancing"), "DISABLED"},
		"fewest":              {service.at("DeploymentConfiguration", "MinimumHealthyPercent"), 100.0},
		"most":                {service.at("DeploymentConfiguration", "MaximumPercent"), 200.0},
		"circuit breaker":     {text(service.at("DeploymentConfiguration", "DeploymentCircuitBreaker")), `{"Enable":true,"Rollback":true}`},
		"early success":       {text(service.at("DeploymentConfiguration", "EarlySuccessCriteria")), `{"Enable":true,"HealthyPercent":100,"SourceServiceRevisionCleanup":"DEFERRED"}`},
		"public address":      {service.at("NetworkConfiguration", "AwsvpcConfiguration", "AssignPublicIp"), "ENABLED"},
		"not Spot":            {service.at("LaunchType"), "FARGATE"},
		"no provider":         {service.at("CapacityProviderStrategy"), nil},
		"count":               {service.at("DesiredCount"), nil}, // scaling's
		"architecture":        {task.at("RuntimePlatform", "CpuArchitecture"), "ARM64"},
		"from SIGTERM on":     {container("StopTimeout"), 120.0},
		"root file system":    {container("ReadonlyRootFilesystem"), true},
		"user":                {container("User"), "65532"},
		"health":              {text(container("HealthCheck", "Command")), `["CMD","/worker","--healthy"]`},
		"logs hold up nobody": {container("LogConfiguration", "Options", "mode"), "non-blocking"},
	} {
		if c.got != c.want {
			t.Errorf("%s is %v, want %v", name, c.got, c.want)
		}
	}
	if x86 := synth(t, map[string]any{"arch": "amd64"}).of("AWS::ECS::TaskDefinition")[0]; x86.at("RuntimePlatform", "CpuArchitecture") != "X86_64" ||
		!strings.Contains(text(x86.at("ContainerDefinitions", "0", "Image")), "amd64") {
		t.Error("amd64 is not what was asked for")
	}
}

// TestNothingIsAssociatedWithTheCluster: in an account that never had ECS its
// role is made with the first cluster, and what needs it in the same second
// fails; while a service runs it cannot be taken away.
func TestNothingIsAssociatedWithTheCluster(t *testing.T) {
	made := synth(t, nil)
	if got := made.of("AWS::ECS::ClusterCapacityProviderAssociations"); len(got) != 0 || made.of("AWS::ECS::Cluster")[0].at("CapacityProviders") != nil {
		t.Errorf("associated are %+v", got)
	}
}

// TestZonesThatWereChosen are those of the subnets, in casey's own network too:
// Fargate is not in all.
func TestZonesThatWereChosen(t *testing.T) {
	var zones []any
	for _, subnet := range synth(t, map[string]any{"azs": "us-east-1b,us-east-1d"}).of("AWS::EC2::Subnet") {
		zones = append(zones, subnet.at("AvailabilityZone"))
	}
	if text(zones) != `["us-east-1b","us-east-1d"]` {
		t.Errorf("subnets are in %v", zones)
	}
}

// TestOnePortIsOpen for UDP and for TCP, and nothing else.
func TestOnePortIsOpen(t *testing.T) {
	made := synth(t, map[string]any{"mediaPort": "40000"})
	groups := made.of("AWS::EC2::SecurityGroup")
	want := `[{"CidrIp":"0.0.0.0/0","Description":"ICE over UDP","FromPort":40000,"IpProtocol":"udp","ToPort":40000},{"CidrIp":"0.0.0.0/0","Description":"ICE over TCP","FromPort":40000,"IpProtocol":"tcp","ToPort":40000}]`
	if len(groups) != 1 || text(groups[0].at("SecurityGroupIngress")) != want || len(made.of("AWS::EC2::SecurityGroupIngress")) != 0 {
		t.Errorf("open is %s", text(groups[0].at("SecurityGroupIngress")))
	}
	if len(made.of("AWS::EC2::NatGateway")) != 0 || len(made.of("AWS::EC2::Subnet")) != 2 {
		t.Error("the VPC has a NAT gateway, or not two subnets")
	}
	if own := synth(t, map[string]any{"vpc": "vpc-0123456789abcdef0", "azs": "us-east-1a", "subnets": "subnet-0123456789abcdef0"}); len(own.of("AWS::EC2::VPC")) != 0 ||
		text(own.of("AWS::ECS::Service")[0].at("NetworkConfiguration", "AwsvpcConfiguration", "Subnets")) != `["subnet-0123456789abcdef0"]` {
		t.Error("the VPC that was named is not used")
	}
}

func TestScaling(t *testing.T) {
	made := synth(t, map[string]any{"minTasks": "2", "maxTasks": "40", "slots": "20", "warm": "7", "streams": "0"})
	target := made.of("AWS::ApplicationAutoScaling::ScalableTarget")[0]
	if target.at("MinCapacity") != 2.0 || target.at("MaxCapacity") != 40.0 {
		t.Errorf("from %v to %v", target.at("MinCapacity"), target.at("MaxCapacity"))
	}
	few := synth(t, nil).of("AWS::ApplicationAutoScaling::ScalableTarget")[0]
	if few.at("MaxCapacity") != 2.0 {
		t.Errorf("25 streams are for %v workers at most", few.at("MaxCapacity"))
	}
	tracking := 0
	for _, p := range made.of("AWS::ApplicationAutoScaling::ScalingPolicy") {
		if p.at("PolicyType") == "TargetTrackingScaling" {
			tracking++
			checkTracking(t, p)
			continue
		}
		steps, _ := p.at("StepScalingPolicyConfiguration", "StepAdjustments").([]any)
		for _, s := range steps {
			if n, _ := at(s, "ScalingAdjustment").(float64); n <= 0 {
				t.Errorf("what waits removes workers: %s", text(s))
			}
		}
		if len(steps) != 5 {
			t.Errorf("steps are %s", text(steps))
		}
	}
	if tracking != 1 {
		t.Errorf("%d policies track the load", tracking)
	}
	soon, sure := false, false
	for _, a := range made.of("AWS::CloudWatch::Alarm") {
		soon = soon || a.at("MetricName") == "Waiting" && a.at("Period") == 10.0 && a.at("Threshold") == 1.0
		scales := strings.Contains(text(a.at("AlarmActions")), "Depth")
		sure = sure || scales && a.at("MetricName") == "ApproximateNumberOfMessagesVisible" && a.at("Threshold") == 3.0
	}
	if !soon {
		t.Error("no alarm looks at Waiting every ten seconds")
	}
	if !sure {
		t.Error("one message that a sample happens to see adds a worker")
	}
}

func checkTracking(t *testing.T, p resource) {
	t.Helper()
	c, _ := p.at("TargetTrackingScalingPolicyConfiguration").(map[string]any)
	if at(c, "TargetValue") != 1.0 || at(c, "DisableScaleIn") != nil {
		t.Errorf("tracks %s", text(c))
	}
	queries, _ := at(c, "CustomizedMetricSpecification", "Metrics").([]any)
	var expressions []string
	results := 0
	for _, q := range queries {
		if e, ok := at(q, "Expression").(string); ok {
			expressions = append(expressions, e)
		}
		if at(q, "ReturnData") == true {
			results++
		}
	}
	if results != 1 || strings.Join(expressions, "; ") != "CEIL((FILL(active, 0) + FILL(waiting, 0) + 7) / 20); MAX([needed, FILL(busy, 0)]) / workers" {
		t.Errorf("the load is %q, with %d results", expressions, results)
	}
}
