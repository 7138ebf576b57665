package stack

import (
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsecrassets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3deployment"
)

// Artifacts is where built code comes from. Tests bring their own, so that they
// need no build.
type Artifacts interface {
	Function(name string) awslambda.Code
	Worker(arch string) awsecs.ContainerImage // arm64 or amd64
	Site() awss3deployment.ISource
}

// Built is the folder that cmd/build fills.
type Built string

// Function returns the folder whose one file is called bootstrap.
func (b Built) Function(name string) awslambda.Code {
	return awslambda.Code_FromAsset(new(filepath.Join(string(b), name)), nil)
}

// Worker returns an image asset: its folder is hashed now and becomes an image
// when it is deployed, if that hash is new.
func (b Built) Worker(arch string) awsecs.ContainerImage {
	platform := awsecrassets.Platform_LINUX_ARM64()
	if arch == "amd64" {
		platform = awsecrassets.Platform_LINUX_AMD64()
	}
	return awsecs.ContainerImage_FromAsset(new(filepath.Join(string(b), "image-"+arch)), &awsecs.AssetImageProps{Platform: platform})
}

// Site returns the bundled page without its /config.json.
func (b Built) Site() awss3deployment.ISource {
	return awss3deployment.Source_Asset(new(filepath.Join(string(b), "site")), nil)
}
