#!/bin/sh
# tools/install.sh - put what "make" made where it belongs.
#
# usage: install.sh   (called by "make install", which sets the variables)
#
# Writes below DESTDIR only, and never over a configuration: what is installed
# is a sample. The service is neither enabled nor started, and no user is made;
# the README says how.
set -eu

: "${BUILD:?}" "${PREFIX:?}" "${SBINDIR:?}" "${BINDIR:?}" "${LIBEXECDIR:?}"
: "${MANDIR:?}" "${DOCDIR:?}" "${EXAMPLESDIR:?}" "${DESTDIR=}"

# put MODE DIRECTORY FILE...
put() {
	mode=$1
	dir=$DESTDIR$2
	shift 2
	install -d -m 755 "$dir"
	install -m "$mode" "$@" "$dir"
}

put 755 "$SBINDIR" "$BUILD/multihomed"
put 755 "$BINDIR" "$BUILD/mhctl"
put 755 "$LIBEXECDIR" "$BUILD/multihomed-engine" "$BUILD/multihomed-http"

for section in 1 5 8; do
	for page in deploy/man/*."$section"; do
		[ -e "$page" ] && put 644 "$MANDIR/man$section" "$page"
	done
done

put 644 "$DOCDIR" README.md CHANGES LICENSE openapi/openapi.yaml
put 644 "$EXAMPLESDIR" deploy/multihomed.conf.sample

# service MODE DIRECTORY FILE: with the place of the program put in.
service() {
	install -d -m 755 "$DESTDIR$2"
	sed -e "s|/usr/local/sbin/multihomed|$SBINDIR/multihomed|g" \
	    -e "s|/usr/local/libexec/multihomed|$LIBEXECDIR|g" "$3" \
	    >"$DESTDIR$2/$(basename "$3")"
	chmod "$1" "$DESTDIR$2/$(basename "$3")"
}

service 755 "$LIBEXECDIR" deploy/multihomed-shutdown

case $(uname -s) in
FreeBSD)
	put 644 "$PREFIX/etc" deploy/multihomed.conf.sample
	put 644 "$EXAMPLESDIR" deploy/freebsd/pf.conf.sample
	for script in multihomed multihomed_shutdown; do
		service 555 "$PREFIX/etc/rc.d" "deploy/freebsd/$script"
	done
	;;
*)
	put 755 "$LIBEXECDIR" deploy/systemd/multihomed-boot
	for unit in multihomed multihomed-boot multihomed-shutdown; do
		service 644 "$PREFIX/lib/systemd/system" \
		    "deploy/systemd/$unit.service"
	done
	;;
esac
