#!/bin/sh
# tools/rules.sh - write BUILD/rules.mk: a rule for each object and program.
#
# usage: rules.sh BUILD COMPILE PATHS SOURCE...
#
# GNU make and BSD make share no pattern rules, so the rules are spelled out.
# COMPILE and PATHS are only remembered (BUILD/flags, BUILD/paths): when they
# change, what was compiled with the old ones is made again. Prints the name
# of the file written. Files are replaced only when their content changes.
#
# SYSTEM in the environment is the platform under server/system that is linked;
# empty: this machine's. Of another one, interface.c stays this machine's: it
# asks the kernel itself, while the rest runs tools, which can be stand-ins.
set -eu

build=$1
compile=$2
paths=$3
shift 3

host=$(uname -s | tr '[:upper:]' '[:lower:]')
platform=${SYSTEM:-$host}
mkdir -p "$build"
out=$build/rules.mk
tmp=$out.$$
trap 'rm -f "$tmp" "$tmp.new"' EXIT

# replace FILE: with standard input, when it differs.
replace() {
	cat >"$tmp"
	cmp -s "$tmp" "$1" || mv "$tmp" "$1"
}

echo "$compile" | replace "$build/flags"
echo "$paths" | replace "$build/paths"

# Sources that are compiled with the installation's paths.
with_paths=" $(grep -lE '\<(LIBEXECDIR|BINDIR)\>' "$@" | tr '\n' ' ')"

# "FILE links WORD..." and "FILE libs WORD..." from the test programs' first
# lines: a comment such as "links: base/addr base/err".
wants() {
	for f in "$@"; do
		case $f in
		tests/*) echo "$f" ;;
		esac
	done | xargs awk '
	FNR == 1 { key = "" }
	FNR > 20 { nextfile }
	/\/\* *(links|libs):/ {
		key = /\/\* *links:/ ? "links" : "libs"
		sub(/.*\/\* *(links|libs):/, "")
		text = ""
	}
	key != "" {
		text = text " " $0
		if ($0 ~ /\*\//) {
			sub(/\*\/.*/, "", text)
			gsub(/[ \t]\*[ \t]/, " ", text)
			print FILENAME, key, text
			key = ""
		}
	}'
}

