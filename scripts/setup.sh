#!/usr/bin/env bash
# The one environment (.venv) from requirements.txt, by uv. A second call with unchanged pins returns at once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

venv=.venv
uv_version=0.13.9
pins=$(cat requirements.txt scripts/setup.sh | sha256sum | cut -d' ' -f1)
stamp=$venv/.pins
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$pins" ]; then
  exit 0
fi

python=${PYTHON:-$(command -v python3.11 || command -v python3)}
if ! "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
  echo "setup: Python 3.11 with the venv module is needed, found: $("$python" --version 2>&1 || echo none)." >&2
  echo "       Install it (Debian: apt-get install python3.11 python3.11-venv) or name it: make setup PYTHON=/path/to/python3.11" >&2
  exit 1
fi

echo "setup: installing $(grep -c '==' requirements.txt) pinned packages into $venv"
rm -f "$stamp"
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check "uv==$uv_version"

# torch: the CPU build, from a folder of wheels when one is named, else from the backend that uv knows by name.
if [ -n "${PIP_FIND_LINKS:-}" ]; then
  torch=(--find-links "$PIP_FIND_LINKS")
else
  torch=(--torch-backend cpu)
fi
# PYTHONDONTWRITEBYTECODE would undo --compile-bytecode, and every task process would pay for it.
env -u PYTHONDONTWRITEBYTECODE VIRTUAL_ENV="$PWD/$venv" \
  "$venv/bin/uv" pip sync --quiet --compile-bytecode "${torch[@]}" requirements.txt
echo "$pins" > "$stamp"
echo "setup: done"
