#!/bin/sh
# The daemon under test on AS201379's two routers; absent while it is not built.
#
# usage: multihomed.sh start|stop INSTANCE_DIRECTORY
#        multihomed.sh launch|kill|end ROUTER  one daemon: as after a crash, in one, in order
set -u
action=$1
where=$2
here=$(dirname "$0")
root=$(cd "$here/../../.." && pwd)
cd "$root" || exit 1

ready() {	# ready ROUTER: waits for the daemon's socket
	tries=0
	until [ -S "/run/multihomed/$1.sock" ]; do
		tries=$((tries + 1))
		[ "$tries" -le 300 ] || return 1
		sleep 0.1
	done
}

token() {	# token ROUTER NAME: a new one, that may do anything but make tokens
	router "$1" build/multihomed token create -c "tests/lab/conf/$1/multihomed.conf" \
	    --name "$2" --scope read --scope operate --scope configure
}

# address ROUTER: its own in the IPv4 internet, where the two reach each other
address() {
	case $1 in
	hobgp) echo 198.51.100.10 ;;
	vtbgp) echo 203.0.113.20 ;;
	esac
}

# contexts ROUTER OTHER: what ROUTER's engine may ask of the other (peers.contexts)
contexts() {
	file=/var/lib/multihomed/$1/contexts.json
	secret=$(router "$2" build/multihomed token create \
	    -c "tests/lab/conf/$2/multihomed.conf" --name "$1" --scope read \
	    --scope configure --network "$(address "$1")/32") || return 1
	printf '{"contexts": {"%s": {"url": "http://%s:8179", "token": "%s"}}}\n' \
	    "$2" "$(address "$2")" "$secret" >"$file"
	chown _multihomed:_multihomed "$file"
}

launch() {	# launch ROUTER
	router "$1" build/multihomed -f -c "tests/lab/conf/$1/multihomed.conf" \
	    </dev/null >>"/var/log/multihomed-$1.log" 2>&1 &
	echo $! >"/run/multihomed/$1.pid"
}

start() {
	for program in multihomed multihomed-engine multihomed-http; do
		if [ ! -x "build/$program" ]; then
			echo "lab: build/$program is not built: no API in this lab"
			return 0
		fi
	done
	mkdir -p /run/multihomed
	for router in hobgp vtbgp; do
		mkdir -p "/var/lib/multihomed/$router"
		chown _multihomed:_multihomed "/var/lib/multihomed/$router"
		chmod 700 "/var/lib/multihomed/$router"
		mkdir -p "/var/db/multihomed/$router"
		launch "$router"
	done
	for router in hobgp vtbgp; do
		ready "$router" || {
			echo "lab: multihomed on $router:"
			tail -n 20 "/var/log/multihomed-$router.log"
			return 1
		}
	done
	umask 077
	token hobgp demo >"$where/token"
	contexts hobgp vtbgp || return 1
	contexts vtbgp hobgp || return 1
	# For mhctl on a router itself.
	for router in hobgp vtbgp; do
		printf '{"current": "%s", "contexts": {"%s": {"url": %s, "token": "%s"}}}\n' \
		    "$router" "$router" '"http://127.0.0.1:8179"' "$(token "$router" local)" \
		    >"/run/lab/$router.contexts.json"
	done
}

kill_at_once() {	# kill_at_once ROUTER: the children end when the parent is gone
	pid=$(cat "/run/multihomed/$1.pid")
	children=$(pgrep -P "$pid")
	kill -9 "$pid"
	for one in $pid $children; do
		while kill -0 "$one" 2>/dev/null; do
			sleep 0.1
		done
	done
	rm -f "/run/multihomed/$1.pid" "/run/multihomed/$1.sock"
}

end() {	# end ROUTER
	pid=$(cat "/run/multihomed/$1.pid" 2>/dev/null) || return 0
	kill "$pid" 2>/dev/null
	while kill -0 "$pid" 2>/dev/null; do
		sleep 0.1
	done
	rm -f "/run/multihomed/$1.pid"
}

stop() {
	end hobgp
	end vtbgp
}

case $action in
start | stop) "$action" ;;
kill) kill_at_once "$where" ;;
end) end "$where" ;;
launch)
	launch "$where"
	ready "$where"
	;;
esac
