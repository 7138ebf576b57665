package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3deployment"
)

// addSite adds casey's own page, where it is asked for. Microphones need https,
// so CloudFront stands before the bucket, which nobody else can read.
func (s *Stack) addSite() {
	if !s.options.Site {
		return
	}
	s.site = awscloudfront.NewDistribution(s.Stack, new("Site"), &awscloudfront.DistributionProps{
		DefaultBehavior: &awscloudfront.BehaviorOptions{
			Origin:                awscloudfrontorigins.S3BucketOrigin_WithOriginAccessControl(s.siteBucket(), nil),
			ViewerProtocolPolicy:  awscloudfront.ViewerProtocolPolicy_REDIRECT_TO_HTTPS,
			ResponseHeadersPolicy: awscloudfront.ResponseHeadersPolicy_SECURITY_HEADERS(),
		},
		DefaultRootObject: new("index.html"),
		PriceClass:        awscloudfront.PriceClass_PRICE_CLASS_100,
	})
}

func (s *Stack) siteBucket() awss3.Bucket {
	return awss3.NewBucket(s.Stack, new("SiteFiles"), &awss3.BucketProps{
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(), EnforceSSL: new(true), Encryption: awss3.BucketEncryption_S3_MANAGED,
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY, AutoDeleteObjects: new(true),
	})
}

func (s *Stack) siteURL() *string { return new("https://" + *s.site.DistributionDomainName()) }

// fillSite puts the page into the bucket, and the address of the WebSocket.
func (s *Stack) fillSite() {
	if s.site == nil {
		return
	}
	bucket := s.Node().FindChild(new("SiteFiles")).(awss3.Bucket)
	awss3deployment.NewBucketDeployment(s.Stack, new("SiteContent"), &awss3deployment.BucketDeploymentProps{
		DestinationBucket: bucket,
		Sources: &[]awss3deployment.ISource{
			s.artifacts.Site(), awss3deployment.Source_JsonData(new("config.json"), map[string]any{"ws": s.url()}, nil),
		},
		Distribution: s.site,
		LogGroup:     s.logGroup("SiteLog"),
	})
}
