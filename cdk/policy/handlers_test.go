package policy_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"casey.internal/cdk/policy"
)

// lines are those of a file that are no comment, in words.
func lines(t *testing.T, name string) [][]string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for line := range strings.Lines(string(data)) {
		if words := strings.Fields(line); len(words) > 0 && words[0] != "#" {
			all = append(all, words)
		}
	}
	return all
}

// An account, and what CloudFormation puts behind the names that it makes.
const (
	at     = ":us-east-1:111122223333:"
	random = "-1A2B3C4D5E6F"
)

// resource is one that some variant of the stack has.
type resource struct{ kind, id, name string }

// made is the name that CloudFormation gives it.
func (r resource) made() string { return "casey-" + r.id + random }

// arns returns what IAM calls resources of a kind whose names the stack or
// CloudFormation chooses. Those that AWS names by numbers have none here: a
// policy can only allow all of them.
func (r resource) arns() []string {
	name := r.name
	if name == "" {
		name = r.made()
	}
	switch r.kind {
	case "AWS::Lambda::Function":
		return []string{"arn:aws:lambda" + at + "function:" + name}
	case "AWS::Lambda::LayerVersion":
		return []string{"arn:aws:lambda" + at + "layer:" + r.id, "arn:aws:lambda" + at + "layer:" + r.id + ":1"}
	case "AWS::DynamoDB::GlobalTable":
		return []string{"arn:aws:dynamodb" + at + "table/" + name}
	case "AWS::SQS::Queue":
		return []string{"arn:aws:sqs" + at + name}
	case "AWS::Logs::LogGroup":
		return []string{"arn:aws:logs" + at + "log-group:" + name}
	case "AWS::ECS::Cluster":
		return []string{"arn:aws:ecs" + at + "cluster/" + name}
	case "AWS::ECS::Service":
		return []string{"arn:aws:ecs" + at + "service/casey-Cluster" + random + "/" + name, "arn:aws:ecs" + at + "service-deployment/casey-Cluster" + random + "/" + name + "/abc"}
	case "AWS::ECS::TaskDefinition":
		return []string{"arn:aws:ecs" + at + "task-definition/" + r.name + ":1"}
	case "AWS::CloudWatch::Alarm":
		return []string{"arn:aws:cloudwatch" + at + "alarm:" + r.made()}
	case "AWS::CloudWatch::Dashboard":
		return []string{"arn:aws:cloudwatch::111122223333:dashboard/" + name}
	case "AWS::ApplicationAutoScaling::ScalingPolicy": // target tracking makes alarms of its own
		return []string{"arn:aws:cloudwatch" + at + "alarm:TargetTracking-service/casey-Cluster" + random + "/casey-Workers" + random + "-AlarmHigh-1"}
	case "AWS::ApplicationAutoScaling::ScalableTarget":
		return []string{"arn:aws:iam::111122223333:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"}
	case "AWS::SNS::Topic":
		return []string{"arn:aws:sns" + at + name}
	case "AWS::Events::Rule":
		return []string{"arn:aws:events" + at + "rule/" + name}
	case "AWS::SecretsManager::Secret":
		return []string{"arn:aws:secretsmanager" + at + "secret:" + r.id + "-AbCdEfGhIjKl-AbCdEf"}
	case "AWS::S3::Bucket":
		return []string{"arn:aws:s3:::" + strings.ToLower(name)}
	case "AWS::IAM::Role":
		return []string{"arn:aws:iam::111122223333:role/" + r.made()}
	case "AWS::IAM::ManagedPolicy":
		return []string{"arn:aws:iam::111122223333:policy/" + r.made()}
	case "AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Authorizer", "AWS::ApiGatewayV2::Stage":
		part := map[string]string{"Route": "/routes", "Integration": "/integrations", "Authorizer": "/authorizers", "Stage": "/stages"}[strings.TrimPrefix(r.kind, "AWS::ApiGatewayV2::")]
		return []string{"arn:aws:apigateway:us-east-1::/apis", "arn:aws:apigateway:us-east-1::/apis/a1b2c3" + part, "arn:aws:apigateway:us-east-1::/apis/a1b2c3" + part + "/d4e5f6"}
	case "AWS::ApiGatewayV2::DomainName", "AWS::ApiGatewayV2::ApiMapping":
		return []string{"arn:aws:apigateway:us-east-1::/domainnames", "arn:aws:apigateway:us-east-1::/domainnames/voice.example.com", "arn:aws:apigateway:us-east-1::/domainnames/voice.example.com/apimappings"}
	case "AWS::ApiGateway::Account":
		return []string{"arn:aws:apigateway:us-east-1::/account"}
	}
	return nil
}

