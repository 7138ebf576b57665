package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3deployment"

	"casey.internal/cdk/page"
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
			ResponseHeadersPolicy: s.siteHeaders(),
		},
		DefaultRootObject: new("index.html"),
		PriceClass:        awscloudfront.PriceClass_PRICE_CLASS_100,
	})
}

// siteHeaders are sent beside each file. The page talks to this casey and no other, whatever
// its own address says.
func (s *Stack) siteHeaders() awscloudfront.IResponseHeadersPolicy {
	return awscloudfront.NewResponseHeadersPolicy(s.Stack, new("SiteHeaders"), &awscloudfront.ResponseHeadersPolicyProps{
		ResponseHeadersPolicyName: new(s.options.Name() + "-site-" + *s.Region()), // one of a name in the world of an account
		SecurityHeadersBehavior: &awscloudfront.ResponseSecurityHeadersBehavior{
			ContentSecurityPolicy: &awscloudfront.ResponseHeadersContentSecurityPolicy{ContentSecurityPolicy: new(page.Policy(*s.url())), Override: new(true)},
			ContentTypeOptions:    &awscloudfront.ResponseHeadersContentTypeOptions{Override: new(true)},
			ReferrerPolicy: &awscloudfront.ResponseHeadersReferrerPolicy{
				ReferrerPolicy: awscloudfront.HeadersReferrerPolicy_NO_REFERRER, Override: new(true),
			},
			StrictTransportSecurity: &awscloudfront.ResponseHeadersStrictTransportSecurity{
				AccessControlMaxAge: awscdk.Duration_Days(new(365.0)), Override: new(true),
			},
		},
		CustomHeadersBehavior: &awscloudfront.ResponseCustomHeadersBehavior{CustomHeaders: &[]*awscloudfront.ResponseCustomHeader{
			{Header: new("Permissions-Policy"), Value: new(page.Permissions), Override: new(true)},
		}},
	})
}

func (s *Stack) siteBucket() awss3.Bucket {
	return awss3.NewBucket(s.Stack, new("SiteFiles"), &awss3.BucketProps{
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(), EnforceSSL: new(true), Encryption: awss3.BucketEncryption_S3_MANAGED,
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY, AutoDeleteObjects: new(true),
	})
}

func (s *Stack) siteURL() *string { return new("https://" + *s.site.DistributionDomainName()) }

// scripts are the files whose names change with what is in them. index.html
// says how those of now are called.
var scripts = []*string{new("*-*.js"), new("*-*.css")}

// fillSite puts the page into the bucket, and the address of the WebSocket: the
// scripts first, which a page that is open may ask for after the next deploys
// too, so that none is ever removed; then what says which of them are of now.
func (s *Stack) fillSite() {
	if s.site == nil {
		return
	}
	site, log := s.artifacts.Site(), s.logGroup("SiteLog")
	stay := s.fill("SiteScripts", log, &awss3deployment.BucketDeploymentProps{
		Sources:      &[]awss3deployment.ISource{site},
		Exclude:      &[]*string{new("*")},
		Include:      &scripts,
		CacheControl: &[]awss3deployment.CacheControl{awss3deployment.CacheControl_FromString(new("public, max-age=31536000, immutable"))},
	})
	s.fill("SiteContent", log, &awss3deployment.BucketDeploymentProps{
		Sources: &[]awss3deployment.ISource{
			site, awss3deployment.Source_JsonData(new("config.json"), map[string]any{"ws": s.url()}, nil),
		},
		Exclude:      &scripts,
		CacheControl: &[]awss3deployment.CacheControl{awss3deployment.CacheControl_NoCache()},
		Distribution: s.site,
	}).Node().AddDependency(stay)
}

// fill puts files into the site's bucket beside those that are there.
func (s *Stack) fill(id string, log awslogs.ILogGroup, props *awss3deployment.BucketDeploymentProps) awss3deployment.BucketDeployment {
	props.DestinationBucket = s.Node().FindChild(new("SiteFiles")).(awss3.Bucket)
	props.Prune = new(false)
	props.LogGroup = log
	return awss3deployment.NewBucketDeployment(s.Stack, new(id), props)
}
