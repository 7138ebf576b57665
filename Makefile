# casey: `make run` talks to you on this machine, `make test` tests everything.
# `make help` lists the rest.

SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BUILD   := build
LAMBDAS := connect message disconnect sweep authorizer
GOARCH_HOST := $(shell go env GOARCH)
LDFLAGS := -s -w
SOURCES := $(shell find shared lambdas worker cdk -name node_modules -prune -o -name testdata -prune -o -type f -not -name '*_test.go' -not -name '*.md' -print) go.work

# What a test target may be told: PKG for one package, ARGS for the program.
PKG  ?=
ARGS ?=
FUZZTIME ?= 20s

## The two commands

.PHONY: run
run: setup engines build ## talk to casey at http://localhost:3001 (ARGS="--help" shows what else; AI=aws uses your AWS account, LLM=URL a model of yours)
	@exec $(BUILD)/local $(if $(AI),-ai $(AI)) $(if $(LLM),-llm '$(LLM)') $(if $(MODEL),-llm-model '$(MODEL)') $(ARGS)

.PHONY: test
test: setup-test engines build vet lint test-go test-browser test-stack fuzz-short ## every kind of fault is looked for: at most 15 minutes on two cores where everything is compiled
	@echo "make test: everything passed"

## Parts of them

.PHONY: setup
setup: ## install what `make run` needs beyond Go and Node, or say how
	@cdk/local/setup.sh run

.PHONY: setup-test
setup-test: ## install what `make test` needs (Chromium and Firefox too), or say how
	@cdk/local/setup.sh test

.PHONY: engines
engines: ## fetch what casey hears and speaks with on this machine (70 MB, once, into the user's cache)
	@go run ./cdk/local/cmd/engines

.PHONY: interviews
interviews: ## check a folder of interviews, FOLDER (those that come with casey): all that is wrong, with file and line
	@go run ./worker/cmd/interviews $(or $(FOLDER),worker/interviewer/interviews)

.PHONY: build
build: $(BUILD)/.built ## build everything for this machine into build/

$(BUILD)/.built: $(SOURCES)
	@mkdir -p $(BUILD)
	@echo "building the lambdas" && for f in $(LAMBDAS); do \
	  CGO_ENABLED=0 go build -trimpath -tags lambda.norpc -ldflags '$(LDFLAGS)' -o $(BUILD)/$$f/bootstrap ./lambdas/cmd/$$f; done
	@echo "building the worker" && CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o $(BUILD)/worker ./worker/cmd/worker
	@echo "building the local stack" && CGO_ENABLED=0 go build -trimpath -o $(BUILD)/local ./cdk/local/cmd/local
	@echo "building the stand-ins for Transcribe, Bedrock and Polly" && CGO_ENABLED=1 go build -o $(BUILD)/standin ./cdk/local/cmd/standin
	@touch $@

# Packages that start the whole stack or a browser, in stages: see stack.sh. Nothing is
# timed in what runs beside something else. The emulators are for make test-emulators alone.
STACK := "page+verify/browser verify/contracts+verify/crash+deploy/trial+deploy/rehearsal+local/aws/bedrock/openai/llama" \
	verify/e2e verify/chaos+verify/soak
APART := casey.internal/cdk/($(shell tr ' +' '||' <<<'$(subst ",,$(STACK))')|deploy/emulators)$$
# Those of the CDK stack: without the race detector, for jsii is a process of its own.
# The simulation is one goroutine, and much of it. Some read the sources of other
# modules, which go's cache of results does not notice: they run each time.
CDK   := casey.internal/cdk(/stack|/cmd/deploy|/artifacts|/measure/fleet|/options|/verify/configtable)?$$

.PHONY: vet
vet: ## go vet, gofmt and go fix find nothing; every module builds by itself
	@echo "vetting"
	@test -z "$$(gofmt -l shared lambdas worker cdk)" || { gofmt -l shared lambdas worker cdk; echo "run gofmt -w on these files"; exit 1; }
	@go vet work
	@out=$$(go fix -diff work 2>&1 || true); test -z "$$out" || { echo "$$out"; echo "run go fix work"; exit 1; }
	@for m in shared lambdas worker cdk; do (cd $$m && GOWORK=off go build ./...); done

.PHONY: test-go
test-go: ## unit tests of every package under the race detector
	@echo "testing every package, those that need the whole stack later"
	@go test -race -trimpath -vet=off -p 3 $$(go list work | grep -vE '$(APART)|$(CDK)')
	@go test -vet=off -count=1 -p 1 $$(go list work | grep -E '$(CDK)')

.PHONY: test-browser
test-browser: ## types and unit tests of the page
	@cdk/page/test.sh

.PHONY: test-stack
test-stack: build ## contracts, crashes and the browser on the real local stack
	@cdk/verify/stack.sh $(STACK)