// resources are those of the list that the stack's test keeps.
func resources(t *testing.T) []resource {
	t.Helper()
	var all []resource
	for _, words := range lines(t, "../stack/testdata/resources.golden") {
		if strings.HasPrefix(words[0], "Custom::") {
			continue // a function of the stack's own does it
		}
		all = append(all, resource{words[0], words[1], strings.Join(words[2:], " ")})
	}
	if len(all) < 80 {
		t.Fatalf("the stack has only %d resources", len(all))
	}
	return all
}

// unneeded are actions of handlers that are for what casey's stack does not
// have, each with what that is.
var unneeded = map[string]*regexp.Regexp{
	"keys, streams, file systems and networks of one's own":   regexp.MustCompile(`^(kms|kinesis|firehose|s3tables|s3files|elasticfilesystem|vpc-lattice|vpce):|^logs:(Associate|Disassociate)KmsKey$`),
	"replicas of the table in other regions, and its streams": regexp.MustCompile(`^dynamodb:(Describe(Stream|Reserved\w+|Limits|Import|Export|GlobalTable\w*|Endpoints|Backup)|Batch\w+|(Get|Put|Update|Delete)Item|Query|Scan|\w+TableReplica\w*|\w+KinesisStreamingDestination)$|^cloudwatch:PutMetricData$`),
	"scaling by the clock": regexp.MustCompile(`^application-autoscaling:(Put|Delete)ScheduledAction$`),
	"functions with concurrency, signed code, versions and such": regexp.MustCompile(`^lambda:(\w*Concurrency\w*|\w*CodeSigningConfig|AssociateRuntimeAlias|PublishVersion|PassCapacityProvider|Put(Runtime|Function)(Management|Recursion|Scaling)Config)$`),
	"settings of ECS for the whole account":                      regexp.MustCompile(`^ecs:PutAccountSetting`),
	"log groups with indexes, masks and locks":                   regexp.MustCompile(`^logs:(Put(DataProtectionPolicy|IndexPolicy|BearerTokenAuthentication|LogGroupDeletionProtection)|DeleteIndexPolicy|DeleteResourcePolicy)$|^s3:REST`),
	"groups, users' own policies and boundaries":                 regexp.MustCompile(`^iam:(\w+(Group|User)Policy|(Put|Delete)RolePermissionsBoundary)$`),
	"VPNs, IPv6, tenancy and encryption of networks":             regexp.MustCompile(`^ec2:(Attach|Detach)VpnGateway$|^ec2:\w+SubnetCidrBlock$|^ec2:(ModifyVpcTenancy|CreateVpcEncryptionControl)$`),
	"distributions of other kinds":                               regexp.MustCompile(`^cloudfront:(\w*ConnectionGroup|GetVpcOrigin|UpdateDistributionWithStagingConfig)$`),
	"certificates of clients":                                    regexp.MustCompile(`^apigateway:(Add|Remove)Certificate\w+$`),
	"an API's definition in a bucket":                            regexp.MustCompile(`^s3:getObject$`),
	"secrets in other regions":                                   regexp.MustCompile(`^secretsmanager:\w+Region`),
	"topics with masks":                                          regexp.MustCompile(`^sns:PutDataProtectionPolicy$`),
	"buckets with more than a page in them":                      regexp.MustCompile(`^s3:(Put|Delete|Create|Update)(Bucket)?((Accelerate|Analytics|Intelligent\w+|Inventory|Lifecycle|Metrics|Replication|Metadata\w+|ObjectLock)Configuration|Acl|Abac|CORS|Cors|Logging|Notification|Versioning|Website|Lifecycle|Replication|Encryption|ObjectAcl|Object)$`),
	"what IAM knows by another name":                             regexp.MustCompile(`^apigateway:(Tag|Untag)Resource$|^cloudfront:CreateDistributionWithTags$|^dynamodb:DisassociateTableReplica$`),
}

