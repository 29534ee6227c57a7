# make run   sets everything up and starts the app
# make test  sets up what tests need, a Chromium too, and runs everything
# make proof tries what takes long: the wheel in an empty environment, this Python in a clone
# make bench measures what the README quotes; DATA=mnist.npz adds a whole test set
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

.PHONY: install run test proof check audit charts lock clean

install: $(VENV)/installed $(VENV)/installed-command bundle $(VENV)/set-up

run: install
	$(BIN)/streamlit run --server.port $(PORT)

test: install $(VENV)/installed-dev
	$(BIN)/python -m tests.support.chromium
	$(BIN)/python -m tests.support.nginx
	$(MAKE) check
	$(BIN)/python -m pytest

check: install $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m models.tfjs --check
	$(BIN)/pip check

# What takes long, and is committed as it was printed: tests/proof/printed. PROOF=wheel runs one.
proof: install $(VENV)/installed-dev
	$(BIN)/python -m tests.support.chromium
	$(BIN)/python -m tests.proof $(PROOF)

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
	$(BIN)/python -m models.tfjs

$(VENV)/installed: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet -r requirements.txt
	touch $@

# digit-parity, which runs the code of this checkout.
$(VENV)/installed-command: pyproject.toml requirements.in $(VENV)/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

# What makes visitors fetch less; esbuild comes with the bundle's packages.
$(VENV)/set-up: $(VENV)/installed $(shell find app -name '*.js') | bundle
	$(BIN)/python -m app.startup.set_up
	touch $@

$(VENV)/installed-dev: requirements/dev.txt $(VENV)/installed
	$(BIN)/pip install --quiet -r requirements/dev.txt
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
