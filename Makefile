# Crier. `make` alone lists what there is to do.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT := $(shell git rev-parse HEAD 2>/dev/null || echo unknown)

web := internal/web
sdkbot := internal/simulator/sdkbot
npm := node_modules/.ready
# SQLite, translated from C, is not ours to search for races, and four times slower when it is.
race_free := -gcflags=modernc.org/sqlite/lib=-race=false -gcflags=modernc.org/libc/...=-race=false
go_files = find . -name node_modules -prune -o -name '*.go' -print0

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: assets ## Build bin/crier, with the console inside
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)' -o bin/crier ./cmd/crier

.PHONY: demo
demo: build ## Build, and run with a simulated Teams (ARGS="--users 1000")
	bin/crier demo $(ARGS)

.PHONY: test
test: setup check $(sdkbot)/$(npm) ## Run every test, on SQLite and on a PostgreSQL of its own
	scripts/with-postgres.sh go test -race $(race_free) -shuffle=on -timeout 40m ./...

.PHONY: check
check: assets ## Check format, vet, staticcheck and the import rule
	@unformatted=$$($(go_files) | xargs -0 gofmt -l); [ -z "$$unformatted" ] || { echo "make fmt would change:"; echo "$$unformatted"; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	go test ./internal/layout

.PHONY: bench
bench: setup assets ## Run the benchmarks, on SQLite and on PostgreSQL
	scripts/with-postgres.sh --durable go test -run '^$$' -bench . -benchmem ./...

.PHONY: faults
faults: setup assets ## Run the fault tests at full size: kills, outages, throttling (ten minutes and more)
	CRIER_FAULTS=full scripts/with-postgres.sh --durable go test -run '^TestFault' -count=1 -timeout 3h -v ./cmd/crier

.PHONY: fmt
fmt: ## Format the Go code
	@$(go_files) | xargs -0 gofmt -w

.PHONY: clean
clean: ## Remove what was built and downloaded
	rm -rf bin $(web)/static/vendor $(web)/node_modules $(sdkbot)/node_modules

.PHONY: setup
setup: ## Install what the tests need beside Go, Node.js, make and git
	@scripts/setup.sh

.PHONY: assets
assets: $(if $(wildcard $(web)/package.json),$(web)/static/vendor/.built) ## Bundle the console's scripts and styles, when they changed

$(web)/static/vendor/.built: $(web)/$(npm) $(shell find $(web)/src $(web)/package.json $(web)/*.mjs -type f 2>/dev/null)
	cd $(web) && npm run build
	@mkdir -p $(@D) && touch $@

%/$(npm): %/package-lock.json
	cd $* && npm ci --no-audit --no-fund
	@mkdir -p $(@D) && touch $@
