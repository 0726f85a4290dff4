# `make help` says what there is. The work is done by the scripts in make/.

.DEFAULT_GOAL := help
.PHONY: help setup run build test bench fmt lint clean

help: ## This list
	@echo 'make run     builds the registry and starts it on 127.0.0.1:8081, data in ./data'
	@echo '             (LISTEN=address:port DATA=folder ARGS="further options" change that)'
	@echo 'make test    every test: unit, golden, conversations, crashes, real clients'
	@echo 'make bench   the measurements'
	@echo 'make build   the release binary only'
	@echo 'make lint    formatting, clippy, documentation and licences, as CI asks for them'
	@echo 'make fmt     formats the sources'
	@echo 'make setup   installs what run and test need, and nothing else'
	@echo 'make clean   deletes what was built for this project, RocksDB included'
	@echo
	@echo 'run, test and bench install what is missing first. Built things are kept in'
	@echo '$${CARGO_TARGET_DIR:-~/.cache/concord/target}, outside the checkout.'

setup: ## Installs what is missing
	@make/setup.sh test

run:
	@make/setup.sh run
	@make/run.sh

build:
	@make/setup.sh run
	@make/build.sh

test:
	@make/setup.sh test
	@make/test.sh

bench:
	@make/setup.sh run
	@make/bench.sh

fmt:
	@make/fmt.sh

lint:
	@make/setup.sh run
	@make/lint.sh

clean:
	@make/clean.sh
