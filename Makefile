# Two commands on a machine with Python 3.11 and make: `make run` and `make test`. Settings: TAXI_* (see .env.example).
SHELL := /bin/bash
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPATH := $(CURDIR)
PY := .venv/bin/python
.DEFAULT_GOAL := help
# Every target is a command, no file.
.PHONY: $(shell sed -nE 's/^([a-z0-9 -]+):([^=].*)?$$/\1/p' $(firstword $(MAKEFILE_LIST)))

help:             ## this list
	@grep -hE '^[a-z0-9 -]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 24

setup:            ## the environment in .venv; does nothing when it is current
	@scripts/setup.sh

docs-assets:      ## copies of what Data Docs load from public servers, by npm where it is
	@scripts/docs_assets.sh

run: setup docs-assets  ## all services + the monthly pipeline over TAXI_MONTHS + a summary
	@$(PY) -m scripts.platform_run run

backfill: setup docs-assets  ## many TAXI_MONTHS, several at once; called again, it resumes what was interrupted
	@$(PY) -m scripts.platform_run backfill

stop status logs: setup  ## end, list, or show the logs of the services of TAXI_HOME
	@$(PY) -m scripts.platform_run $@

db-init: setup    ## the newest schema in the warehouse
	@$(PY) -m include.warehouse.schema

db-shell: setup   ## an SQL prompt on the warehouse
	@$(PY) -m scripts.db_shell

UP_FLAGS ?= --build
up: docs-assets   ## the platform in containers (docs/CONTAINERS.md); writes .env with new secrets when there is none
	@test -f .env || scripts/write_env.sh
	@docker compose up --detach $(UP_FLAGS)

down:             ## end the containers; their volumes stay
	@docker compose --profile '*' down

ps:               ## the containers and their health
	@docker compose --profile '*' ps --all

compose-run: setup  ## TAXI_MONTHS through the composed Airflow, then a prediction
	@$(PY) -m scripts.compose_run

exporter: setup   ## months, models and drift of the warehouse for Prometheus on TAXI_EXPORTER_PORT, until interrupted
	@$(PY) -m include.monitoring.exporter

serve-ui: setup   ## the dashboard on TAXI_DASHBOARD_PORT, until interrupted (docs/DASHBOARD.md)
	@$(PY) -m include.serving.dashboard

pipeline: setup   ## the same phases in one process, without Airflow
	@$(PY) scripts/run_pipeline.py

ingest: setup     ## land and ingest TAXI_MONTHS
	@$(PY) -m include.ingestion.ingest_data

process: setup    ## validate, clean and assess TAXI_MONTHS
	@$(PY) -m include.processing.assess_month

features: setup   ## features of TAXI_MONTHS, built and validated
	@$(PY) -m include.features.engineer_features

docs: setup       ## pages that are written from declarations: feature dictionary, warehouse
	@$(PY) -m include.features.dictionary
	@$(PY) -m include.warehouse.dictionary

train: setup      ## train for the newest of TAXI_MONTHS and register the best
	@$(PY) -m include.models.train_all

rollback: setup   ## MODEL=nyc_taxi_yellow_fare_usd [VERSION=3] [REASON=...]: the previous champion or that version answers
	@$(PY) -m include.models.rollback --model "$(MODEL)" $(if $(VERSION),--version "$(VERSION)") \
	  $(if $(REASON),--reason "$(REASON)")

model-card: setup  ## MODEL=nyc_taxi_yellow_fare_usd [VERSION=3] [TO=card.html]: the card of the champion or of that version
	@$(PY) -m scripts.generate_model_card --model "$(MODEL)" $(if $(VERSION),--version "$(VERSION)") $(if $(TO),--to "$(TO)")

staleness: setup  ## models trained to each of TAXI_MONTHS on every later one: how often to retrain
	@$(PY) -m include.models.staleness $(if $(TAXI_MONTHS),--months "$(TAXI_MONTHS)")

anchors: setup    ## published results beside ours, on months of TAXI_SOURCE (a folder or URL)
	@$(PY) -m include.models.anchors

ask: setup        ## Q="..." [SERVICE=yellow]: a question about models, months and documents (docs/ASSISTANT.md)
	@$(PY) -m include.llm.ask --question "$$Q" $(if $(SERVICE),--service "$(SERVICE)")

test: setup       ## unit and integration tests
	@$(PY) -m pytest tests/unit tests/integration -n 2 --dist loadfile -q

coverage: setup   ## the same, counting the lines that no test reaches (takes half as long again)
	@$(PY) -m pytest tests/unit tests/integration -n 2 --dist loadfile --cov --cov-report=term:skip-covered -q

