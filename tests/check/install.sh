#!/bin/sh
# tests/check/install.sh - "make install" installs all of it, and only there.
#
# Installed below DESTDIR under another PREFIX than the built-in one, the
# parent must know its children's new place, and each installed program run.
set -eu

make=${MAKE:-make}
build=$PWD/build/check/install-build
dest=$PWD/build/check/install
bad=0

complain() {
	echo "$*" >&2
	bad=1
}

rm -rf "$dest" "$build"
# What is compiled already serves; only the paths differ.
mkdir -p "$build"
cp -Rp build/obj build/lib build/flags build/paths build/rules.mk "$build"
marker=$(mktemp)
trap 'rm -rf "$marker" "$build"' EXIT

"$make" BUILD="${build#"$PWD"/}" PREFIX=/opt/mh DESTDIR="$dest" install \
    >/dev/null

for file in sbin/multihomed bin/mhctl libexec/multihomed/multihomed-engine \
    libexec/multihomed/multihomed-http \
    libexec/multihomed/multihomed-shutdown share/man/man8/multihomed.8 \
    share/man/man5/multihomed.conf.5 share/man/man1/mhctl.1 \
    share/doc/multihomed/README.md share/doc/multihomed/openapi.yaml \
    share/examples/multihomed/multihomed.conf.sample; do
	[ -e "$dest/opt/mh/$file" ] || complain "not installed: $file"
done
# What this platform starts it with, and what its packet filter has to name.
case $(uname -s) in
FreeBSD)
	own="etc/rc.d/multihomed etc/rc.d/multihomed_shutdown
	    share/examples/multihomed/pf.conf.sample"
	;;
*)
	own="libexec/multihomed/multihomed-boot
	    lib/systemd/system/multihomed.service
	    lib/systemd/system/multihomed-boot.service
	    lib/systemd/system/multihomed-shutdown.service"
	[ -x "$dest/opt/mh/libexec/multihomed/multihomed-boot" ] ||
	    complain "multihomed-boot cannot be run"
	grep -q '^ExecStart=/opt/mh/libexec/multihomed/multihomed-boot' \
	    "$dest/opt/mh/lib/systemd/system/multihomed-boot.service" ||
	    complain "the boot unit starts multihomed-boot somewhere else"
	;;
esac
for file in $own; do
	[ -e "$dest/opt/mh/$file" ] || complain "not installed: $file"
done
for file in "$dest"/*; do
	[ "$file" = "$dest/opt" ] || complain "installed outside PREFIX: $file"
done
[ "$(find "$dest" -type f -perm -002 | wc -l)" -eq 0 ] ||
    complain "anyone may write to an installed file"
grep -rqIE '/usr/local/(sbin|libexec)' "$dest"/opt/mh/lib \
    "$dest"/opt/mh/libexec "$dest"/opt/mh/etc 2>/dev/null &&
    complain "the service starts a program somewhere else"
"$dest/opt/mh/sbin/multihomed" -n -c /dev/null |
    grep -q '"/opt/mh/libexec/multihomed"' ||
    complain "the parent does not know where its children are"
"$dest/opt/mh/sbin/multihomed" -V || complain "multihomed -V fails"
"$dest/opt/mh/bin/mhctl" --version || complain "mhctl --version fails"
"$dest/opt/mh/sbin/multihomed" -n \
    -c "$dest/opt/mh/share/examples/multihomed/multihomed.conf.sample" \
    >/dev/null || complain "the sample configuration is refused"
sh tests/check/shutdown.sh "$dest/opt/mh" || bad=1
[ "$(uname -s)" = FreeBSD ] || sh tests/check/units.sh "$dest/opt/mh" || bad=1
sh tests/check/rcorder.sh || bad=1
exit $bad
