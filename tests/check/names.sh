#!/bin/sh
# tests/check/names.sh - an exported symbol contains the stem of its file.
#
# usage: names.sh   (BUILD says where the objects are)
#
# So grep finds a function's home: drain_start lives in a drain.c. Everything
# else is static. A stem may stand in the plural. A file with a second noun
# says so near its top, for all to see: a comment "names: prefix".
set -u

build=${BUILD:-build}

# named SYMBOL STEMS: one of the stems is a whole word of the symbol.
named() {
	for word in $2; do
		case _$1_ in
		_main_) return 0 ;;
		*_"$word"_* | *_"$word"s_*) return 0 ;;
		# What compilers and sanitizers put there.
		___*) return 0 ;;
		esac
	done
	return 1
}

status=0
for obj in $(find "$build/obj" -name '*.o' | sort); do
	src=${obj#"$build"/obj/}
	src=${src%.o}.c
	# An object whose source is gone, and the mains.
	[ -e "$src" ] || continue
	case $src in
	server/*/* | clients/*/*) ;;
	*) continue ;;
	esac
	stem=$(basename "$src" .c)
	stem=${stem%%_freebsd}
	stem=${stem%%_linux}
	stem=${stem%%_none}
	stems="$stem $(sed -n '1,10s|.*/\* names: \(.*\) \*/.*|\1|p' "$src")"
	for sym in $(nm -g --defined-only "$obj" |
	    awk '$2 ~ /[TDBRV]/ { print $3 }'); do
		named "$sym" "$stems" && continue
		echo "$src exports $sym" >&2
		status=1
	done
done
exit $status
