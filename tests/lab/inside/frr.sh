#!/bin/sh
# One FRR daemon of one router; watchfrr calls this too, from inside the router's
# network namespace.
#
# usage: frr.sh start|stop|restart ROUTER zebra|staticd|bgpd
#        frr.sh boot ROUTER        all three, without their configuration
#        frr.sh load ROUTER        the configuration into all three
set -u
action=$1
router=$2
daemon=${3:-all}
run=/run/frr/$router

start() {
	"/usr/lib/frr/$1" -d -N "$router" -F traditional -A 127.0.0.1 \
	    ${2:+"$2" "$3"} </dev/null >/dev/null 2>&1
	# Like FRR's own start script: only this daemon's part.
	[ "$loading" = no ] || vtysh_load -d "$1"
}

vtysh_load() {
	/usr/bin/vtysh -N "$router" -b "$@" </dev/null >/dev/null 2>&1
}

stop() {
	pid=$(cat "$run/$1.pid" 2>/dev/null) || return 0
	kill "$pid" 2>/dev/null
	tries=0
	while kill -0 "$pid" 2>/dev/null; do
		tries=$((tries + 1))
		[ "$tries" -le 100 ] || { kill -9 "$pid"; break; }
		sleep 0.1
	done
	rm -f "$run/$1.pid"
}

each() {	# each FUNCTION DAEMON...
	function=$1
	shift
	for one; do
		case $one in
		zebra) "$function" zebra -s 90000000 ;;
		*) "$function" "$one" ;;
		esac
	done
}

loading=yes
case $action in
boot)
	loading=no
	each start zebra staticd bgpd
	;;
load) vtysh_load ;;
start) each start "$daemon" ;;
stop) each stop "$daemon" ;;
restart)
	# watchfrr says "all" when zebra is gone.
	[ "$daemon" = all ] && daemon="zebra staticd bgpd"
	# shellcheck disable=SC2086  # one word a daemon
	each stop $daemon
	# shellcheck disable=SC2086
	each start $daemon
	;;
esac
