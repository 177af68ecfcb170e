#!/bin/sh
# tests/check/openapi.sh - lint openapi/openapi.yaml with Redocly CLI.
#
# The linter's version is pinned in tests/check/openapi; it is installed below
# build/, once, and again when the pin changes. It reports to nobody.
set -eu

here=tests/check/openapi
place=build/openapi
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
export NO_UPDATE_NOTIFIER=1

mkdir -p "$place"
if ! cmp -s "$here/package-lock.json" "$place/installed"; then
	rm -f "$place/installed"
	cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$place"
	echo "installing the linter below $place"
	(cd "$place" && npm ci --silent --no-audit --no-fund --ignore-scripts)
	cp "$here/package-lock.json" "$place/installed"
fi
"$place/node_modules/.bin/redocly" lint --config "$here/redocly.yaml" \
    --format stylish openapi/openapi.yaml
