// Package policy has the permissions of those who deploy casey. There are four
// principals, and none has what another needs:
//
//   - an administrator, once for an account and region, bootstraps the CDK and
//     gives CloudFormation the policy Deploy;
//   - the deployer assumes the CDK's roles, and that is all: Deployer;
//   - CloudFormation's role makes the resources: Deploy;
//   - workers and functions get what the stack gives them.
package policy

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Document is an IAM policy.
type Document struct {
	Version   string
	Statement []Statement
}

// Statement allows actions on resources.
type Statement struct {
	Sid       string
	Effect    string
	Action    []string
	Resource  []string
	Condition map[string]map[string][]string `json:",omitempty"`
}

// JSON returns the document as IAM takes it.
func (d Document) JSON() []byte {
	data, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		panic(fmt.Sprintf("policy: %v", err)) // strings can be written
	}
	return append(data, '\n')
}

func document(statements ...Statement) Document {
	for i := range statements {
		statements[i].Effect = "Allow"
	}
	return Document{Version: "2012-10-17", Statement: statements}
}

// Partition is the part of AWS that a region is in, as ARNs name it.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func Partition(region string) string {
	switch {
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	}
	return "aws"
}

// in returns the document for a partition: it is written for that which nearly
// everybody is in.
func (d Document) in(partition string) Document {
	move := func(arns []string) {
		for i, arn := range arns {
			arns[i] = strings.Replace(arn, "arn:aws:", "arn:"+partition+":", 1)
		}
	}
	for _, s := range d.Statement {
		move(s.Resource)
		for _, values := range s.Condition {
			for _, arns := range values {
				move(arns)
			}
		}
	}
	return d
}

// Is reports whether a policy in JSON allows the very same.
func (d Document) Is(policy string) bool {
	var other, own any
	if json.Unmarshal([]byte(policy), &other) != nil || json.Unmarshal(d.JSON(), &own) != nil {
		return false
	}
	return reflect.DeepEqual(own, other)
}

// Deployer is what whoever runs `make deploy` may do: assume the roles that
// `cdk bootstrap` made in the account.
func Deployer(partition, account string) Document {
	return document(Statement{
		Sid: "CdkRoles", Action: []string{"sts:AssumeRole"}, Resource: []string{"arn:aws:iam::" + account + ":role/cdk-hnb659fds-*"},
	}).in(partition)
}

// Deploy is what CloudFormation may do when it deploys casey: two policies,
// since IAM limits the size of one, to be named when the CDK is bootstrapped
// (--cloudformation-execution-policies). Where AWS has resources with names they
// are those of casey.
func Deploy(partition string) (resources, rest Document) {
	return document(named()...).in(partition), document(nameless()...).in(partition)
}

func all(service string, actions ...string) []string {
	for i := range actions {
		actions[i] = service + ":" + actions[i]
	}
	return actions
}

