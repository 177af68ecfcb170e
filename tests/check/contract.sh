#!/bin/sh
# tests/check/contract.sh - the routes we serve are the operations we describe.
#
# usage: contract.sh   (BUILD says where multihomed-engine is)
#
# multihomed-engine -R prints "METHOD PATH SCOPE" from the route table; the
# same list, from the operations and their x-scope, must stand in
# openapi/openapi.yaml. The message is the difference ("-" is served only,
# "+" is described only).
set -eu

build=${BUILD:-build}
python=/usr/bin/python3
[ -x $python ] || python=python3
served=$(mktemp)
described=$(mktemp)
trap 'rm -f "$served" "$described"' EXIT

"$build/multihomed-engine" -R | LC_ALL=C sort >"$served"
$python - openapi/openapi.yaml <<'END' | LC_ALL=C sort >"$described"
import sys
import yaml

METHODS = ("get", "put", "post", "patch", "delete", "head", "options")

with open(sys.argv[1], encoding="utf-8") as text:
    contract = yaml.safe_load(text)
for path, item in contract["paths"].items():
    for method in METHODS:
        if method in item:
            scope = item[method].get("x-scope", "(no x-scope)")
            print(method.upper(), path, scope)
END
[ -s "$served" ] || { echo "multihomed-engine -R printed nothing" >&2; exit 1; }
if ! diff -u "$served" "$described"; then
	exit 1
fi
echo "$(wc -l <"$served") operations agree"
