#!/usr/bin/env bash
# Copies of the style sheets and scripts that Data Docs load, so that the pages work without internet. Needs npm; without
# it, or without a connection, says so and succeeds: the pages then use the public addresses.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=.assets/data_docs
versions="bootstrap@4.3.1 bootstrap-table@1.19.1 bootstrap-datepicker@1.9.0 @forevolve/bootstrap-dark@1.1.0 jquery@3.7.1
  popper.js@1.12.9 @fortawesome/fontawesome-free@6.6.0 vega@5.33.0 vega-lite@5.23.0 vega-embed@6.29.0"
stamp=$(echo "$versions" | sha256sum | cut -d' ' -f1)
if [ -f "$target/.stamp" ] && [ "$(cat "$target/.stamp")" = "$stamp" ]; then
  exit 0
fi
if ! command -v npm > /dev/null; then
  echo "docs-assets: npm is not installed; Data Docs will load their styles from public servers." >&2
  exit 0
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# shellcheck disable=SC2086 - one argument per package
if ! npm install --prefix "$scratch" --no-save --no-audit --no-fund --ignore-scripts --legacy-peer-deps --loglevel=error $versions; then
  echo "docs-assets: npm could not install the packages; Data Docs will load their styles from public servers." >&2
  exit 0
fi

from=$scratch/node_modules
to=$scratch/assets
put() { # folder, then files
  mkdir -p "$to/$1"
  cp "${@:2}" "$to/$1/"
}
put bootstrap "$from"/bootstrap/dist/css/bootstrap.min.css "$from"/bootstrap/dist/js/bootstrap.min.js
put bootstrap-table "$from"/bootstrap-table/dist/bootstrap-table.min.{css,js} \
  "$from"/bootstrap-table/dist/extensions/filter-control/bootstrap-table-filter-control{.css,.min.css,.min.js}
put bootstrap-datepicker "$from"/bootstrap-datepicker/dist/{css/bootstrap-datepicker.min.css,js/bootstrap-datepicker.min.js}
put bootstrap-dark "$from"/@forevolve/bootstrap-dark/dist/css/bootstrap-prefers-dark.css
put jquery "$from"/jquery/dist/jquery.min.js
put popper "$from"/popper.js/dist/umd/popper.min.js
put fontawesome/css "$from"/@fortawesome/fontawesome-free/css/all.min.css
put fontawesome/webfonts "$from"/@fortawesome/fontawesome-free/webfonts/*.woff2
put vega "$from"/vega/build/vega.min.js
put vega-lite "$from"/vega-lite/build/vega-lite.min.js
put vega-embed "$from"/vega-embed/build/vega-embed.min.js
echo "$stamp" > "$to/.stamp"
rm -rf "$target"
mkdir -p "$(dirname "$target")"
mv "$to" "$target"
echo "docs-assets: done ($(du -sh "$target" | cut -f1))"
