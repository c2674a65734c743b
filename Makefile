# leadsman: what each target does stands behind its name; `make help` lists them.
SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
GO          ?= go
PREFIX      ?= /usr/local
DESTDIR     ?=
VERSION     ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
BIN         := build/bin
# One set of flags, so that tests and commands share what is compiled. Arrow's
# kernels come with its Parquet and are never called: not inlined, they weigh 5 MB less.
export GOFLAGS := $(GOFLAGS) -trimpath -gcflags=github.com/apache/arrow-go/v18/arrow/compute/...=-l
LDFLAGS     := -s -w -X github.com/leadsman/leadsman/pkg/cli.Version=$(VERSION)

# What `make report` reads and writes.
export CONFIG     ?= monitor.yaml
export LOGS       ?= logs
export OUTCOMES   ?=
export HEALTH_URL ?=
export OUT        ?= build/site

GOLANGCI    := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
DEADCODE    := golang.org/x/tools/cmd/deadcode@v0.51.0
CYCLONEDX   := github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
GORELEASER  := github.com/goreleaser/goreleaser/v2@v2.17.0
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
ACTIONLINT  := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

.DEFAULT_GOAL := help
.PHONY: help deps build sizes quick test check report demo gate bench bench-peers bench-instructions calibration cluster-check limits tree vuln mutation net race fuzz corpora cross onnx-models nightly chaos perf-report interop site-check screenshots testdata docs summary wheel wheels release release-snapshot sbom reproducible install clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | column -t -s "$$(printf '\t')"

deps: ## fetch what the build needs, and ONNX Runtime for perfbench
	$(GO) mod download
	pipelines/deps.sh

build: deps ## leadsman, with a link a command, in build/bin
	mkdir -p $(BIN)
	$(GO) build -ldflags '$(LDFLAGS)' -o $(BIN)/ ./cmd/leadsman
	$(BIN)/leadsman links --force $(BIN)

quick: ## short tests, without those of whole documents and sites: what to run between two edits
	$(GO) test -short -timeout 10m ./pkg/... ./pipelines/layers

# The limit is for a machine that has other work to do, too.
test: deps ## all tests
	$(GO) test -timeout 45m ./...

