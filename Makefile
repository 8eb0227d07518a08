# Each target is one script; `scripts/env` is what you source before calling cargo yourself.

.PHONY: help run build test lint e2e torture bench bench-admin bench-peers screenshots

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build what changed and serve a demo on http://127.0.0.1:3000
	@scripts/run

build: ## the release binary, target/release/jotward, with the site inside
	@scripts/build

test: ## every test: Rust, both databases, and a real browser
	@scripts/test

lint: ## formatting, clippy, documentation, types; all warnings are errors
	@scripts/lint

e2e: ## only the browser tests
	@scripts/e2e

torture: ## kill a server again and again, check what clients saw; make torture FOR=600 SEED=7
	@scripts/torture

bench: ## the promises about speed, measured in a few minutes; prints one table
	@scripts/bench

bench-admin: ## the admin's pages among a million sessions, timed on both databases
	@scripts/bench admin

bench-peers: ## the same clients on SimpleJWT and on Jotward; needs Python 3
	@scripts/bench-peers

screenshots: ## the README's pictures, docs/screenshots/*.png, anew
	@scripts/screenshots