test-unit: setup  ## unit tests alone
	@$(PY) -m pytest tests/unit -n 2 --dist loadfile -q

test-integration: setup  ## integration tests alone
	@$(PY) -m pytest tests/integration -q

test-long: setup  ## whole real months, in one process and through their DAG (make run does it on a platform)
	@$(PY) -m pytest tests/long -q

test-e2e: setup   ## a browser and a kill drill on the platform that make run brought up
	@$(PY) -m pytest tests/e2e -m "not journey" -q

journey: setup    ## every page inside Airflow in a browser, and a promotion approved where TAXI_APPROVAL=1
	@$(PY) -m pytest tests/e2e -m journey -q

screenshots: setup  ## the pictures of docs/images, taken from the platform that make run brought up
	@$(PY) -m scripts.screenshots
screenshots-dashboard: setup  ## the dashboard's pictures, of a home of its own or of the one in TAXI_DASHBOARD_HOME
	@$(PY) -m scripts.screenshots dashboard

test-backfill: setup  ## backfills on a platform of their own: parallel, killed, repeated, cleared (ten minutes)
	@$(PY) -m pytest tests/backfill -q

drills: setup     ## processes killed, disk full, stores away, a damaged file: on platforms of their own (an hour)
	@$(PY) -m pytest tests/drills -q

test-celery: setup  ## a month on two Celery workers, one of which dies (redis-server, postgresql, mariadb-server)
	@$(PY) -m pytest tests/celery -q

test-monitoring: setup  ## a real Prometheus on the service and the exporter; every query of alerts and dashboards (prometheus)
	@$(PY) -m pytest tests/monitoring -q

test-dashboard: setup  ## every page in a browser, on a small home of its own (minutes)
	@$(PY) -m pytest tests/dashboard -q

bench: setup      ## measurements, side by side (tens of minutes)
	@for file in $(filter-out tests/bench/bench_serving.py tests/bench/bench_dashboard.py tests/bench/bench_rag.py,$(wildcard tests/bench/bench_*.py)); do echo "== $$file"; $(PY) $$file || exit 1; done

bench-dashboard: setup  ## seconds until each page of the dashboard is drawn, on 24 months that it makes first (half an hour)
	@$(PY) -m tests.bench.bench_dashboard

bench-serving: setup  ## the service beside mlflow models serve, BentoML (installed apart) and an empty endpoint (three minutes)
	@$(PY) -m tests.bench.bench_serving

bench-rag: setup  ## the insights assistant against questions with known answers; builds its data, or takes TAXI_HOME's
	@$(PY) -m tests.bench.bench_rag

fuzz: setup       ## the OpenAPI document asked at random, 300 requests of each kind instead of 15
	@TAXI_FUZZ_EXAMPLES=300 $(PY) -m pytest tests/integration/serving/test_contract.py -q

load: setup       ## locust on a service of its own for half a minute; fails when a request does
	@$(PY) -m tests.load.run --seconds 30

soak: setup       ## the same for five minutes: does memory grow?
	@$(PY) -m tests.load.run --seconds 300

lint: setup       ## ruff: check and format; hadolint
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/hadolint Dockerfile

typecheck: setup  ## mypy --strict
	@MYPYPATH=dags:plugins .venv/bin/mypy

hooks: setup      ## what .pre-commit-config.yaml asks of every file
	@.venv/bin/pre-commit run --all-files

security: setup   ## bandit over the code, the pinned packages against known vulnerabilities (exit code 3: not looked up)
	@.venv/bin/bandit -q -c pyproject.toml -r include dags scripts $(wildcard plugins)
	@$(PY) -m scripts.audit || exit $$?

api-key: setup    ## NAME=dispatcher [SCOPES=predict,read]: a new key for the API, shown once (docs/SECURITY.md)
	@$(PY) -m include.config.add_api_key --name "$(NAME)" $(if $(SCOPES),--scopes "$(SCOPES)")

format: setup     ## ruff: mend what it can
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

COMPILE = .venv/bin/uv pip compile --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-annotate \
  --no-header $(if $(PIP_FIND_LINKS),--find-links "$(PIP_FIND_LINKS)") -q

lock: setup       ## resolve requirements*.in into their .txt, versions only
	@$(COMPILE) requirements.in --override overrides.txt | sed 's/+cpu$$//' > requirements.txt.new \
	  && mv requirements.txt.new requirements.txt
	@for image in serving serving-llm dashboard; do \
	  $(COMPILE) requirements-$$image.in --constraint requirements.txt > requirements-$$image.txt.new \
	  && mv requirements-$$image.txt.new requirements-$$image.txt || exit 1; done