check: ## what is held to: format, modules, vet, linters, functions that nothing reaches, shell, workflows
	@unformatted="$$(gofmt -l cmd docs pkg pipelines testdata)"; if [ -n "$$unformatted" ]; then echo "not formatted: $$unformatted"; exit 1; fi
	$(GO) mod tidy -diff
	$(GO) vet -tags browser,nightly ./pipelines/...
	$(GO) run $(GOLANGCI) run
	@dead="$$($(GO) run $(DEADCODE) ./cmd/... ./pipelines/calibration)"; if [ -n "$$dead" ]; then echo "no program reaches: $$dead"; exit 1; fi
	shellcheck .ci/run pipelines/*.sh pipelines/*/*.sh pipelines/interop/logs/*.sh testdata/train/*.sh
	$(GO) run $(ACTIONLINT) .github/workflows/*.yml docs/examples/nightly*.yml
	pipelines/examples.sh

report: build ## read the logs in LOGS and write the site to OUT
	$(BIN)/leadsman report

gate: build ## exit 3 when the last report's level is warn or worse; LEVEL=alert to gate on alerts only
	$(BIN)/leadsman gate

demo: build ## a site over a simulated log whose inputs have shifted, in build/demo
	PATH="$(CURDIR)/$(BIN):$$PATH" pipelines/demo.sh

sizes: ## what each heavy part of the program weighs, and what it costs to start
	pipelines/sizes.sh

bench: build ## speed and memory of the pipe, as ratios
	PATH="$(CURDIR)/$(BIN):$$PATH" pipelines/bench/throughput.sh

bench-peers: build ## leadsman beside DuckDB, polars, pandas, Evidently, NannyML, whylogs, SciPy, XGBoost and others: docs/BENCHMARKS.md (needs python3)
	PATH="$(CURDIR)/$(BIN):$$PATH" pipelines/bench/peers.sh

bench-instructions: build ## instructions of small cases under callgrind beside those committed; fails where one needs 5 % more (needs valgrind; UPDATE=1 writes them)
	PATH="$(CURDIR)/$(BIN):$$PATH" pipelines/bench/instructions.sh

calibration: ## prove the default policy by simulation and write docs/calibration.md (some minutes)
	mkdir -p build
	$(GO) run ./pipelines/calibration -data build/calibration.csv > build/calibration.md
	mv build/calibration.md build/calibration.csv docs/

cluster-check: build ## a log counted on a Spark cluster and by Dask, with workers killed, and by xargs, is what one process counts (needs Java, 17 or later, python3; MODE=smoke for Spark alone)
	PATH="$(CURDIR)/$(BIN):$$PATH" pipelines/cluster/check.sh $(or $(MODE),all)

mutation: ## change operators one by one and list in docs/mutation.md what no test noticed (up to BUDGET seconds a package, 2400)
	pipelines/mutation.sh

net: ## digests of every table and file of some forty cases, held against those committed
	$(GO) test -count=1 -tags nightly -timeout 20m ./pipelines/net

limits: build ## ten million rows in the memory of one, a hundred thousand categories, five thousand features
	$(GO) test -count=1 -v -tags nightly -timeout 60m ./pipelines/limits

tree: build ## the profiles of ten thousand parts of a log added up by a tree
	$(GO) test -count=1 -v -tags nightly -timeout 60m ./pipelines/cluster

vuln: ## known vulnerabilities of what the program reaches (needs vuln.go.dev)
	$(GO) run $(GOVULNCHECK) ./cmd/leadsman

chaos: ## kill the commands at every call that changes a file, and give each a full disk; the table of docs/reliability.md (UPDATE=-update writes it)
	$(GO) test -count=1 -v -tags chaos -timeout 60m ./pipelines/chaos $(UPDATE)

corpora: ## the golden files of arrow-testing and parquet-testing in DIR: how many are read (FILES=1 names them)
	DIR="$(abspath $(DIR))" $(GO) test -count=1 -v -tags corpora ./pipelines/corpora

race: deps ## short tests of all packages under the race detector
	$(GO) test -race -short -timeout 60m ./pkg/...

fuzz: ## every fuzz target for FUZZTIME (60s)
	pipelines/fuzz.sh

cross: ## compile and vet for Windows and macOS, without cgo
	for os in windows darwin; do \
	  CGO_ENABLED=0 GOOS=$$os $(GO) build -o build/cross/$$os/ ./cmd/leadsman; \
	  CGO_ENABLED=0 GOOS=$$os $(GO) vet ./...; \
	done

onnx-models: deps ## scikit-learn's, CatBoost's and others' models trained and converted to ONNX anew, and held to ONNX Runtime (needs python3)
	pipelines/onnx-models.sh

nightly: net race bench-instructions calibration mutation fuzz limits tree cluster-check cross onnx-models release-snapshot ## what is too long for every run; docs/nightly.md has its last results

perf-report: build ## measure scoring and an API here, and write docs/PERFORMANCE_REPORT.md
	PATH="$(CURDIR)/$(BIN):$$PATH" pipelines/perf-report.sh

interop: build ## pyarrow, pandas, polars, DuckDB and ONNX in both directions; logs that real libraries write; the recipes (needs python3)
	PATH="$(CURDIR)/$(BIN):$$PATH" pipelines/interop.sh
	pipelines/onnx.sh
	PATH="$(CURDIR)/$(BIN):$$PATH" pipelines/python-models.sh
	PATH="$(CURDIR)/$(BIN):$$PATH" pipelines/third-party.sh

site-check: build ## sites of many cases, opened in headless Chromium; lists what each check found (SHOTS=DIR keeps screenshots)
	PATH="$(CURDIR)/$(BIN):$$PATH" pipelines/site-check.sh
	status=0; SITE_CHECKS="$(CURDIR)/build/site-check/checks.txt" $(GO) test -count=1 -timeout 30m -tags browser ./pipelines/browser || status=$$?; cat build/site-check/checks.txt; exit $$status

screenshots: build ## make the pictures in docs again
	PATH="$(CURDIR)/$(BIN):$$PATH" pipelines/site-check.sh
	PICTURES=docs $(GO) test -count=1 -tags browser -run TestPictures ./pipelines/browser

testdata: build ## make the sample case again (needs python3)
	PATH="$(CURDIR)/$(BIN):$$PATH" testdata/train/make.sh

docs: ## write docs/tables.md, docs/reasons.md, docs/caps.md, docs/report.schema.json, the tables of thresholds and that of docs/publishing.md from the code
	$(GO) test -count=1 -run 'TestTablesDoc|TestStatisticsDoc' ./pipelines -update
	$(GO) test -count=1 -run TestReasonsDoc ./pkg/drift -update
	$(GO) test -count=1 -run TestCapsDoc ./pkg/caps -update
	$(GO) test -count=1 -run TestPublishingDoc ./pkg/site/report -update
	$(GO) test -count=1 -run TestReportSchema ./pkg/site/export -update

summary: ## write docs/SUMMARY.md from the tree: capabilities, pictures, measurements, dependencies
	$(GO) test -count=1 -run TestSummary ./pipelines -update

wheel: ## the Python package with this platform's program in build/dist, tested in a fresh environment, and the notebook of docs run with it (needs python3)
	pipelines/wheel/test.sh

wheels: ## the Python package for every platform, with the programs that release or release-snapshot made
	rm -f build/dist/leadsman-*.whl
	pipelines/venv.sh build/venv-build pipelines/wheel/build.txt
	PYTHON="$(CURDIR)/build/venv-build/bin/python" PROGRAMS=build/release pipelines/wheel/build.sh linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

release-snapshot: ## all that a release holds but the images, in build/release, and what is in it; publishes nothing
	$(GO) run $(GORELEASER) check
	$(GO) run $(GORELEASER) release --snapshot --clean --skip=docker
	$(MAKE) wheels
	pipelines/release/check.sh

release: ## a draft of the release of this commit's tag, and images in the registry: for .github/workflows/release.yml
	$(GO) run $(GORELEASER) release --clean

sbom: build ## what is in the program: build/bin/sbom.json (CycloneDX) and build/bin/THIRD-PARTY-NOTICES
	$(GO) run $(CYCLONEDX) bin -json -output $(BIN)/sbom.json $(BIN)/leadsman
	pipelines/notices.sh $(BIN)/leadsman > $(BIN)/THIRD-PARTY-NOTICES

reproducible: ## build the program twice, in two directories: one digest
	pipelines/reproducible.sh

install: build ## leadsman, with a link a command, under PREFIX/bin
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BIN)/leadsman $(DESTDIR)$(PREFIX)/bin/
	$(DESTDIR)$(PREFIX)/bin/leadsman links --force $(DESTDIR)$(PREFIX)/bin

clean: ## remove what was built
	rm -rf build
