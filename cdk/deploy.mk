# casey on AWS. ARGS="-c KEY=VALUE ..." chooses; cdk/options lists the keys.

## On AWS

DEPLOY = cd cdk && go build -o ../build/deploy ./cmd/deploy && ../build/deploy

.PHONY: deploy
deploy: ## put casey on AWS: shows who you are, what changes and what it costs, asks, deploys, tries it (YES=1 asks nothing)
	@$(DEPLOY) deploy $(ARGS)

.PHONY: deploy-worker
deploy-worker: ## deploy a new worker and nothing else (IMAGE_TAG=... for one that is in the repository)
	@$(DEPLOY) deploy-worker $(ARGS)

.PHONY: test-emulators
test-emulators: ## the template, the store and the queues in AWS as others have written it (installs ministack, moto and ElasticMQ into build/)
	@cdk/deploy/emulators/install.sh
	@go test -count=1 -v ./cdk/deploy/emulators $(ARGS)

.PHONY: doctor whoami diff synth url logs destroy key policies
doctor: ## what would make a deploy or the first interview fail in this account and region, and what mends it
whoami: ## the AWS account, region and principal that a deploy would use
diff: ## what a deploy would change
synth: ## the CloudFormation template; needs no AWS account
url: ## the address of the deployed WebSocket
logs: ## follow the deployed workers
destroy: ## remove the deployment
key: ## a new key for ARGS="-c access=key -c keys=..."
policies: ## the IAM policies of those who deploy, for an administrator
doctor whoami diff synth url logs destroy key policies:
	@$(DEPLOY) $@ $(ARGS)
