#!/bin/sh
# tests/frr/fetch.sh - the FRR of another Debian release, to run tests on.
#
# usage: fetch.sh SUITE   (trixie, forky ...; BUILD: default build; MH_KEYRING:
# other keys than Debian's, tried first)
#
# Puts FRR and the libraries that it needs, the C library included, into
# BUILD/frr-SUITE, and prints its version. Nothing is installed: apt works on
# lists, a cache and a state of its own below BUILD, with the mirror, proxy and
# keys that it has been given for this machine, and unpacks what it has checked
# against them. What is there already stays as it is; remove it to have it
# fetched anew. tests/frr/mount.sh is how it is run.
#
# Exit status 1 when it cannot be had, with the reason: no network, no such
# suite; 2 when what came is not signed as it must be.
set -u

suite=${1:-}
build=${BUILD:-build}

cannot() {
	echo "$*" >&2
	exit 1
}

case $suite in
'' | *[!a-z]*) cannot "usage: fetch.sh SUITE" ;;
esac
for tool in apt-get dpkg-deb flock; do
	command -v $tool >/dev/null || cannot "no $tool: this needs Debian"
done
mkdir -p "$build" || exit 1
place=$(cd "$build" && pwd)/frr-$suite

# Two parts of the checks may want it at once.
exec 9>"$place.lock"
flock 9
if [ -e "$place/complete" ]; then
	cat "$place/complete"
	exit 0
fi

work=$place.apt
rm -rf "$place" "$work"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/keys" ||
	exit 1

# What apt would fetch for the release that runs here names the mirror.
release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release | tr -d '"')
mirror=$(apt-get --print-uris update 2>/dev/null |
	sed -n "s,^'\(.*\)/dists/$release/\(InRelease\|Release\)' .*,\1,p" |
	head -n 1)
[ -n "$mirror" ] || cannot "apt has no source of Debian's ${release:-release}"

# Read last, so that it overrides what the machine's own files say.
configure() {
	cat >"$work/apt.conf" <<-END
	Dir::Etc::sourcelist "$work/sources.sources";
	Dir::Etc::sourceparts "/dev/null";
	Dir::Etc::preferences "/dev/null";
	Dir::Etc::preferencesparts "/dev/null";
	Dir::State "$work";
	Dir::State::lists "$work/lists";
	Dir::State::status "$work/status";
	Dir::Cache "$work/cache";
	APT::Sandbox::User "root";
	APT::Get::AllowUnauthenticated "false";
	APT::Update::Error-Mode "any";
	Acquire::AllowInsecureRepositories "false";
	Acquire::AllowWeakRepositories "false";
	Acquire::Languages "none";
	Acquire::Retries "2";
	Debug::NoLocking "true";
	#clear APT::Update::Post-Invoke;
	#clear APT::Update::Post-Invoke-Success;
	#clear DPkg::Pre-Install-Pkgs;
	END
	cat >"$work/sources.sources" <<-END
	Types: deb
	URIs: $mirror
	Suites: $suite
	Components: main
	Signed-By: $1
	END
	: >"$work/status"
}

apt() {
	apt-get -c "$work/apt.conf" "$@" >"$work/said" 2>&1 9>&-
}

# A Debian that is older than the suite may not know its keys. A newer keyring
# comes from the machine's own release, checked with the keys it has.
newer_keyring() {
	(cd "$work/keys" && apt-get -qq -o APT::Sandbox::User=root \
		download debian-archive-keyring && dpkg-deb -x ./*.deb .) \
		>/dev/null 2>&1 9>&-
}

unsigned() {
	grep -qE 'NO_PUBKEY|BADSIG|EXPKEYSIG|not signed|GPG error' "$work/said"
}

# update KEYRING
update() {
	configure "$1"
	apt update
}

failed() {
	grep '^[EW]:' "$work/said" >&2
	unsigned && exit 2
	cannot "FRR of $suite cannot be fetched from Debian's mirror"
}

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -r "${MH_KEYRING:-$keyring}" ] ||
	cannot "no $keyring: install debian-archive-keyring"
if ! update "${MH_KEYRING:-$keyring}"; then
	unsigned || failed
	newer_keyring || failed
	update "$work/keys$keyring" || failed
fi
# Nothing is installed as far as this apt knows: it brings the whole closure.
apt -y --download-only --no-install-recommends install frr || failed

# By Debian's policy, what is needed of the others is in packages called lib*.
for package in "$work"/cache/archives/frr_*.deb \
    "$work"/cache/archives/lib*.deb; do
	dpkg-deb -x "$package" "$place" || exit 1
done
version=$(dpkg-deb -f "$work"/cache/archives/frr_*.deb Version) || exit 1
# Nothing is run from a tree that is not whole.
for file in "$place"/usr/lib/frr/bgpd "$place"/usr/bin/vtysh; do
	[ -x "$file" ] || cannot "FRR of $suite has no ${file#"$place"}"
done
echo "$version" | tee "$place/complete"
