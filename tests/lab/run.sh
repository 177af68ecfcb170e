#!/bin/sh
# tests/check runs this: all of the lab's tests, one line each.
exec "$(dirname "$0")/lab" test "$@"
