# shellcheck shell=sh
# Memory file systems over the directories that the lab writes to, so that nothing
# of the machine outside is changed and nothing of it is seen. Sourced by init (in
# the VM) and by hostns.sh (LAB_KERNEL=host).

fresh_directories() {	# fresh_directories ROOT
	for dir in run tmp var root etc/frr etc/bird etc/netns; do
		mkdir -p "$1/$dir" || return 1
		options=mode=755
		# Small, so that it can be filled: a router whose disk is full.
		[ "$dir" != etc/frr ] || options=$options,size=1m
		mount -t tmpfs -o "$options" tmpfs "$1/$dir" || return 1
	done
	chmod 1777 "$1/tmp"
	chmod 700 "$1/root"
	mkdir -p "$1/var/lib" "$1/var/log" "$1/var/tmp" "$1/var/empty" "$1/var/cache"
	ln -s /run "$1/var/run"
	ln -s /run/lock "$1/var/lock"
	chmod 1777 "$1/var/tmp"
	mkdir -p "$1/run/lock" "$1/run/netns"
}
