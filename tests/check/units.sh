#!/bin/sh
# tests/check/units.sh - systemd understands our units, and they go in a circle
# with nobody's.
#
# usage: units.sh PREFIX   (where they were installed; see install.sh)
#
# A circle does not keep a machine from booting: systemd leaves out a job of
# it, and says so in a log that nobody reads.
set -u

if ! command -v systemd-analyze >/dev/null; then
	echo "skipped: no systemd-analyze: the units are not looked at"
	exit 0
fi
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
# They were installed below DESTDIR, which is not where they look.
for unit in "$1"/lib/systemd/system/*.service; do
	sed "s|=/opt/mh/|=$1/|" "$unit" >"$dir/${unit##*/}"
done

# other NAME LINE...: what Debian 12 has of that name, as far as it matters.
other() {
	name=$1
	shift
	{
		printf '[Unit]\nDescription=%s\n' "$name"
		printf '%s\n' "$@"
		printf '[Service]\nType=oneshot\nExecStart=%s\n' \
		    "$(command -v true)"
	} >"$dir/$name"
}
other frr.service Wants=network.target \
    'After=network-pre.target systemd-sysctl.service' Before=network.target
other nftables.service Wants=network-pre.target DefaultDependencies=no \
    'Before=network-pre.target shutdown.target' Conflicts=shutdown.target
other networking.service Wants=network.target DefaultDependencies=no \
    'After=local-fs.target network-pre.target systemd-sysctl.service' \
    'Before=network.target shutdown.target network-online.target' \
    Conflicts=shutdown.target
cat >"$dir/router.target" <<'EOF'
[Unit]
Description=A router with all of them
Requires=multihomed.service multihomed-boot.service multihomed-shutdown.service
Requires=frr.service nftables.service networking.service multi-user.target
Wants=systemd-networkd.service network-online.target
EOF
said=$(systemd-analyze verify --man=no "$dir/router.target" "$dir"/*.service \
    2>&1)
code=$?
[ "$code$said" = 0 ] && exit 0
printf '%s\n' "systemd-analyze ends with $code:" "$said" >&2
exit 1
