module casey.internal/lambdas

go 1.26

require (
	casey.internal/shared v0.0.0
	github.com/aws/aws-lambda-go v1.55.1
	github.com/aws/aws-sdk-go-v2 v1.47.7
	github.com/aws/aws-sdk-go-v2/config v1.33.15
)

replace casey.internal/shared => ../shared