{
	wants "$@" | sed 's/^/want /'
	for f in "$@"; do
		# The other platforms' are compiled only where a test names them.
		case $f in
		server/system/"$host"/interface.c) linked=yes ;;
		server/system/*/interface.c) linked=no ;;
		server/system/"$platform"/*) linked=yes ;;
		server/system/*/*) linked=no ;;
		*) linked=yes ;;
		esac
		case $with_paths in
		*" $f "*) echo "source $f paths $linked" ;;
		*) echo "source $f - $linked" ;;
		esac
	done
} | awk -v build="$build" '
# The source behind a word of a links comment.
function source_of(word)
{
	if (word ~ /^(server|clients|tests)\//)
		return word ".c"
	return "server/" word ".c"
}

# The object of a source, under dir.
function object(src, dir)
{
	sub(/\.c$/, ".o", src)
	return build "/" dir "/" src
}

function compile(src, how, dir, more,    o, d)
{
	o = object(src, dir)
	d = o
	sub(/\.o$/, ".d", d)
	printf "%s: %s %s/flags%s\n", o, src, build,
	    with_paths[src] ? " " build "/paths" : ""
	printf "\t@mkdir -p $(@D)\n\t@echo \"CC %s\"\n", src
	printf "\t$(Q)$(%s)%s%s -MMD -MP -MF %s -c -o $@ %s\n", how, more,
	    with_paths[src] ? " $(PATHS)" : "", d, src
	depends = depends " " d
}

function archive(room)
{
	printf "%s/lib/%s.a:%s %s/rules.mk\n", build, room, members[room],
	    build
	printf "\t@mkdir -p $(@D)\n\t@echo \"AR %s\"\n", room
	printf "\t$(Q)rm -f $@ && $(AR) cr $@%s\n", members[room]
}

# A program: its objects, the rooms it draws on (callees after callers) and
# the libraries.
function program(name, objects, rooms, libs,    i, n, r, archives)
{
	n = split(rooms, r, " ")
	archives = ""
	for (i = 1; i <= n; i++)
		if (r[i] in members)
			archives = archives " " build "/lib/" r[i] ".a"
	printf "%s/%s:%s%s $(SAN_OBJ)\n", build, name, objects,
	    archives
	printf "\t@mkdir -p $(@D)\n\t@echo \"LD %s\"\n", name
	printf "\t$(Q)$(LINK) -o $@%s%s%s\n", objects, archives, libs
}

function main_program(name, rooms, libs,    src)
{
	src = "server/" name ".c"
	if (src in known)
		program(name, " " object(src, "obj"), rooms, libs)
}

# A test program links what its first lines name, and nothing else.
function test_program(src,    name, objects, cmocka, i, n, w)
{
	name = src
	sub(/\.c$/, "", name)
	objects = " " object(src, "obj")
	n = split(links[src], w, " ")
	for (i = 1; i <= n; i++)
		objects = objects " " object(source_of(w[i]), "obj")
	cmocka = name ~ /\/test_[^\/]*$/ ? " -lcmocka" : ""
	program(name, objects, "", cmocka libs[src] test_libs)
	tests = tests " " build "/" name
}

function fuzz_program(src,    name, objects, i, n, w, o)
{
	name = src
	sub(/.*\//, "", name)
	sub(/\.c$/, "", name)
	compile(src, "FUZZ_COMPILE", "fuzz/obj", " -fsanitize=fuzzer-no-link")
	objects = " " object(src, "fuzz/obj")
	n = split(links[src], w, " ")
	for (i = 1; i <= n; i++) {
		o = source_of(w[i])
		objects = objects " " object(o, "fuzz/obj")
		if (!(o in fuzzed)) {
			fuzzed[o] = 1
			compile(o, "FUZZ_COMPILE", "fuzz/obj",
			    " -fsanitize=fuzzer-no-link")
		}
	}
	printf "%s/fuzz/%s:%s\n", build, name, objects
	printf "\t@echo \"LD %s\"\n", name
	printf "\t$(Q)$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@%s%s%s\n",
	    objects, " $(LOCAL_LIB) -Wl,--as-needed" libs[src], test_libs
	fuzzers = fuzzers " " build "/fuzz/" name
}

BEGIN {
	depends = tests = fuzzers = ""
	# Named by most tests; --as-needed drops those that are not used.
	test_libs = " -ljansson -lsqlite3 -lsodium -lpthread"
}

$1 == "want" {
	rest = $0
	sub(/^want [^ ]+ [^ ]+ */, "", rest)
	if ($3 == "links") {
		has_links[$2] = 1
		links[$2] = rest
	} else
		libs[$2] = " " rest
	next
}

{
	known[$2] = 1
	sources[++n_sources] = $2
	with_paths[$2] = $3 == "paths"
	linked[$2] = $4 == "yes"
}

END {
	print "# Written by tools/rules.sh."
	for (i = 1; i <= n_sources; i++) {
		src = sources[i]
		if (src ~ /^tests\/fuzz\/fuzz_/) {
			fuzz_program(src)
			continue
		}
		more = ""
		if (src ~ /^tests\//)
			more = " -Iclients -Itests"
		else if (src ~ /^clients\//)
			more = " -Iclients"
		compile(src, "COMPILE", "obj", more)
		if (split(src, part, "/") > 2 && part[1] != "tests" &&
		    linked[src])
			members[part[2]] = members[part[2]] " " \
			    object(src, "obj")
		if (src in has_links || src ~ /^tests\/bench\//)
			test_program(src)
	}
	for (room in members)
		archive(room)
	main_program("multihomed", "parent system wire base",
	    "  -lsodium")
	main_program("multihomed-engine",
	    "api engine frr store model wire base",
	    " -ljansson -lsqlite3 -lsodium -lpthread")
	main_program("multihomed-http", "http wire base",
	    " -lmicrohttpd -lgnutls -lpthread")
	if ("cli" in members)
		program("mhctl", members["cli"], "base",
		    " -lcurl -ljansson -lsodium")
	print "TESTS =" tests
	print "FUZZERS =" fuzzers
	print "-include" depends
}' >"$tmp.new"
replace "$out" <"$tmp.new"
echo "$out"
