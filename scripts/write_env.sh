#!/usr/bin/env bash
# Writes .env with a fresh strong secret for everything that docker-compose.yaml requires; never overwrites one.
#   scripts/write_env.sh [file]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

file=${1:-.env}
if [ -e "$file" ]; then
  echo "write_env: $file exists and stays as it is. The databases keep the passwords they were created with, so move" >&2
  echo "           it away only together with their volumes (docker compose down --volumes). To add secrets to a .env" >&2
  echo "           of your own settings: scripts/write_env.sh secrets.env && cat secrets.env >> .env" >&2
  exit 1
fi

# Hexadecimal digits need no escaping inside a URL.
secret() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
fernet() { head -c 32 /dev/urandom | base64 -w 0 | tr '+/' '-_'; }

umask 077
scratch=$(mktemp "$file.XXXXXX")
trap 'rm -f "$scratch"' EXIT
cat > "$scratch" <<EOF
# Written by scripts/write_env.sh. Keep it secret, and keep a copy: the volumes cannot be read without it.
TAXI_ADMIN_USER=admin
TAXI_ADMIN_PASSWORD=$(secret)
TAXI_API_KEYS=$(secret)
MYSQL_ROOT_PASSWORD=$(secret)
MYSQL_PASSWORD=$(secret)
MYSQL_SERVING_PASSWORD=$(secret)
POSTGRES_PASSWORD=$(secret)
REDIS_PASSWORD=$(secret)
AIRFLOW_FERNET_KEY=$(fernet)
AIRFLOW_JWT_SECRET=$(secret)
AIRFLOW_SECRET_KEY=$(secret)

# Airflow runs no scheduled month before this day; backfills fetch the past.
TAXI_SCHEDULE_FROM=$(date -u +%F)

# Tasks on Celery workers instead of inside the scheduler:
# COMPOSE_PROFILES=celery
# TAXI_EXECUTOR=CeleryExecutor
EOF
# A hard link fails where the name was taken meanwhile.
ln "$scratch" "$file"
echo "write_env: $file written; Airflow's login is TAXI_ADMIN_USER and TAXI_ADMIN_PASSWORD in it"
