# `make demo` and `make test` do all the set-up they need. Python 3.11 or newer and Go are all that must be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
INSTALLED := $(VENV)/.installed
JOBS ?= 2

.PHONY: help demo test check format check-format lint types docs check-docs fuzz bench other-pythons package publish enable test-languages clients site pictures workflows clean

help: ## Show the commands.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 22

demo: $(RUNTIME) ## Show the rules over the guide's users, then run a real `pulumi preview` with the pack.
	@$(BIN)/python -m tools.demo --part rules
	@$(MAKE) --no-print-directory $(INSTALLED)
	@$(BIN)/python -m tools.demo --part engine

# Without Go and without pulumi the engine's tests say how to get them and are left out; with CI=true they fail.
test: check ## Run `make check` and all tests, and measure which lines and branches of the rooms they run.
	-$(BIN)/python -m tools.pulumi_cli
	$(BIN)/python -m tools.workflows
	$(BIN)/python -W error -m pytest -n $(JOBS) --cov --cov-report=term-missing:skip-covered
	$(BIN)/python -m tools.other_pythons

check: check-format lint types check-docs ## Check format, lint, types and generated docs; writes nothing.

check-format: $(INSTALLED)
	$(BIN)/ruff format --check .

lint: $(INSTALLED)
	$(BIN)/ruff check .

types: $(INSTALLED)
	$(BIN)/mypy

check-docs: $(INSTALLED)
	$(BIN)/python -m tools.docs --check
	$(BIN)/python -m tools.languages --check
	$(BIN)/python -m tools.clients docs --check

format: $(INSTALLED) ## Format the code, and repair what lint can repair.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(INSTALLED) ## Write the generated docs.
	$(BIN)/python -m tools.docs
	$(BIN)/python -m tools.languages --page
	$(BIN)/python -m tools.clients docs

fuzz: $(INSTALLED) ## Compare generated access strings with real servers for SECONDS (60) seconds.
	$(BIN)/python -m tools.fuzz --seconds $(or $(SECONDS),60)

package: $(INSTALLED) ## Stage what would be published in build/pack.
	$(BIN)/python -m tools.package

publish: $(INSTALLED) ## Publish this version to Pulumi Cloud: ORG=acme.
	$(BIN)/python -m tools.package publish $(or $(ORG),$(error Say which organization: make publish ORG=acme))

enable: $(INSTALLED) ## Enable it: ORG=acme, PROFILE=audit or CONFIG=FILE, and if wanted GROUP and VERSION.
	$(BIN)/python -m tools.package enable $(or $(ORG),$(error Say which organization: make enable ORG=acme PROFILE=audit)) --config $(or $(CONFIG),profiles/$(or $(PROFILE),$(error Say PROFILE=audit, or CONFIG=FILE)).json) $(if $(GROUP),--group $(GROUP)) $(if $(VERSION),--version $(VERSION))

test-languages: $(INSTALLED) ## Run the examples in TypeScript, Python, Go and Java (needs npm, Go and Maven; minutes).
	$(BIN)/python -m tools.pulumi_cli
	$(BIN)/python -W error -m pytest tests/languages

clients: $(INSTALLED) ## Run client libraries on a real server and write down what each needs (needs npm, Go, Maven, Ruby, PHP; minutes).
	$(BIN)/python -m tools.clients install
	$(BIN)/python -m tools.clients run

site: $(INSTALLED) ## Build the documentation into build/site and check it.
	$(BIN)/python -m tools.site

pictures: $(INSTALLED) ## Draw README's pictures from real runs (needs the engine).
	$(BIN)/python -m tools.pictures

workflows: $(INSTALLED) ## Look through the workflows of .github with zizmor.
	$(BIN)/python -m tools.workflows

bench: $(INSTALLED) ## Measure what the pack costs, as ratios in one run (about four minutes).
	$(BIN)/python -m benchmarks

other-pythons: $(INSTALLED) ## Run the rules, the parser and the process on the other Pythons of this machine.
	$(BIN)/python -m tools.other_pythons

clean: ## Remove what the commands above made.
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

$(RUNTIME): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11")'
	@echo "Installing what the pack needs into $(VENV), once."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(INSTALLED): $(RUNTIME) requirements-dev.txt
	@echo "Installing what the tests and the real preview need as well, once; this takes a minute or two."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
