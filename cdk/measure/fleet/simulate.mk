.PHONY: simulate
simulate: ## the fleet of workers on AWS against crowds: waits, money, which defaults (ARGS="--help"); writes build/simulate
	@go run ./cdk/measure/cmd/simulate $(ARGS)
