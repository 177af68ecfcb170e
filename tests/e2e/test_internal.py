#!/usr/bin/python3
"""The edge: an internal neighbor without a route map, TCP-MD5, vtysh's refusals."""

import os

from harness import Suite, differ
from sandbox import wait_until

# Hands the file over as it is, unless told to spoil it: FRR itself then refuses
# a line of it, in its own words.
WRAPPER = r"""#!/bin/sh
# Told "check", it spoils the file given with -C; told "apply", the one without.
mode=apply
for word; do
	case $word in -C) mode=check;; esac
done
if [ "$(cat /run/spoil/how 2>/dev/null)" = $mode ]; then
	for word; do
		[ -f "$word" ] || continue
		rm -f /run/spoil/how	# once: the undo goes through
		sed '2i no such command at all' "$word" >/run/spoil/file
		cat /run/spoil/file >"$word"
	done
fi
exec /usr/bin/vtysh "$@"
"""
VTYSH = "/run/vtysh-wrapper"
suite = Suite("internal", name="vtbgp", vtysh=VTYSH)
PREFER = {"import": {"local_preference": 210}}


@suite.prepare
def wrapper():
    with open(VTYSH, "w", encoding="ascii") as file:
        file.write(WRAPPER)
    os.chmod(VTYSH, 0o755)
    os.mkdir("/run/spoil")
    os.chmod("/run/spoil", 0o777)


def in_map(lab):
    return lab.upstream("hobgp")["status"]["route_map_in"]


@suite.test
def the_edge_is_adopted(lab):
    vultr, hobgp = lab.upstream("vultr"), lab.upstream("hobgp")
    assert vultr["tcp_md5"]["set"] is True and vultr["ebgp_multihop"] == 2, vultr
    assert vultr["role"] == "transit" and hobgp["role"] == "internal"
    assert hobgp["next_hop_self"] is True and hobgp["status"]["route_map_in"] is None
    for path in ("upstreams", "sessions", "router"):
        assert b"your-shared-secret" not in lab.api("GET", f"/v1/{path}", token="read").body
    with open(lab.daemon.log_path, "rb") as file:
        assert b"your-shared-secret" not in file.read()


def spoiled(lab, how):
    before, sessions = lab.frr.running_config(), lab.frr.fingerprint()
    saved, seq = lab.frr.saved_config(), lab.daemon.last_seq()
    with open("/run/spoil/how", "w", encoding="ascii") as file:
        file.write(how)
    answer = lab.patch("hobgp", PREFER)
    assert not os.path.exists("/run/spoil/how"), "vtysh was not asked"
    assert answer.status == 502, answer
    assert "nknown command" in answer["tool"]["output"], answer
    assert "vtysh" in answer["tool"]["name"] and answer["tool"]["exit_code"] != 0, answer
    assert answer["undone"] is True, answer
    after = lab.frr.running_config()
    assert after == before, differ(before, after)
    assert lab.frr.fingerprint() == sessions
    assert lab.frr.saved_config() == saved
    rows = [row for row in lab.daemon.audit() if row["seq"] > seq]
    assert [(row["kind"], row["outcome"]) for row in rows] == \
        [("intent", None), ("outcome", "undone")], rows
    assert "nknown command" in str(rows[1]["commands"]) + str(rows[1]["detail"]), rows[1]
    assert lab.api("GET", f"/v1/operations/{answer['operation']}",
                   token="read")["state"] == "undone"


@suite.test
def a_line_refused_in_the_check_runs_nothing(lab):
    spoiled(lab, "check")


@suite.test
def a_line_refused_on_the_way_is_undone(lab):
    spoiled(lab, "apply")


@suite.test
def a_missing_route_map_is_made(lab):
    sessions, before = lab.frr.fingerprint(), lab.best_through("hobgp")
    dry = lab.patch("hobgp", PREFER, "?dry_run=true")
    assert dry.status == 200, dry
    answer = lab.patch("hobgp", PREFER)
    assert answer.status == 200, answer
    assert answer["plan"] == dry["plan"]
    assert in_map(lab) is not None
    assert lab.frr.fingerprint() == sessions, "a session was reset"
    assert answer["upstream"]["import"]["local_preference"] == 210
    paths = lab.api("GET", "/v1/routes/2620:fe::%2F48", token="read")["paths"]
    mine = next(path for path in paths if path["neighbor"] == lab.peer("hobgp").address)
    assert mine["local_preference"] == 210 and mine["best"] is True, mine
    # At once, but for a bgpd that a busy machine keeps from its work.
    wait_until(lambda: lab.best_through("hobgp") == lab.peer("hobgp").count, 5,
               "all its paths are best")
    assert lab.peer("hobgp").count >= before
    assert lab.saved_agrees(), differ(lab.frr.saved_config(), lab.frr.running_config())


@suite.test
def it_lets_through_what_came_before(lab):
    lab.patch("hobgp", {"import": {"local_preference": None}})
    wait_until(lambda: lab.upstream("hobgp")["status"]["prefixes_received"] ==
               lab.peer("hobgp").count, 5, "all its prefixes are accepted still")


@suite.test
def prepending_to_a_plain_route_map(lab):
    before, sessions = lab.frr.running_config(), lab.frr.fingerprint()
    for count in (2, 0):
        answer = lab.patch("vultr", {"export": {"as_path_prepend": count}})
        assert answer.status == 200, answer
        assert answer["upstream"]["export"]["as_path_prepend"] == count
    assert lab.frr.running_config() == before, differ(before, lab.frr.running_config())
    assert lab.frr.fingerprint() == sessions


@suite.test
def the_password_survives_every_change(lab):
    assert " neighbor 2001:19f0:ffff::1 password your-shared-secret" in \
        lab.frr.saved_config().splitlines()
    everything = lab.api("GET", "/v1/audit?limit=1000", token="read").body
    everything += lab.api("GET", "/v1/operations?limit=1000", token="read").body
    with open(lab.daemon.log_path, "rb") as file:
        everything += file.read()
    assert b"your-shared-secret" not in everything


suite.main()