.PHONY: e2e
e2e: setup-test engines build test-emulators ## every test in the browser and on real speech, a deploy rehearsed, the long ones too, one at a time
	@go test -race -trimpath -count=1 -v -p 1 -parallel 1 -timeout 30m ./cdk/page ./cdk/verify/e2e ./cdk/local/aws/bedrock/openai/llama ./cdk/deploy/trial ./cdk/deploy/rehearsal $(ARGS)

.PHONY: pictures
pictures: setup-test engines build ## take the README's pictures anew, of a real interview on this machine (two minutes)
	@CASEY_PICTURES=$(CURDIR)/.github/pictures go test -count=1 -v -run '^TestPictures$$' ./cdk/verify/e2e

.PHONY: e2e-room
e2e-room: setup-test build ## the browser's echo canceller in a room of PulseAudio; wants a machine that does nothing else
	@CASEY_ROOM=1 go test -count=1 -v -timeout 10m -run InARoom ./cdk/verify/e2e $(ARGS)

.PHONY: fuzz-short
fuzz-short: ## every fuzz target for FUZZTIME (20s)
	@cdk/verify/fuzz.sh $(FUZZTIME)

.PHONY: fuzz
fuzz: ## every fuzz target for five minutes
	@cdk/verify/fuzz.sh 5m

.PHONY: lint
lint: ## golangci-lint and actionlint (installs the pinned versions into build/ when absent)
	@cdk/verify/lint.sh

.PHONY: bench
bench: build ## reply and set-up figures; writes build/bench/*.json
	@go run ./cdk/measure/cmd/bench $(ARGS)

.PHONY: bench-density
bench-density: build ## how many interviews a core carries, and what their CPU time goes to (ARGS="-sessions 1,120"); writes build/bench/density*
	@go run ./cdk/measure/cmd/density $(ARGS)

.PHONY: bench-ears
bench-ears: $(if $(findstring -recorded,$(ARGS)),setup,setup-test engines) ## how well the local ear and voice are: words wrong, delays, cost (CASEY_SPEECH=recordings); writes build/bench/ears.json (ARGS=-recorded: in what "make run ARGS=-record" kept)
	@go run ./cdk/measure/cmd/ears $(ARGS)

.PHONY: bench-voice
bench-voice: build ## voice to voice over the whole stack with services as slow as AWS's (CASEY_SPEECH=recordings; ARGS="-sessions 20"); writes build/bench/voice.{json,svg}
	@go run ./cdk/measure/cmd/voice $(ARGS)

.PHONY: bench-turns
bench-turns: ## how well casey listens: cut-offs against waiting time, interruptions; writes build/bench/turns.{json,svg}
	@go test -count=1 -timeout 20m -run '^TestTurns$$' ./cdk/measure/turns -out $(CURDIR)/$(BUILD)/bench -v | grep -v -e '^=== RUN' -e '^PASS'

.PHONY: bench-cost
bench-cost: ## what half an hour of interview costs, and each saving on and off (ARGS=-recordings=false: without hearing recordings, in a minute); writes build/bench/cost.json, cost.svg and cost-usage.jsonl
	@go test -count=1 -timeout 20m -run '^TestCost$$' ./cdk/measure/cost -out $(CURDIR)/$(BUILD)/bench -v $(ARGS) | grep -v -e '^=== RUN' -e '^PASS'

.PHONY: judge-eval
judge-eval: ## how often a model of Bedrock is right about whether somebody has finished (ARGS="-model NAME"; "-own -model NAME": the interviewer's own marks): costs a cent, -own as many prompts as there are texts; writes build/bench/judge.json
	@go run ./cdk/measure/cmd/judge-eval $(ARGS)

.PHONY: talk-eval
talk-eval: setup ## how a model behaves where a talk leaves its road: 127 awkward lines (Bedrock with your credentials costs half a dollar; LLM=URL, MODEL=name); writes build/bench/talk.json
	@go run ./cdk/measure/cmd/talk-eval $(if $(LLM),-llm '$(LLM)') $(if $(MODEL),-model '$(MODEL)') $(ARGS)

.PHONY: simulate
simulate: ## the fleet of workers on AWS against crowds: waits, money, which defaults (ARGS="--help"); writes build/simulate
	@go run ./cdk/measure/cmd/simulate $(ARGS)

.PHONY: chaos
chaos: build ## everything goes wrong while a crowd talks (long; `make test` has a minute of it)
	@go run ./cdk/verify/cmd/chaos $(ARGS)

.PHONY: soak
soak: build ## 1,000 interviews opened and closed: what is left of them (five minutes; ARGS="-sessions 100")
	@go run ./cdk/verify/cmd/soak $(ARGS)

.PHONY: stress
stress: ## run one package's tests 20 times: make stress PKG=./worker/host
	@test -n "$(PKG)" || { echo "make stress PKG=./worker/host"; exit 2; }
	@go test -race -count=20 -timeout 60m $(PKG)

.PHONY: clean
clean: ## remove build/ and with it all local state
	@rm -rf $(BUILD)

include cdk/deploy.mk

.PHONY: help
help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^## / {printf "\n%s\n", substr($$0, 4)} /^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile cdk/deploy.mk
