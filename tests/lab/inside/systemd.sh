#!/bin/sh
# A router's machine with a real systemd, which starts FRR as Debian has it and multihomed
# as `make install` installs it, and stops them when the machine goes down. A container as
# far as systemd can tell: with process, mount and control group namespaces of its own.
#
# usage: systemd.sh prepare ROUTER
#        router ROUTER sh systemd.sh boot ROUTER INSTALLED    until it goes down; INSTALLED:
#                                                             what DESTDIR was
#        systemd.sh in ROUTER COMMAND...                      one command on it
#        systemd.sh off ROUTER                                the power goes
# Only in the VM: it is made of what lies below /etc there.
set -eu
action=$1
router=$2
machine=/var/lib/machine-$router
here=$(cd "$(dirname "$0")" && pwd)
path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# What stays when the machine is off.
prepare() {
	rm -rf "$machine"
	mkdir -p "$machine/frr" "$machine/multihomed" "$machine/var/lib" \
	    "$machine/var/log/frr" "$machine/var/tmp/frr" "$machine/var/empty" \
	    "$machine/var/db"
	ln -s /run "$machine/var/run"
	ln -s /run/lock "$machine/var/lock"
	cp "/etc/frr/$router/frr.conf" "/etc/frr/$router/vtysh.conf" "$machine/frr"
	cat >"$machine/frr/daemons" <<-.
	bgpd=yes
	vtysh_enable=yes
	zebra_options="-A 127.0.0.1 -s 90000000"
	bgpd_options="-A 127.0.0.1"
	staticd_options="-A 127.0.0.1"
	.
	chown -R frr:frr "$machine/frr" "$machine/var/log/frr" "$machine/var/tmp/frr"
	cat >"$machine/multihomed.conf" <<-.
	name = "$router";
	listen { tcp = ["127.0.0.1:8179"]; }
	frr { timeout_ms = 20000; vtysh_timeout_ms = 60000; }
	system { timeout_ms = 30000; }
	.
}

# bind FILE < content: for this machine alone.
bind() {
	mkdir -p "/run/etc$(dirname "$1")"
	cat >"/run/etc$1"
	[ -e "$1" ] || : >"$1"
	mount --bind "/run/etc$1" "$1"
}

# What has nothing to do here, and takes an emulated processor's time.
mask_the_rest() {
	for unit in /lib/systemd/system/sysinit.target.wants/* \
	    /lib/systemd/system/sockets.target.wants/* \
	    /lib/systemd/system/timers.target.wants/*; do
		ln -sf /dev/null "/etc/systemd/system/${unit##*/}"
	done
	ln -sf /dev/null /etc/systemd/system/systemd-remount-fs.service
}

# The first program of the machine.
init() {
	installed=$1
	mount -t tmpfs -o mode=755 tmpfs /run
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
	mkdir -p /run/lock /run/frr /etc/multihomed
	chown frr:frr /run/frr
	mount --bind "$machine/frr" /etc/frr
	mount --bind "$machine/multihomed" /etc/multihomed
	bind /etc/multihomed.conf <"$machine/multihomed.conf"
	echo "$router" | bind /etc/hostname
	tr -d - </proc/sys/kernel/random/uuid | bind /etc/machine-id
	bind /etc/fstab </dev/null
	bind /proc/sys/kernel/random/boot_id </proc/sys/kernel/random/uuid
	mount -t tmpfs -o mode=755 tmpfs /usr/local
	cp -R "$installed/usr/local/." /usr/local
	mount -t tmpfs -o mode=755 tmpfs /etc/systemd/system
	mask_the_rest
	cat >/etc/systemd/system/router.target <<-.
	[Unit]
	Description=A router
	Wants=frr.service multihomed.service multihomed-boot.service multihomed-shutdown.service
	.
	mount --bind "$machine/var" /var
	exec env -i PATH=$path container=lab /lib/systemd/systemd --system \
	    --unit=router.target --log-target=kmsg
}

boot() {
	unshare --mount --pid --ipc --cgroup --fork --kill-child --mount-proc \
	    --propagation private sh "$here/systemd.sh" init "$router" "$1" &
	outer=$!
	until pid=$(pgrep -P "$outer"); do
		sleep 0.1
	done
	echo "$pid" >"$machine/pid"
	wait "$outer" || :
	rm -f "$machine/pid"
	echo "$router is off"
}

inside() {
	exec nsenter -t "$(cat "$machine/pid")" -m -p -i -C -n -u env -i PATH=$path \
	    HOME=/root LANG=C.UTF-8 "$@"
}

shift 2
case $action in
prepare | boot | init) "$action" "$@" ;;
in) inside "$@" ;;
off)
	[ ! -e "$machine/pid" ] || kill -9 "$(cat "$machine/pid")"
	while [ -e "$machine/pid" ]; do
		sleep 0.1
	done
	;;
esac
