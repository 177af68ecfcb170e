#!/bin/sh
# tests/frr/mount.sh - another FRR where Debian's own is, in this mount namespace.
#
# usage: mount.sh TREE   (build/frr-trixie, as fetch.sh made it)
#
# Whatever runs /usr/lib/frr/bgpd, /usr/bin/vtysh and so on afterwards gets
# those of the tree, with the tree's own libraries down to the C library. It is
# for namespaces that vanish: outside of one it would replace the machine's.
set -eu

tree=$(cd "$1" && pwd)
daemons=/usr/lib/frr
[ -e "$tree/complete" ] || {
	echo "$tree is not what tests/frr/fetch.sh makes" >&2
	exit 1
}
for libs in "$tree"/usr/lib/*/libc.so.6; do
	libs=${libs%/*}
done
for loader in "$tree"/usr/lib*/ld-linux*.so.*; do
	[ -x "$loader" ] && break
done

# wrap PROGRAM FILE
wrap() {
	cat >"$2" <<-END
	#!/bin/sh
	exec "$loader" --library-path "$libs:$libs/frr" "$tree$1" "\$@"
	END
	chmod 755 "$2"
}

mount -t tmpfs -o mode=755 tmpfs $daemons
for program in "$tree$daemons"/*; do
	case $program in
	*.sh | *-reload) ;;
	*) wrap "$daemons/${program##*/}" "$daemons/${program##*/}" ;;
	esac
done
wrap /usr/bin/vtysh $daemons/vtysh
mount --bind $daemons/vtysh /usr/bin/vtysh

# What they open by name: modules, and models that are not compiled in.
for dir in "${libs#"$tree"}/frr" /usr/share/yang; do
	mount --bind "$tree$dir" "$dir"
done
# From FRR 10 on, what daemons remember over a restart.
mount -t tmpfs -o mode=755 tmpfs /var/lib
mkdir /var/lib/frr
chown frr:frr /var/lib/frr