func named() []Statement {
	return []Statement{
		{Sid: "Functions", Resource: []string{"arn:aws:lambda:*:*:function:casey*", "arn:aws:lambda:*:*:layer:*"}, Action: all("lambda",
			"CreateFunction", "DeleteFunction", "GetFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration", "GetFunctionCodeSigningConfig", "GetRuntimeManagementConfig", "GetFunctionRecursionConfig", "GetFunctionScalingConfig", "InvokeFunction",
			"PutFunctionEventInvokeConfig", "GetFunctionEventInvokeConfig", "UpdateFunctionEventInvokeConfig", "DeleteFunctionEventInvokeConfig",
			"AddPermission", "RemovePermission", "GetPolicy", "TagResource", "UntagResource", "PublishLayerVersion", "DeleteLayerVersion", "GetLayerVersion")},
		{Sid: "Queues", Resource: []string{"arn:aws:sqs:*:*:casey*"}, Action: all("sqs",
			"CreateQueue", "DeleteQueue", "GetQueueAttributes", "SetQueueAttributes", "GetQueueUrl", "ListQueueTags", "TagQueue", "UntagQueue")},
		{Sid: "Table", Resource: []string{"arn:aws:dynamodb:*:*:table/casey*"}, Action: all("dynamodb",
			"CreateTable", "DeleteTable", "Describe*", "UpdateTable", "UpdateTimeToLive", "UpdateContinuousBackups", "UpdateContributorInsights", "GetResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy", "TagResource", "UntagResource", "ListTagsOfResource")},
		{Sid: "Logs", Resource: []string{"arn:aws:logs:*:*:log-group:casey*"}, Action: all("logs",
			"CreateLogGroup", "DeleteLogGroup", "PutRetentionPolicy", "DeleteRetentionPolicy", "TagResource", "UntagResource", "ListTagsForResource", "GetDataProtectionPolicy", "DeleteDataProtectionPolicy")},
		{Sid: "Workers", Resource: []string{"arn:aws:ecs:*:*:cluster/casey*", "arn:aws:ecs:*:*:service/casey*", "arn:aws:ecs:*:*:service-deployment/casey*"}, Action: all("ecs",
			"CreateCluster", "DeleteCluster", "DescribeClusters", "UpdateCluster", "UpdateClusterSettings", "PutClusterCapacityProviders", "CreateService", "DeleteService", "DescribeServices", "UpdateService", "ListServiceDeployments", "DescribeServiceDeployments", "StopServiceDeployment", "TagResource", "UntagResource", "ListTagsForResource")},
		{Sid: "Alarms", Resource: []string{"arn:aws:cloudwatch:*:*:alarm:casey*", "arn:aws:cloudwatch::*:dashboard/casey*", "arn:aws:sns:*:*:casey*"}, Action: append(all("cloudwatch",
			"PutMetricAlarm", "DeleteAlarms", "DescribeAlarms", "PutDashboard", "DeleteDashboards", "GetDashboard", "TagResource", "UntagResource", "ListTagsForResource"), all("sns",
			"CreateTopic", "DeleteTopic", "GetTopicAttributes", "SetTopicAttributes", "Subscribe", "ListSubscriptionsByTopic", "ListTagsForResource", "TagResource", "UntagResource", "GetDataProtectionPolicy")...)},
		{Sid: "Schedule", Resource: []string{"arn:aws:events:*:*:rule/casey*"}, Action: all("events",
			"PutRule", "DeleteRule", "DescribeRule", "PutTargets", "RemoveTargets", "ListTargetsByRule", "TagResource", "UntagResource", "ListTagsForResource")},
		{Sid: "TicketSecret", Resource: []string{"arn:aws:secretsmanager:*:*:secret:TicketSecret*"}, Action: all("secretsmanager",
			"CreateSecret", "DeleteSecret", "DescribeSecret", "UpdateSecret", "GetSecretValue", "TagResource", "UntagResource")},
		{Sid: "SiteFiles", Resource: []string{"arn:aws:s3:::casey*"}, Action: all("s3",
			"CreateBucket", "DeleteBucket", "PutBucketPolicy", "GetBucketPolicy", "DeleteBucketPolicy", "PutBucketPublicAccessBlock", "GetBucketPublicAccessBlock", "PutEncryptionConfiguration", "GetEncryptionConfiguration",
			"PutBucketTagging", "GetBucketTagging", "TagResource", "UntagResource", "ListTagsForResource", "PutBucketOwnershipControls", "GetBucketOwnershipControls", "ListBucket",
			"GetAccelerateConfiguration", "GetAnalyticsConfiguration", "GetBucketAbac", "GetBucketAcl", "GetBucketCORS", "GetBucketLogging", "GetBucketMetadataTableConfiguration", "GetBucketNotification", "GetBucketObjectLockConfiguration",
			"GetBucketVersioning", "GetBucketWebsite", "GetIntelligentTieringConfiguration", "GetInventoryConfiguration", "GetLifecycleConfiguration", "GetMetricsConfiguration", "GetReplicationConfiguration")},
		{Sid: "Roles", Resource: []string{"arn:aws:iam::*:role/casey*", "arn:aws:iam::*:policy/casey*"}, Action: all("iam",
			"CreateRole", "DeleteRole", "GetRole", "UpdateRole", "UpdateRoleDescription", "UpdateAssumeRolePolicy", "PutRolePolicy", "DeleteRolePolicy", "GetRolePolicy", "ListRolePolicies", "ListAttachedRolePolicies", "AttachRolePolicy", "DetachRolePolicy", "TagRole", "UntagRole",
			"CreatePolicy", "DeletePolicy", "GetPolicy", "GetPolicyVersion", "CreatePolicyVersion", "DeletePolicyVersion", "ListPolicyVersions", "ListEntitiesForPolicy")},
	}
}

