#!/bin/sh
# tools/deps.sh - install what building, checking and the lab need.
#
# usage: deps.sh   (CI=true or MH_YES=1: go on without asking)
#
# Looks what is missing, says what it would install and what for, asks, and
# installs with the system's own package manager: apt on Debian, pkg on
# FreeBSD. When all is there it says nothing and is done at once. Services
# that come with a package we install (frr, bird) are neither started nor
# enabled: the tests start their own, in network namespaces.
set -eu

# what_for PACKAGE...; a "/" parts alternatives of which one suffices (the
# first is what gets installed); "COMMAND=PACKAGE" is content when the command
# is there already, from wherever.
debian_table() {
	cat <<-'END'
	to build: gcc clang make pkg-config libmicrohttpd-dev libgnutls28-dev libjansson-dev libsodium-dev libsqlite3-dev libcurl4-gnutls-dev/libcurl4-openssl-dev/libcurl4-nss-dev
	to test: libcmocka-dev libclang-rt-14-dev binutils bmake curl openssl python3 python3-yaml python3-jsonschema wrk
	to check the sources: clang-format-14 clang-tidy-14/clang-tidy cppcheck shellcheck universal-ctags
	to check the systemd units: systemd-analyze=systemd
	to check the API description (Redocly CLI): node=nodejs npm=npm
	to talk to, in tests and in the lab: frr bird2 iproute2 nftables traceroute
	for the lab: qemu-system-x86 busybox-static cpio dropbear-bin zstd xz-utils
	END
}

# The lab boots a Linux kernel and is not for FreeBSD; nor are the tests that
# need network namespaces. cc, make and nm are in the base system.
freebsd_table() {
	cat <<-'END'
	to build: pkgconf libmicrohttpd gnutls jansson libsodium sqlite3 curl
	to test: cmocka python3 py311-pyyaml py311-jsonschema wrk
	to check the sources: llvm14 cppcheck hs-ShellCheck universal-ctags
	to check the API description (Redocly CLI): node=node npm=npm
	to talk to, in tests: frr8/frr9/frr10 bird2
	END
}

is_installed() {
	case $system in
	debian)
		case " $have " in
		*" $1 "*) return 0 ;;
		esac
		return 1
		;;
	freebsd) pkg info -e "$1" ;;
	esac
}

# missing_of WORD: prints the package to install for a word of the table, or
# nothing.
missing_of() {
	case $1 in
	*=*)
		command -v "${1%%=*}" >/dev/null 2>&1 || echo "${1#*=}"
		return 0
		;;
	esac
	for package in $(echo "$1" | tr '/' ' '); do
		if is_installed "$package"; then
			return 0
		fi
	done
	echo "${1%%/*}"
}

# Fills missing with package names, and says which and why.
look() {
	missing=
	while read -r line; do
		here=
		for word in ${line#*: }; do
			package=$(missing_of "$word")
			here="$here${package:+ $package}"
		done
		[ -n "$here" ] || continue
		[ -n "$missing" ] ||
		    echo "multihomed needs packages that are not installed:"
		echo "  ${line%%: *}:$here"
		missing="$missing$here"
	done <<-END
	$("${system}_table")
	END
}

# On a terminal the user decides; elsewhere only CI or MH_YES may go on.
agree() {
	if [ "${CI:-}" = true ] || [ "${MH_YES:-}" = 1 ]; then
		return 0
	fi
	if [ ! -t 0 ]; then
		echo "Not on a terminal: run 'MH_YES=1 make deps' to install" \
		    "them." >&2
		return 1
	fi
	printf 'Install them now with: %s? [y/N] ' "$1"
	read -r answer || answer=
	case $answer in
	[yY]*) return 0 ;;
	esac
	echo "Nothing was installed." >&2
	return 1
}

install_debian() {
	agree "${sudo:+$sudo }apt-get install"
	new_services=
	for service in frr:frr bird2:bird; do
		case " $missing " in
		*" ${service%%:*} "*)
			new_services="$new_services ${service#*:}"
			;;
		esac
	done
	# The one place where Debian lets an administrator say "install, but
	# start nothing". One that is there already is respected.
	policy=/usr/sbin/policy-rc.d
	if [ -n "$new_services" ] && [ ! -e $policy ]; then
		trap '$sudo rm -f $policy' EXIT
		trap 'exit 130' INT TERM HUP
		printf '#!/bin/sh\nexit 101\n' | $sudo tee $policy >/dev/null
		$sudo chmod 755 $policy
	fi
	# A fresh machine has no package lists, or old ones whose files are
	# gone from the mirrors.
	$sudo apt-get -q update
	# shellcheck disable=SC2086 # the package names are words
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
	    install --no-install-recommends $missing
	if [ -n "$new_services" ] && command -v systemctl >/dev/null; then
		for service in $new_services; do
			$sudo systemctl disable "$service" >/dev/null 2>&1 ||
			    true
		done
		echo "The services$new_services came with these packages;" \
		    "they were left stopped and disabled."
	fi
}

install_freebsd() {
	agree "${sudo:+$sudo }pkg install"
	# shellcheck disable=SC2086 # the package names are words
	$sudo pkg install -y $missing
}

sudo=
if [ "$(id -u)" -ne 0 ]; then
	sudo=sudo
	command -v sudo >/dev/null 2>&1 || sudo=doas
fi

case $(uname -s) in
FreeBSD) system=freebsd ;;
*)
	if ! command -v dpkg-query >/dev/null 2>&1; then
		echo "make deps knows Debian and FreeBSD; elsewhere install" \
		    "by hand:" >&2
		debian_table >&2
		exit 1
	fi
	system=debian
	have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' |
	    sed -n 's/^installed //p' | tr '\n' ' ')
	;;
esac

look
[ -n "$missing" ] || exit 0
if [ -n "$sudo" ] && ! command -v "$sudo" >/dev/null 2>&1; then
	echo "Installing needs root, and there is neither sudo nor doas." >&2
	exit 1
fi
"install_$system"
look
[ -z "$missing" ] || exit 1
