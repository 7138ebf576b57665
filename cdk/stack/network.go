package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/jsii-runtime-go"
)

// network returns the VPC of the workers: the one that was chosen, or one of
// its own with public subnets, in the zones that were chosen or the first two,
// and no NAT. Workers have public addresses,
// since browsers send their voice straight to them.
func (s *Stack) network() awsec2.IVpc {
	if s.options.VPC != "" {
		return awsec2.Vpc_FromVpcAttributes(s.Stack, new("Vpc"), &awsec2.VpcAttributes{
			VpcId:             &s.options.VPC,
			AvailabilityZones: jsii.Strings(s.options.AZs...),
			PublicSubnetIds:   jsii.Strings(s.options.Subnets...),
		})
	}
	props := &awsec2.VpcProps{
		IpAddresses:                  awsec2.IpAddresses_Cidr(new("10.42.0.0/16")),
		NatGateways:                  new(0.0),
		RestrictDefaultSecurityGroup: new(false), // true adds a Lambda, for a group that nothing uses
		SubnetConfiguration: &[]*awsec2.SubnetConfiguration{
			{Name: new("media"), SubnetType: awsec2.SubnetType_PUBLIC, CidrMask: new(20.0)},
		},
		GatewayEndpoints: &map[string]*awsec2.GatewayVpcEndpointOptions{
			"DynamoDB": {Service: awsec2.GatewayVpcEndpointAwsService_DYNAMODB()}, // free
		},
	}
	if len(s.options.AZs) > 0 {
		props.AvailabilityZones = jsii.Strings(s.options.AZs...)
	} else {
		props.MaxAzs = new(2.0)
	}
	return awsec2.NewVpc(s.Stack, new("Vpc"), props)
}

// mediaGroup lets media in, on one port of UDP and of TCP, and nothing else.
func (s *Stack) mediaGroup(vpc awsec2.IVpc) awsec2.SecurityGroup {
	group := awsec2.NewSecurityGroup(s.Stack, new("Media"), &awsec2.SecurityGroupProps{
		Vpc: vpc, Description: new("casey: media"), AllowAllOutbound: new(true),
	})
	port := new(float64(s.options.MediaPort))
	group.AddIngressRule(awsec2.Peer_AnyIpv4(), awsec2.Port_Udp(port), new("ICE over UDP"), nil)
	group.AddIngressRule(awsec2.Peer_AnyIpv4(), awsec2.Port_Tcp(port), new("ICE over TCP"), nil)
	return group
}
