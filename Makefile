# The only door: make demo | up | test | test-files | bench | lint | format | openapi | openapi-generators | definitions | environment-tables | type-table | certificate | pdf | example-pdfs | approve-pictures | verify-access-log | manifests | prometheus-rule | image | sbom | images | compose-check | rabbitmq-4 | audit | dispatches
NODE_VERSION := 24.21.0
STATE := .tools
SYSTEM_NODE_MAJOR := $(shell node -p 'process.versions.node.split(".")[0]' 2>/dev/null)
NODE_PACKAGE := node-$(shell node -p 'process.platform === "win32" ? "win" : process.platform' 2>/dev/null)-$(shell node -p 'process.arch' 2>/dev/null)
NODE_HOME := $(STATE)/node_modules/$(NODE_PACKAGE)

# Node 24 runs the TypeScript sources as they are; an older Node fetches the pinned one from npm.
ifeq ($(SYSTEM_NODE_MAJOR),24)
NODE_READY :=
else
NODE_READY := $(NODE_HOME)/bin/node
export PATH := $(CURDIR)/$(NODE_HOME)/bin:$(PATH)
endif

RUN := node --conditions=source --disable-warning=ExperimentalWarning

.PHONY: install demo test test-files bench lint format openapi openapi-generators definitions environment-tables type-table certificate pdf example-pdfs approve-pictures verify-access-log up manifests prometheus-rule image sbom images compose-check docker-answers rabbitmq-4 audit dispatches clean

install: node_modules/.installed

$(NODE_HOME)/bin/node:
	@echo "Node $(NODE_VERSION) is needed, fetching it into .tools/ (the machine has $(SYSTEM_NODE_MAJOR))" >&2
	@mkdir -p $(STATE) && echo '{"private":true}' > $(STATE)/package.json
	@npm install --prefix $(STATE) --no-save --no-audit --no-fund --ignore-scripts --loglevel=error $(NODE_PACKAGE)@$(NODE_VERSION)

node_modules/.installed: package-lock.json $(NODE_READY)
	@echo "Installing packages (once, and when package-lock.json changes)" >&2
	@npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

demo: install
	@$(RUN) deploy/local/src/demo.ts

# The system as containers: Docker Compose, with keys made at the first time
up: docker-answers install
	@$(RUN) deploy/local/src/containers/prepare.ts
	@docker compose build && docker compose up

docker-answers:
	@deploy/docker/ask-for-docker.sh

test: install
	@npm run --silent test

# Some test files alone, one after the other: make test-files FILES='libs/db services/consent/test/proofs.test.ts'
test-files: install
	@npm run --silent jest -- --runInBand $(FILES)

# Benchmarks as ratios: make bench [ONLY=name,name] [QUICK=1 | FULL=1]; libs/bench/README.md
bench: install
	@ONLY=$(ONLY) QUICK=$(QUICK) FULL=$(FULL) $(RUN) libs/bench/src/main.ts

lint: install
	@npm run --silent lint

format: install
	@npx prettier --write . > /dev/null && npx eslint --fix .

# Writes openapi/gateway.yaml, and says what changed since the last release. RELEASE=1 keeps it as released
openapi: install
	@$(RUN) services/gateway/src/openapi.ts $(if $(RELEASE),--release)
	@$(RUN) libs/gateway-client/src/generate.ts

# Whether generators of clients that others use take the document, and what they make compiles
openapi-generators: install
	@cd openapi/generators && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error --workspaces=false && npm run --silent check

# Writes what RabbitMQ imports, and the AsyncAPI document, out of the contracts
definitions: install
	@$(RUN) deploy/local/src/event-documents/generate.ts

# Writes the table of environment variables into each service's README
environment-tables: install
	@$(RUN) deploy/local/src/environment-tables.ts

# Writes the table of certificate types into the README of certificate-store.
type-table: install
	@$(RUN) deploy/local/src/type-table.ts

# Prints the structured certificate of a RIVTA document: make certificate FILE=x.xml
certificate: install
	@$(RUN) deploy/local/src/certificate-to-json.ts $(FILE)

# Renders a RIVTA document: make pdf FILE=x.xml OUT=y.pdf [HIDE=diagnosis]
pdf: install
	@$(RUN) deploy/local/src/certificate-to-pdf.ts $(FILE) $(OUT) $(HIDE)

# Three certificates of made-up people as PDF, in .demo/example-pdfs
example-pdfs: install
	@$(RUN) deploy/local/src/example-pdfs.ts

# After a change of the layout: takes the pages as they look now, to be looked at before they are committed
approve-pictures: install
	@APPROVE_PICTURES=1 REQUIRE_PDF_TOOLS=1 npm run --silent jest -- services/rendering/test/pictures

# Finds what was changed in the access log: of DATABASE_URL with ACCESS_LOG_KEYS, else of the demo. HEAD=sequence:hash
verify-access-log: install
	@$(RUN) deploy/local/src/verify-access-log.ts $(if $(HEAD),--head $(HEAD))

# Prints what goes to Kubernetes: make manifests OVERLAY=production
manifests: install
	@$(RUN) deploy/local/src/containers/render-manifests.ts $(or $(OVERLAY),production)

# Writes the alerts as Kubernetes has them, out of deploy/monitoring/alerts.yaml
prometheus-rule: install
	@$(RUN) deploy/local/src/containers/prometheus-rule.ts

# Builds an image with Docker or buildah: make image SERVICE=consent [VERSION=1.2.3] [REGISTRY=registry.example/]
image:
	@deploy/docker/build.sh $(SERVICE)

# Prints what an image holds, as CycloneDX: make sbom IMAGE=minaintyg-consent:0.1.0
sbom:
	@deploy/docker/sbom.sh $(IMAGE)

# Builds all images without Docker, as root on Debian, and walks a patient's way through them
images: install
	@deploy/docker/build-and-try.sh

# Runs docker-compose.yml with an engine of its own and the images of `make images`, as root on Debian with docker.io
compose-check: install
	@deploy/docker/compose-and-try.sh

# Runs the tests of the event bus on RabbitMQ 4 out of Debian's archive, as root, and installs nothing: make rabbitmq-4 [SUITE=forky] [FILES='…']
rabbitmq-4: install
	@deploy/rabbitmq/try-on-rabbitmq-4.sh

# Asks the npm registry for known weaknesses in what runs in operation; before a release with REQUIRE_AUDIT=1
audit:
	@deploy/audit.sh

# What waits at dispatch, and what to do about it: make dispatches [DO="replay --id …"] OPERATOR=me; deploy/operations.md
dispatches: install
	@$(RUN) deploy/local/src/dispatches.ts $(DO)

clean:
	rm -rf node_modules .tools .demo .bench libs/*/dist services/*/dist