// exempt reports whether the stack does not need an action of a handler. What
// the stack does need of what the patterns say is granted, and so never asked.
func exempt(action string) bool {
	for _, pattern := range unneeded {
		if pattern.MatchString(action) {
			return true
		}
	}
	return false
}

// compiled are the patterns so far: there are thousands of questions.
var compiled = map[string]*regexp.Regexp{}

func pattern(from, as string) *regexp.Regexp {
	if compiled[from] == nil {
		compiled[from] = regexp.MustCompile("^" + as + "$")
	}
	return compiled[from]
}

// glob is a pattern of IAM's as a regular expression.
func glob(of string) *regexp.Regexp {
	return pattern(of, strings.ReplaceAll(strings.ReplaceAll(regexp.QuoteMeta(of), `\*`, ".*"), `\?`, "."))
}

// variable is ${…} in the ARN of a resource type.
var variable = regexp.MustCompile(`\$\{\w+\}`)

// fits reports whether an ARN is of a resource type.
func fits(kind, arn string) bool {
	return pattern(kind, variable.ReplaceAllString(strings.NewReplacer(`\$\{`, "${", `\}`, "}").Replace(regexp.QuoteMeta(kind)), ".*")).MatchString(arn)
}

// permissions are both policies of CloudFormation's.
type permissions []policy.Statement

// allow reports whether an action is allowed on a resource.
func (p permissions) allow(action, arn string) bool {
	return slices.ContainsFunc(p, func(s policy.Statement) bool {
		return slices.ContainsFunc(s.Action, func(a string) bool { return glob(a).MatchString(action) }) &&
			slices.ContainsFunc(s.Resource, func(r string) bool { return glob(r).MatchString(arn) })
	})
}

// nameless are the actions that AWS's own pages give no resource, whatever the
// data says: a subscription is not of its topic's name alone.
var nameless = []string{"sns:Unsubscribe", "sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes"}

// desk knows what IAM is asked.
type desk struct {
	resources []resource
	kinds     map[string][]string // of resources, by action; * = none
	known     map[string][]string // answers of others, by action
}

// of returns the ARNs of resources that an action knows.
func (d *desk) of(action string, resources ...resource) (arns []string) {
	for _, r := range resources {
		for _, arn := range r.arns() {
			if slices.ContainsFunc(d.kinds[action], func(kind string) bool { return fits(kind, arn) }) {
				arns = append(arns, arn)
			}
		}
	}
	return arns
}

// others are the resources that an action knows of the whole stack. What Auto
// Scaling makes for itself is nobody else's.
func (d *desk) others(action string) []string {
	if _, done := d.known[action]; !done {
		d.known[action] = d.of(action, slices.DeleteFunc(slices.Clone(d.resources), func(r resource) bool {
			return strings.HasPrefix(r.kind, "AWS::ApplicationAutoScaling::")
		})...)
	}
	return d.known[action]
}

// asked is what IAM is asked when the handlers of r call an action: on r itself
// where the action knows its kind, else on each resource of the stack that it
// knows, else on something of the sort.
func (d *desk) asked(action string, r resource) []string {
	switch {
	case slices.Contains(d.kinds[action], "*") || slices.Contains(nameless, action):
		return []string{"*"}
	case strings.HasPrefix(action, "s3:GetObject"): // code, of which the handlers make functions and layers
		return []string{"arn:aws:s3:::cdk-hnb659fds-assets-111122223333-us-east-1/abc.zip"}
	case action == "apigateway:PUT": // tags: nothing else of these is put
		return []string{"arn:aws:apigateway:us-east-1::/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Fapis%2Fa1b2c3"}
	}
	if own := d.of(action, r); len(own) > 0 {
		return own
	}
	if others := d.others(action); len(others) > 0 {
		return others
	}
	return []string{variable.ReplaceAllString(d.kinds[action][0], "x")}
}

