# Three images: `serving` answers predictions, `dashboard` shows the platform to people, neither holds a training library;
# `airflow` (the default) runs everything else.
#   docker build --target serving -t smart-analytics-serving .
#   docker build --target dashboard -t smart-analytics-dashboard .
#   docker build -t smart-analytics-airflow .

FROM python:3.11-slim-bookworm AS base
ENV LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONPATH=/opt/smart-analytics \
    PATH=/opt/venv/bin:$PATH \
    TAXI_HOME=/var/lib/taxi
# The same user id in every image: they share the volume under TAXI_HOME.
RUN useradd --system --uid 10001 --user-group --create-home --home-dir /home/taxi --shell /usr/sbin/nologin taxi \
 && install -d -o taxi -g taxi /var/lib/taxi /var/lib/serving
WORKDIR /opt/smart-analytics

# uv lives in this stage only; no image inherits it.
FROM base AS build
ARG UV_VERSION=0.13.9
ENV UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV=/opt/venv
RUN python -m venv /opt/uv \
 && /opt/uv/bin/pip install --quiet --no-cache-dir --disable-pip-version-check "uv==${UV_VERSION}" \
 && python -m venv --without-pip /opt/venv

# Tests, type stubs and sources of extensions, which are a tenth of the packages, are of no use to a service.
FROM build AS serving-build
# LLM=yes: with the clients of language models, 73 MB, for answers that TAXI_LLM_MODEL words.
ARG LLM=
COPY requirements-serving.txt requirements-serving-llm.txt ./
RUN --mount=type=cache,target=/root/.cache/uv \
    /opt/uv/bin/uv pip sync --quiet --compile-bytecode "requirements-serving${LLM:+-llm}.txt" \
 && find /opt/venv -depth \( -name tests -o -name '*.py[ix]' -o -name '*.pxd' -o -name '*.[ch]' \) -exec rm -rf {} +
COPY include ./include
COPY README.md ./
COPY docs ./docs
RUN /opt/venv/bin/python -m compileall -q include

FROM build AS dashboard-build
COPY requirements-dashboard.txt ./
RUN --mount=type=cache,target=/root/.cache/uv \
    /opt/uv/bin/uv pip sync --quiet --compile-bytecode requirements-dashboard.txt \
 && find /opt/venv -depth \( -name tests -o -name '*.py[ix]' -o -name '*.pxd' -o -name '*.[ch]' \) -exec rm -rf {} +
COPY README.md ./
COPY docs ./docs
COPY include ./include
RUN /opt/venv/bin/python -m compileall -q include

FROM build AS airflow-build
COPY requirements.txt ./
# torch: the CPU build, from a folder of wheels where one is named, else from the backend that uv knows by name.
# uv itself has done its work here and stays behind.
RUN --mount=type=cache,target=/root/.cache/uv \
    if [ -n "${PIP_FIND_LINKS:-}" ]; then set -- --find-links "$PIP_FIND_LINKS"; else set -- --torch-backend cpu; fi \
 && grep -v '^uv==' requirements.txt > /tmp/requirements.txt \
 && /opt/uv/bin/uv pip sync --quiet --compile-bytecode "$@" /tmp/requirements.txt
COPY . .
RUN /opt/venv/bin/python -m compileall -q .

FROM base AS serving
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Smart Analytics: predictions" \
      org.opencontainers.image.description="FastAPI over the champions' ONNX bundles" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=serving-build /opt/venv /opt/venv
COPY --from=serving-build /opt/smart-analytics /opt/smart-analytics
ENV TAXI_ENV=production TAXI_BIND=0.0.0.0 TAXI_API_PORT=8000
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
CMD ["python", "-m", "include.serving.api"]

FROM base AS dashboard
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Smart Analytics: dashboard" \
      org.opencontainers.image.description="Streamlit pages over warehouse, lake, API, MLflow and Airflow" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=dashboard-build /opt/venv /opt/venv
COPY --from=dashboard-build /opt/smart-analytics /opt/smart-analytics
ENV TAXI_ENV=production TAXI_BIND=0.0.0.0 TAXI_DASHBOARD_PORT=8501
USER 10001:10001
EXPOSE 8501
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["python", "-m", "include.serving.dashboard"]

FROM base AS airflow
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Smart Analytics: Airflow and MLflow" \
      org.opencontainers.image.description="The monthly pipeline, its services and its training libraries" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# libgomp1: the threads of LightGBM and XGBoost.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgomp1 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
COPY --from=airflow-build /opt/venv /opt/venv
COPY --from=airflow-build /opt/smart-analytics /opt/smart-analytics
# Airflow's own folder stays in the container (it holds pid files); its logs go to the shared volume.
ENV TAXI_ENV=production \
    TAXI_BIND=0.0.0.0 \
    AIRFLOW_HOME=/home/taxi/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/smart-analytics/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/smart-analytics/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    AIRFLOW__LOGGING__BASE_LOG_FOLDER=/var/lib/taxi/airflow/logs
USER 10001:10001
RUN mkdir /home/taxi/airflow
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --retries=5 \
  CMD ["python", "-m", "scripts.container_health", "http", "http://127.0.0.1:8080/api/v2/monitor/health"]
CMD ["airflow", "api-server"]
