"""Whether the process of this container works; exit code 0 or 1, for health checks.

    python -m scripts.container_health http URL     it answers, and knows of no broken database
    python -m scripts.container_health job TYPE     this host's Airflow job of that type has a recent heartbeat
    python -m scripts.container_health celery       this host's Celery worker answers

Airflow's own `jobs check` imports Airflow for that, eight seconds of a processor at every check.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable
from urllib.request import urlopen

HEARTBEAT_SECONDS = 120
HEARTBEAT = """
SELECT count(*) FROM job WHERE job_type = %s AND hostname = %s AND state = 'running'
AND latest_heartbeat > now() - make_interval(secs => %s)
"""


def http(url: str) -> bool:
    """The address answers 200; in Airflow's answer the metadata database is healthy."""
    with urlopen(url, timeout=8) as answer:  # noqa: S310 - address of the compose file  # nosec B310
        body = answer.read()
    return not body.startswith(b"{") or json.loads(body).get("metadatabase", {}).get("status", "healthy") == "healthy"


def job(job_type: str) -> bool:
    """A job of this type on this host has written a heartbeat within two minutes."""
    import psycopg2

    address = os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg2", "")
    with psycopg2.connect(address, connect_timeout=8) as connection, connection.cursor() as cursor:
        cursor.execute(HEARTBEAT, (job_type, socket.gethostname(), HEARTBEAT_SECONDS))
        (found,) = cursor.fetchone()
    return bool(found)


def celery() -> bool:
    """The worker named after this host answers a ping."""
    from celery import Celery

    app = Celery(broker=os.environ["AIRFLOW__CELERY__BROKER_URL"])
    return bool(app.control.ping(destination=[f"celery@{socket.gethostname()}"], timeout=8))


def main() -> None:
    """Runs the check named on the command line; a fault is a failed check, shown in one line."""
    checks: dict[str, Callable[..., bool]] = {"http": http, "job": job, "celery": celery}
    try:
        healthy = checks[sys.argv[1]](*sys.argv[2:])
    except Exception as fault:  # noqa: BLE001 - whatever is wrong, the container is not healthy
        sys.exit(f"unhealthy: {type(fault).__name__}: {fault}")
    sys.exit(0 if healthy else f"unhealthy: {' '.join(sys.argv[1:])}")


if __name__ == "__main__":
    main()
