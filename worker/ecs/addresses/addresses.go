// Package addresses asks Amazon EC2 for public addresses.
package addresses

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Client implements ecs.Interfaces of casey's package ecs.
type Client struct{ client *ec2.Client }

// New returns a client.
func New(cfg aws.Config) *Client { return &Client{ec2.NewFromConfig(cfg)} }

// Public returns the public address of the network interface with this MAC
// address; "" when there is none.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
func (c *Client) Public(ctx context.Context, mac string) (string, error) {
	out, err := c.client.DescribeNetworkInterfaces(ctx, &ec2.DescribeNetworkInterfacesInput{
		Filters: []types.Filter{{Name: new("mac-address"), Values: []string{mac}}},
	})
	if err != nil {
		return "", fmt.Errorf("describe network interfaces: %w", err)
	}
	for _, i := range out.NetworkInterfaces {
		if i.Association != nil {
			return aws.ToString(i.Association.PublicIp), nil
		}
	}
	return "", nil
}
