# shellcheck shell=sh
# What the lab's variant leaves out (LAB_VARIANT; "" for none); see variant/README.md.
# Sourced; LAB_ROOT is set.

left_out() {	# left_out WHAT < configuration: without what the variant leaves out
	set -- "$LAB_ROOT/tests/lab/variant/${LAB_VARIANT:-none}/$1.sed"
	if [ -e "$1" ]; then sed -f "$1"; else cat; fi
}

expected() {	# "HOBGP VTBGP SEEN": sessions, and providers that tell of the /48
	cat "$LAB_ROOT/tests/lab/variant/${LAB_VARIANT:-none}/expect" 2>/dev/null || echo 4 2 4
}
