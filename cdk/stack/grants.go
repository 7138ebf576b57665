package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"
)

// grant is a permission: these actions on these resources.
type grant struct {
	resources []string
	actions   []string
}

func (g grant) statement() awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions: jsii.Strings(g.actions...), Resources: jsii.Strings(g.resources...),
	})
}

func allow(to awsiam.IGrantable, grants ...grant) {
	for _, g := range grants {
		to.GrantPrincipal().AddToPrincipalPolicy(g.statement())
	}
}

func on(resources ...string) grant { return grant{resources: resources} }

func (g grant) may(actions ...string) grant {
	g.actions = actions
	return g
}

// arn makes an ARN in the stack's partition, region and account.
func (s *Stack) arn(service, resource, name string) string {
	return *s.FormatArn(&awscdk.ArnComponents{Service: &service, Resource: &resource, ResourceName: &name})
}

// rows is the table; index is its index.
func (s *Stack) rows() grant  { return on(*s.table.TableArn()) }
func (s *Stack) index() grant { return on(*s.table.TableArn() + "/index/*") }

// inbox is the inbox queue of any worker of this deployment.
func (s *Stack) inbox() grant {
	return on(*s.FormatArn(&awscdk.ArnComponents{Service: new("sqs"), Resource: new(s.inboxes() + "*"), ArnFormat: awscdk.ArnFormat_NO_RESOURCE_NAME}))
}

// sockets is the browsers' WebSockets, to write to and to close.
func (s *Stack) sockets() grant {
	return on(*s.FormatArn(&awscdk.ArnComponents{
		Service: new("execute-api"), Resource: s.api.ApiId(), ResourceName: new(stageName + "/*/@connections/*"),
	})).may("execute-api:ManageConnections")
}
