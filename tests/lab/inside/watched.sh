#!/bin/sh
# A router's configuration into its FRR daemons; from then on watchfrr restarts what dies.
#
# usage: watched.sh ROUTER
here=$(cd "$(dirname "$0")" && pwd)
sh "$here/frr.sh" load "$1"
call="sh $here/frr.sh"
exec router "$1" /usr/lib/frr/watchfrr -d -N "$1" -F traditional \
    -r "$call restart $1 %s" -s "$call start $1 %s" -k "$call stop $1 %s" \
    zebra staticd bgpd </dev/null >/dev/null 2>&1
