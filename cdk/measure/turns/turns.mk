.PHONY: bench-turns
bench-turns: ## how well casey listens: cut-offs against waiting time, interruptions; writes build/bench/turns.{json,svg}
	@go test -count=1 -timeout 20m -run '^TestTurns$$' ./cdk/measure/turns -out $(CURDIR)/$(BUILD)/bench -v | grep -v -e '^=== RUN' -e '^PASS'
