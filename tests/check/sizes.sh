#!/bin/sh
# tests/check/sizes.sh - a hint, never a failure: long functions, long files.
set -u

find server clients -name '*.c' -exec ctags -x --languages=C --kinds-C=f \
    --fields=+ne --_xformat='%{end} %n %F:%n %N' {} + |
    awk '$1 - $2 + 1 > 60 { print $1 - $2 + 1, $3, $4 }' | sort -rn
find server clients -name '*.[ch]' -exec wc -l {} + |
    awk '$2 != "total" && $1 > 400' | sort -rn
