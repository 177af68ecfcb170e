#!/bin/sh
# Starts every router's routing daemons: the providers first, so that they listen
# when AS201379's two routers call them.
#
# usage: routing.sh FULL      FULL is 1 for full tables, where BIRD replaces FRR
set -u
full=$1
here=$(cd "$(dirname "$0")" && pwd)
conf=$here/../conf
# shellcheck source=inside/variant.sh
. "$here/variant.sh"

frr() {	# frr ROUTER: its daemons, still without configuration
	mkdir -p "/etc/frr/$1" "/run/frr/$1"
	left_out "$1.frr" <"$conf/$1/frr.conf" >"/etc/frr/$1/frr.conf"
	echo 'service integrated-vtysh-config' >"/etc/frr/$1/vtysh.conf"
	chown -R frr:frr "/etc/frr/$1" "/run/frr/$1"
	chmod 640 "/etc/frr/$1/frr.conf"
	router "$1" sh "$here/frr.sh" boot "$1"
}

load() {	# load ROUTER: its configuration, and somebody who watches
	sh "$here/watched.sh" "$1"
}

bird() {	# bird ROUTER
	left_out "$1.bird" <"$conf/$1/bird.conf" >"/run/bird/$1.conf"
	router "$1" bird -c "/run/bird/$1.conf" -s "/run/bird/$1.ctl" \
	    -P "/run/bird/$1.pid"
}

mkdir -p /run/bird /run/frr /var/log/frr /var/tmp/frr
chown frr:frr /etc/frr /run/frr /var/log/frr /var/tmp/frr
chmod 755 /run/frr
: >/etc/frr/vtysh.conf

if [ "$full" = 1 ]; then
	birds="inet lagrange vultr ifog route64" frrs="vtbgp"
else
	birds="inet lagrange vultr" frrs="ifog route64 vtbgp"
fi
for name in $birds; do
	bird "$name" || exit 1
done
for name in $frrs hobgp; do
	frr "$name" &
done
wait
for name in $frrs; do
	load "$name" &
done
wait
# hobgp last: two routers that call each other while neither listens yet would both
# wait 120 s (FRR's connect retry timer) for the next attempt.
load hobgp
