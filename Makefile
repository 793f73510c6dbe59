# luffy: `make` lists what there is. Everything is built in release configuration.

VERSION := $(shell sed -n 's/^\#define LUFFY_VERSION "\(.*\)"/\1/p' include/luffy.h)
ABI := $(shell sed -n 's/^\#define LUFFY_ABI_VERSION //p' include/luffy.h)
PREFIX ?= /usr/local
DESTDIR ?=
PYTHON ?= python3
SWIFT_BUILD := swift build -c release --explicit-target-dependency-import-check error
LIBRARY := build/lib/libluffy.so.$(VERSION)
VENV := build/venv
DOCS_VENV := build/docs-venv
# What `make run` passes to luffy-train.
ARGS ?=
# What `make bench` times (BENCH="..." for luffy-bench), what `make bench-peers` compares, how long `make fuzz` runs.
MODEL ?= runs/latest/model
BENCH ?=
CASES ?=
ROUNDS ?=
SECONDS ?= 600
TARGET ?= verifier
# One suite or test of `make test-swift`: FILTER=VerifierTests or FILTER=someTestName.
FILTER ?=

.PHONY: help deps lib run compare bench bench-peers fuzz torture test test-swift test-train test-c test-python test-languages test-report test-fuzz test-asan test-tsan test-valgrind check format install uninstall docs bindings clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

deps: ## install what a Debian machine with Swift lacks
	@scripts/bootstrap

lib: deps ## build/lib/libluffy.so.VERSION, stripped, with its links
	$(SWIFT_BUILD) --product luffy
	@mkdir -p build/lib
	@strip --strip-all -o $(LIBRARY) .build/release/libluffy.so
	@ln -sf libluffy.so.$(VERSION) build/lib/libluffy.so.$(ABI)
	@ln -sf libluffy.so.$(ABI) build/lib/libluffy.so
	@ls -l $(LIBRARY)

run: deps ## train the built-in model on the built-in task (ARGS="..." for luffy-train)
	swift run -c release luffy-train $(ARGS)

compare: deps ## train and compare the arms of the paper over seeds, and draw it (ARGS="--quick": ten minutes)
	swift run -c release luffy-train compare --output runs/compare $(ARGS)
	swift run -c release luffy-train report runs/compare

bench: deps ## time products, scoring, training and decoding of MODEL=path against the machine's limits
	swift run -c release luffy-bench $(MODEL) $(BENCH)

bench-peers: lib ## ratios to PyTorch, TRL and llama.cpp on this machine (CASES="decode update")
	PYTHON="$(PYTHON)" CASES="$(CASES)" ROUNDS="$(ROUNDS)" Benchmarks/peers/run

fuzz: deps ## fuzz one parser, TARGET=verifier (or all), for SECONDS=600 each
	scripts/fuzz $(TARGET) $(SECONDS)

torture: lib ## hours: every allocation and system call fails, a run is killed at every call that changes a file
	swift build -c release --product luffy-train
	scripts/test-faults all
	scripts/test-kills --all

test: test-swift test-train test-c test-python test-languages test-report ## every test: Swift, C, Python, Rust, Go, kill and resume, comparison, the report in a browser

test-swift: deps
	swift build -c release --build-tests
	swift test -c release --skip-build $(if $(FILTER),--filter $(FILTER))

test-train: deps
	swift build -c release --product luffy-train
	swift build -c release --product example-run
	scripts/test-swift-examples
	scripts/test-train
	scripts/test-kills

test-c: lib
	scripts/test-c
	scripts/test-faults 300

test-languages: lib ## the examples in Rust and Go, where their toolchains are installed
	scripts/test-languages

test-fuzz: deps
	scripts/fuzz all 4

test-asan: deps ## the Swift and C tests with checks of addresses and undefined behaviour
	scripts/test-sanitized address

test-tsan: deps ## the Swift and C tests with checks for data races
	scripts/test-sanitized thread

test-valgrind: lib ## the C tests under valgrind
	scripts/test-sanitized valgrind

test-report: deps
	swift build -c release --product luffy-train
	scripts/test-compare
	scripts/check-report

test-python: lib $(VENV)/installed
	$(VENV)/bin/python -m pytest -q bindings/python/tests
	cd bindings/python && $(CURDIR)/$(VENV)/bin/python -m mypy

$(VENV)/installed: $(LIBRARY) $(shell find bindings/python 2>/dev/null -name '*.py' -o -name pyproject.toml)
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install -q --disable-pip-version-check --force-reinstall --no-deps ./bindings/python
	@$(VENV)/bin/python -m pip install -q --disable-pip-version-check numpy pytest mypy jinja2 tqdm tensorboardX reasoning-gym
	@touch $@

$(LIBRARY):
	@$(MAKE) lib

check: lib ## before a commit: format, header, symbols, sizes, imports, warnings
	swift format lint -r --strict --configuration .swift-format Sources Tests Benchmarks examples/swift Package.swift
	scripts/check-sources
	scripts/check-header
	scripts/check-abi $(LIBRARY)
	scripts/check-compatibility
	scripts/check-isa

format: ## format the Swift sources in place
	swift format -i -r --configuration .swift-format Sources Tests Benchmarks examples/swift Package.swift

install: lib ## library, header, pkg-config, CMake config under DESTDIR/PREFIX
	PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" VERSION="$(VERSION)" ABI="$(ABI)" scripts/install

uninstall: ## what `make install` laid out
	rm -f $(DESTDIR)$(PREFIX)/lib/libluffy.so $(DESTDIR)$(PREFIX)/lib/libluffy.so.$(ABI) \
	  $(DESTDIR)$(PREFIX)/lib/libluffy.so.$(VERSION) $(DESTDIR)$(PREFIX)/include/luffy.h \
	  $(DESTDIR)$(PREFIX)/lib/pkgconfig/luffy.pc
	rm -rf $(DESTDIR)$(PREFIX)/lib/cmake/luffy

docs: $(DOCS_VENV)/installed ## the documents as a site in build/site; a broken link is an error
	$(DOCS_VENV)/bin/mkdocs build --strict --site-dir build/site
	@echo build/site/index.html

$(DOCS_VENV)/installed: docs/requirements.txt
	@test -x $(DOCS_VENV)/bin/python || $(PYTHON) -m venv $(DOCS_VENV)
	@$(DOCS_VENV)/bin/python -m pip install -q --disable-pip-version-check -r docs/requirements.txt
	@touch $@

bindings: lib ## a Python wheel in build/wheels
	$(PYTHON) -m pip wheel -q --no-deps -w build/wheels ./bindings/python
	@ls build/wheels

clean: ## everything that was built
	rm -rf .build build
