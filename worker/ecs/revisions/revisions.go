// Package revisions asks Amazon ECS what a service is to run.
package revisions

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
)

// Client implements ecs.Revisions of casey's package ecs.
type Client struct{ client *ecs.Client }

// New returns a client.
func New(cfg aws.Config) *Client { return &Client{ecs.NewFromConfig(cfg)} }

// primary is the status of the deployment that a service is going to.
const primary = "PRIMARY"

// Current returns the ARN of the task definition of the primary deployment; ""
// when the service has none.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
func (c *Client) Current(ctx context.Context, cluster, service string) (string, error) {
	out, err := c.client.DescribeServices(ctx, &ecs.DescribeServicesInput{Cluster: &cluster, Services: []string{service}})
	if err != nil {
		return "", fmt.Errorf("describe service %s: %w", service, err)
	}
	for _, f := range out.Failures {
		return "", fmt.Errorf("describe service %s: %s", service, aws.ToString(f.Reason))
	}
	for _, s := range out.Services {
		for _, d := range s.Deployments {
			if aws.ToString(d.Status) == primary {
				return aws.ToString(d.TaskDefinition), nil
			}
		}
	}
	return "", nil
}