func nameless() []Statement {
	anything := []string{"*"}
	return []Statement{
		{Sid: "PassRoles", Action: all("iam", "PassRole"), Resource: []string{"arn:aws:iam::*:role/casey*"}, Condition: map[string]map[string][]string{
			"StringEquals": {"iam:PassedToService": {"lambda.amazonaws.com", "ecs-tasks.amazonaws.com", "apigateway.amazonaws.com"}},
		}},
		{Sid: "ServiceUser", Action: all("iam", "AttachUserPolicy", "DetachUserPolicy"), Resource: []string{"arn:aws:iam::*:user/*"}, Condition: map[string]map[string][]string{
			"ArnLike": {"iam:PolicyARN": {"arn:aws:iam::*:policy/casey*"}},
		}},
		{Sid: "ServiceRoles", Action: all("iam", "CreateServiceLinkedRole"), Resource: anything, Condition: map[string]map[string][]string{
			"StringEquals": {"iam:AWSServiceName": {"ecs.amazonaws.com", "ecs.application-autoscaling.amazonaws.com", "ops.apigateway.amazonaws.com"}},
		}},
		{Sid: "WebSocket", Action: all("apigateway", "GET", "POST", "PUT", "PATCH", "DELETE"), Resource: []string{
			"arn:aws:apigateway:*::/apis", "arn:aws:apigateway:*::/apis/*", "arn:aws:apigateway:*::/domainnames", "arn:aws:apigateway:*::/domainnames/*", "arn:aws:apigateway:*::/account", "arn:aws:apigateway:*::/tags/*",
		}},
		{Sid: "Scaling", Resource: anything, Action: all("application-autoscaling",
			"RegisterScalableTarget", "DeregisterScalableTarget", "Describe*", "PutScalingPolicy", "DeleteScalingPolicy", "TagResource", "UntagResource", "ListTagsForResource")},
		{Sid: "Tasks", Resource: anything, Action: all("ecs", "RegisterTaskDefinition", "DeregisterTaskDefinition", "DescribeTaskDefinition")},
		// CloudFormation names the family of a task after the stack's id, with a capital letter.
		{Sid: "TaskTags", Resource: []string{"arn:aws:ecs:*:*:task-definition/Casey*"}, Action: all("ecs", "TagResource", "UntagResource", "ListTagsForResource")},
		{Sid: "TrackingAlarms", Resource: []string{"arn:aws:cloudwatch:*:*:alarm:TargetTracking-service/casey*"}, Action: all("cloudwatch", "PutMetricAlarm", "DeleteAlarms", "DescribeAlarms")},
		{Sid: "ScalingRole", Resource: []string{"arn:aws:iam::*:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/*"}, Action: all("iam", "PassRole")},
		{Sid: "Nameless", Resource: anything, Action: []string{
			"cloudwatch:GetMetricData", "secretsmanager:GetRandomPassword", "sns:Unsubscribe", "sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes",
		}},
		{Sid: "Queries", Resource: anything, Action: all("logs",
			"DescribeLogGroups", "DescribeIndexPolicies", "PutQueryDefinition", "DeleteQueryDefinition", "DescribeQueryDefinitions", "CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery", "ListLogDeliveries", "PutResourcePolicy", "DescribeResourcePolicies")},
		{Sid: "Network", Resource: anything, Action: all("ec2",
			"CreateVpc", "DeleteVpc", "DescribeVpcs", "ModifyVpcAttribute", "DescribeVpcAttribute", "CreateVpcEndpoint", "DeleteVpcEndpoints", "DescribeVpcEndpoints", "ModifyVpcEndpoint", "DescribeVpcEncryptionControls", "DescribeVpnGateways",
			"CreateSubnet", "DeleteSubnet", "DescribeSubnets", "ModifySubnetAttribute", "CreateRouteTable", "DeleteRouteTable", "DescribeRouteTables", "AssociateRouteTable", "DisassociateRouteTable", "ReplaceRouteTableAssociation", "CreateRoute", "DeleteRoute", "ReplaceRoute",
			"CreateInternetGateway", "DeleteInternetGateway", "AttachInternetGateway", "DetachInternetGateway", "DescribeInternetGateways",
			"CreateSecurityGroup", "DeleteSecurityGroup", "DescribeSecurityGroups", "UpdateSecurityGroupRuleDescriptionsIngress", "UpdateSecurityGroupRuleDescriptionsEgress", "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupEgress",
			"CreateTags", "DeleteTags", "DescribeInstances", "DescribeAvailabilityZones", "DescribeAccountAttributes", "DescribeNetworkInterfaces", "DescribeNetworkAcls")},
		{Sid: "Site", Resource: anything, Action: all("cloudfront",
			"CreateDistribution", "UpdateDistribution", "DeleteDistribution", "GetDistribution", "GetDistributionConfig", "CreateOriginAccessControl", "UpdateOriginAccessControl", "DeleteOriginAccessControl", "GetOriginAccessControl",
			"CreateResponseHeadersPolicy", "UpdateResponseHeadersPolicy", "DeleteResponseHeadersPolicy", "GetResponseHeadersPolicy",
			"TagResource", "UntagResource", "ListTagsForResource")},
		{Sid: "Assets", Resource: []string{"arn:aws:s3:::cdk-hnb659fds-assets-*"}, Action: all("s3", "GetObject", "GetObjectVersion", "ListBucket", "GetBucketLocation")},
		{Sid: "Bootstrap", Resource: []string{"arn:aws:ssm:*:*:parameter/cdk-bootstrap/hnb659fds/*"}, Action: all("ssm", "GetParameters")},
	}
}