// TestNoHandlerIsDenied: every action that CloudFormation's own handlers call
// for a resource of the stack, on the name that the resource will have.
func TestNoHandlerIsDenied(t *testing.T) {
	d := &desk{resources(t), map[string][]string{}, map[string][]string{}}
	for _, words := range lines(t, "testdata/authorization.txt") {
		d.kinds[words[0]] = words[1:]
	}
	calls := map[string][]string{}
	for _, words := range lines(t, "testdata/handlers.txt") {
		calls[words[0]] = append(calls[words[0]], words[2:]...)
	}
	one, two := policy.Deploy("aws")
	both, holes, checked := permissions(append(one.Statement, two.Statement...)), map[string]bool{}, 0
	for _, r := range d.resources {
		if len(calls[r.kind]) == 0 {
			t.Errorf("nothing is known of what makes %s", r.kind)
		}
		for _, action := range calls[r.kind] {
			for _, expanded := range expand(action, d.kinds) {
				if exempt(expanded) || exempt(action) {
					continue
				}
				if len(d.kinds[expanded]) == 0 {
					t.Errorf("%s calls %s, of which nothing is known", r.kind, expanded)
					continue
				}
				for _, arn := range d.asked(expanded, r) {
					if checked++; !both.allow(expanded, arn) {
						holes[fmt.Sprintf("%s: %s on %s", r.kind, expanded, arn)] = true
					}
				}
			}
		}
	}
	for hole := range holes {
		t.Error(hole)
	}
	if t.Logf("%d questions, %d holes", checked, len(holes)); checked < 1000 {
		t.Errorf("only %d questions were asked", checked)
	}
}

// expand returns the actions that one with a * stands for.
func expand(action string, known map[string][]string) []string {
	if !strings.Contains(action, "*") {
		return []string{action}
	}
	var all []string
	for name := range known {
		if glob(action).MatchString(name) {
			all = append(all, name)
		}
	}
	return all
}

// beyond is what is allowed although no handler says that it calls it, and what
// for.
var beyond = map[string][]string{
	"Fn::GetAZs in the template":                              {"ec2:DescribeAvailabilityZones", "ec2:DescribeAccountAttributes"},
	"the template's parameter with the bootstrap's version":   {"ssm:GetParameters"},
	"code and templates in the bootstrap's bucket":            {"s3:GetObject", "s3:GetObjectVersion", "s3:GetBucketLocation", "s3:ListBucket"},
	"custom resources, which are functions of the stack":      {"lambda:InvokeFunction"},
	"API Gateway's access log, whose stage names a log group": {"logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies"},
	"the roles that services make for themselves":             {"iam:CreateServiceLinkedRole"},
}

// TestNothingIsAllowedThatNobodyNeeds: each action is some handler's, or has its
// reason here.
func TestNothingIsAllowedThatNobodyNeeds(t *testing.T) {
	needed := map[string]bool{}
	for _, words := range lines(t, "testdata/handlers.txt") {
		for _, action := range words[2:] {
			needed[action] = true
		}
	}
	reasons := map[string]bool{}
	for _, actions := range beyond {
		for _, action := range actions {
			reasons[action] = true
		}
	}
	one, two := policy.Deploy("aws")
	allowed := map[string]bool{}
	for _, s := range append(one.Statement, two.Statement...) {
		for _, action := range s.Action {
			if allowed[action] = true; !needed[action] && !reasons[action] {
				t.Errorf("%s allows %s, which nobody needs", s.Sid, action)
			}
		}
	}
	for action := range reasons {
		if !allowed[action] {
			t.Errorf("%s has a reason, but is not allowed", action)
		}
	}
}
