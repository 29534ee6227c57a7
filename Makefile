# make run   sets everything up and starts the app
# make test  sets up what tests need, a Chromium too, and runs everything
# make proof tries what takes long: the wheel in an empty environment, this Python in a clone
# make bench measures what the README quotes; DATA=mnist.npz adds a whole test set
# PYTHON=/usr/bin/python3.13 names an interpreter; else the newest that fits is taken
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

.PHONY: install run test proof check audit charts lock clean

# pip install, run by any Python that starts; it makes $(VENV) of one that fits where none works.
pip_install = @for any in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	  $$any -c 'import sys; sys.exit(sys.version_info < (3, 6))' 2>/dev/null || continue; \
	  exec $$any requirements/environment.py $(VENV) '$(PYTHON)' $(1); \
	done; echo "No Python 3 starts here: install one, see README.md, and try again." >&2; exit 1
# An interpreter is named like the folder of its packages, python3.13; not so when it has gone or
# the system has another one now, or when PYTHON names another one. Then, and after an installation
# was cut off, all is done again.
ASKED := $(if $(PYTHON),python$(basename $(shell $(PYTHON) -c \
	'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null)))
HERE := $(or $(ASKED),$(notdir $(realpath $(BIN)/python)))
AGAIN := $(if $(wildcard $(VENV)/lib/$(HERE)/site-packages),\
	$(if $(wildcard $(VENV)/unfinished),FORCE),FORCE)

install: $(VENV)/installed $(VENV)/installed-command bundle $(VENV)/set-up

# It starts without npm, too: `_meanwhile` in models/tfjs/bundle.py has the reason.
run: BUNDLE = --or-without
run: install
	$(BIN)/streamlit run --server.port $(PORT)

test: install $(VENV)/installed-dev
	$(BIN)/python -m tests.support.chromium
	$(BIN)/python -m tests.support.nginx
	$(MAKE) check
# Tests fill a processor each, but a browser and its server fill two. Both runs end before either fails.
	$(BIN)/python -m pytest --ignore tests/e2e -n 2 --dist worksteal; others=$$?; \
	  $(BIN)/python -m pytest tests/e2e && exit $$others

check: install $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m models.tfjs --check
	$(BIN)/pip check

# What takes long, and is committed as it was printed: tests/proof/printed. PROOF=wheel runs one;
# DATA=mnist.npz, CASES=FOLDER, KEEP=FOLDER and IMAGES=2000 are what some need, or may be given.
proof: install $(VENV)/installed-dev
	$(BIN)/python -m tests.support.chromium
	$(BIN)/python -m tests.proof $(PROOF) $(if $(DATA),--data $(DATA)) $(if $(CASES),--cases $(CASES)) \
	  $(if $(KEEP),--keep $(KEEP)) $(if $(IMAGES),--images $(IMAGES))

# What is known of faults in the packages that are locked.
audit: install
	$(BIN)/pip install --quiet pip-audit
	$(BIN)/pip-audit --requirement requirements.txt --no-deps --disable-pip
	cd models/tfjs && npm audit

.PHONY: bench peers
bench: peers
	$(BIN)/python -m tests.support.chromium
	$(BIN)/python -m benchmarks $(if $(DATA),--data $(DATA))

# What is measured against, and the app never uses.
peers: install $(VENV)/installed-dev
	$(BIN)/pip install --quiet -r benchmarks/peers/requirements.txt
	$(BIN)/python -m benchmarks.peers

.PHONY: bundle
bundle: $(VENV)/installed
	$(BIN)/python -m models.tfjs $(BUNDLE)

FORCE:
$(VENV)/installed: requirements.txt $(AGAIN)
	$(call pip_install,--upgrade pip)
	$(call pip_install,-r requirements.txt)
	touch $@

# digit-parity, which runs the code of this checkout.
$(VENV)/installed-command: pyproject.toml requirements.in $(VENV)/installed
	$(call pip_install,--no-deps -e .)
	touch $@

# What makes visitors fetch less; esbuild comes with the bundle's packages.
$(VENV)/set-up: $(VENV)/installed $(shell find app -name '*.js') | bundle
	$(BIN)/python -m app.startup.set_up
	touch $@

$(VENV)/installed-dev: requirements/dev.txt $(VENV)/installed
	$(call pip_install,-r requirements/dev.txt)
	touch $@

# After a change of a page's charts.py. A test says when this is due.
charts: $(VENV)/installed
	$(BIN)/python -m app.draw.results.charts
	$(BIN)/python -m app.upload.results.charts
	$(BIN)/python -m app.benchmark.results.charts
	$(BIN)/python -m app.inspect.results.charts

# After a change of requirements.in or in requirements/. It takes the newest of everything, and prints
# where it can be installed.
lock: $(VENV)/installed-dev
	$(BIN)/pip install --quiet uv
	$(BIN)/python requirements/lock.py

clean:
	rm -rf $(VENV) models/tfjs/dist models/tfjs/node_modules build/streamlit build/frontend
	rm -rf build/alternatives models/tfjs/.making-* models/added/.making-* build/.making-*
