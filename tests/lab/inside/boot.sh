#!/bin/sh
# Brings the network up: accounts, topology, routing daemons, multihomed. Runs as
# process 1 in the VM, or in namespaces of its own on the host.
#
# usage: boot.sh vm|host INSTANCE_DIRECTORY
set -u

mode=$1
instance=$2
# shellcheck source=/dev/null
. "$instance/env"
lab=$LAB_ROOT/tests/lab
export LAB_ROOT LAB_VARIANT
# shellcheck source=inside/variant.sh
. "$lab/inside/variant.sh"
export PATH="/run/lab/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
export HOME=/root LANG=C.UTF-8

say() { echo "lab: $(cut -d. -f1 /proc/uptime)s $1"; }
die() {
	echo "lab-failed: $1"
	[ "$LAB_KEEP" = 1 ] && stay
	[ "$mode" = host ] && exit 1
	/run/lab/busybox poweroff -f
}

# Stay, and collect orphans.
stay() {
	while :; do
		sleep 1000000 &
		wait
	done
}

cd "$LAB_ROOT" || die "no project at $LAB_ROOT"

# A private passwd and group: our daemon's two accounts, and root with a shell and
# a home that exist here.
accounts() {
	mkdir -p /run/lab/etc
	sed -e '/^_multihomed:/d; /^_mhhttp:/d; s,^root:.*,root:x:0:0:root:/root:/bin/sh,' \
	    /etc/passwd >/run/lab/etc/passwd
	cat >>/run/lab/etc/passwd <<-.
	_multihomed:x:64901:64901:multihomed engine:/var/empty:/usr/sbin/nologin
	_mhhttp:x:64902:64902:multihomed http:/var/empty:/usr/sbin/nologin
	.
	sed -e '/^_multihomed:/d; /^_mhhttp:/d' -e '/^frrvty:/s/$/,_multihomed/' \
	    /etc/group >/run/lab/etc/group
	printf '_multihomed:x:64901:\n_mhhttp:x:64902:\n' >>/run/lab/etc/group
	cp "$lab/conf/hosts" /run/lab/etc/hosts
	echo 'hosts: files' >/run/lab/etc/nsswitch.conf
	for file in passwd group hosts nsswitch.conf; do
		mount --bind "/run/lab/etc/$file" "/etc/$file" || return 1
	done
}

commands() {
	cp "$lab/inside/bin/"* /run/lab/bin/
	chmod 755 /run/lab/bin/*
	for tool in ping nc; do
		command -v "$tool" >/dev/null ||
		    ln -s "$busybox" "/run/lab/bin/$tool"
	done
	ln -s "$instance/feed" /run/lab/feed
	ln -s "$LAB_ROOT" /run/lab/root
}

kernel_modules() {
	# Kernel modules come from the extracted package, not from the machine.
	ln -sf ../busybox /run/lab/bin/modprobe
	echo /run/lab/bin/modprobe >/proc/sys/kernel/modprobe
	/run/lab/bin/modprobe ip_gre && /run/lab/bin/modprobe sit &&
	    /run/lab/bin/modprobe virtio_net
}

remote_shell() {
	# The network card of the VM becomes hobgp's management port.
	card=$(cd /sys/class/net && for c in eth* en*; do
		[ -e "$c/device" ] && echo "$c" && break; done)
	[ -n "$card" ] || die "no network card"
	ip link set "$card" netns hobgp name mgmt0
	ip -n hobgp -batch - <<-.
	addr add 10.0.2.15/24 dev mgmt0
	link set mgmt0 up
	.
	mkdir -p /root/.ssh
	cp "$instance/keys/id.pub" /root/.ssh/authorized_keys
	cp "$instance/keys/host" /run/lab/dropbear_key
	chmod 600 /root/.ssh/authorized_keys /run/lab/dropbear_key
	router hobgp dropbear -s -j -k -r /run/lab/dropbear_key \
	    -P /run/lab/dropbear.pid -p 10.0.2.15:22
}

main() {
	ip link set lo up
	accounts || die "cannot make the accounts"
	if [ "$mode" = vm ]; then
		hostname lab
		kernel_modules || die "the kernel modules for GRE and SIT do not load"
		busybox=/run/lab/busybox
	else
		busybox=$(command -v busybox)
	fi
	commands
	"$busybox" syslogd -O /var/log/messages -S
	say "topology"
	sh "$lab/inside/topology.sh" || die "cannot build the topology"
	[ "$mode" = host ] || remote_shell
	left_out hobgp.nft <"$lab/conf/hobgp/nftables.conf" | router hobgp nft -f - ||
	    die "cannot load the packet filter"
	say "routing daemons"
	sh "$lab/inside/routing.sh" "$LAB_FULL" || die "a routing daemon does not start"
	sh "$lab/inside/multihomed.sh" start "$instance" || die "multihomed does not start"
	say "waiting for all sessions"
	sh "$lab/inside/settled.sh" "$LAB_FULL" || die "not all sessions came up"
	say "ready"
	echo "lab-ready"
}

main </dev/null
stay
