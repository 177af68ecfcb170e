#!/usr/bin/python3
"""Clearing sessions, softly and hard; looking up routes."""

from harness import Suite
from sandbox import wait_until

suite = Suite("clear")


def clear(lab, peer, body, **named):
    return lab.api("POST", f"/v1/sessions/{lab.peer(peer).address}/clear", body, **named)


@suite.test
def soft_clears_keep_the_session(lab):
    sessions, config = lab.frr.fingerprint(), lab.frr.running_config()
    for soft in ("in", "out", "both"):
        answer = clear(lab, "ifog", {"soft": soft, "reason": f"e2e {soft}", "ticket": "T-1"})
        assert answer.status == 200, answer
        assert answer["changed"] is True and answer["soft"] == soft, answer
        assert answer["session"] == lab.peer("ifog").address
        row = lab.api("GET", f"/v1/audit/{answer['audit_seq']}", token="read")
        assert row["kind"] == "intent" and row["reason"] == f"e2e {soft}", row
        outcome = lab.daemon.audit()[-1]
        assert outcome["outcome"] == "applied" and outcome["about"] == row["seq"], outcome
        command = outcome["commands"][0]["command"]
        assert lab.peer("ifog").address in command and "soft" in command, outcome
    assert lab.frr.fingerprint() == sessions
    assert lab.frr.running_config() == config


@suite.test
def a_hard_clear_resets_one_session(lab):
    before = lab.frr.fingerprint()
    answer = clear(lab, "route64", {"soft": None, "reason": "e2e hard"})
    assert answer.status == 200 and answer["soft"] is None, answer
    after = lab.frr.fingerprint()
    address = lab.peer("route64").address
    assert after[address][1] == before[address][1] + 1, (before, after)
    assert {k: v for k, v in after.items() if k != address} == \
        {k: v for k, v in before.items() if k != address}
    wait_until(lambda: lab.api("GET", f"/v1/sessions/{address}", token="read")["state"]
               == "established", 60, "the session is up again")
    lab.wait_settled()
    session = lab.api("GET", f"/v1/sessions/{address}", token="read")
    assert session["dropped_count"] == 1 and session["established_count"] == 2, session


@suite.test
def a_clear_is_not_repeated_for_the_same_key(lab):
    key = {"Idempotency-Key": "clear-1"}
    first = clear(lab, "ifog", {"soft": "in"}, headers=key)
    seq = lab.daemon.last_seq()
    again = clear(lab, "ifog", {"soft": "in"}, headers=key)
    assert again.json == first.json and lab.daemon.last_seq() == seq
    assert clear(lab, "ifog", {"soft": "out"}, headers=key).status == 422
    assert clear(lab, "route64", {"soft": "in"}, headers=key).status == 422


@suite.test
def a_clear_can_be_followed(lab):
    answer = clear(lab, "ifog", {"soft": "in"}, headers={"Prefer": "respond-async"})
    assert answer.status == 202, answer
    operation = wait_until(lambda: (lambda op: op if op["state"] == "done" else None)(
        lab.api("GET", answer.headers["location"], token="read")), 10, "done")
    assert operation["kind"] == "session_clear"
    assert operation["result"]["session"] == lab.peer("ifog").address, operation


@suite.test
def unknown_sessions_are_not_found(lab):
    seq = lab.daemon.last_seq()
    answer = lab.api("POST", "/v1/sessions/2001:db8::dead/clear", {"soft": "in"})
    assert answer.status == 404, answer
    assert lab.daemon.last_seq() == seq


@suite.test
def a_route_has_all_its_paths_best_first(lab):
    answer = lab.api("GET", "/v1/routes/2620:fe::%2F48", token="read")
    assert answer["prefix"] == "2620:fe::/48" and len(answer["paths"]) == 4, answer
    best = [path["best"] for path in answer["paths"]]
    assert best == [True, False, False, False], best
    first = answer["paths"][0]
    assert first["neighbor"] == lab.peer("vtbgp").address and first["internal"] is True
    assert first["upstream"] == lab.upstream_name("vtbgp")
    assert first["local_preference"] == 200 and first["as_path"].endswith("19281"), first
    ours = {path["neighbor"] for path in answer["paths"]}
    assert ours == {peer.address for peer in lab.network.peers.values()}
    for path in answer["paths"]:
        assert path["as_path_length"] == len(path["as_path"].split()), path


@suite.test
def a_route_is_found_by_any_spelling(lab):
    want = lab.api("GET", "/v1/routes/2620:fe::%2F48", token="read")["paths"]
    for spelling in ("2620:fe::/48", "2620:fe::%2f48", "2620:00FE:0::%2F48", "2620:fe::fe"):
        answer = lab.api("GET", f"/v1/routes/{spelling}", token="read")
        assert answer.status == 200 and answer["prefix"] == "2620:fe::/48", (spelling, answer)
        assert [path["neighbor"] for path in answer["paths"]] == \
            [path["neighbor"] for path in want]


@suite.test
def our_own_prefix_is_local(lab):
    answer = lab.api("GET", "/v1/routes/2a06:9801:1c::%2F48", token="read")
    path = answer["paths"][0]
    assert path["local"] is True and path["neighbor"] is None and path["upstream"] is None
    assert path["as_path"] == "" and path["as_path_length"] == 0, path


@suite.test
def what_is_not_there_is_not_found(lab):
    for prefix in ("3fff::%2F20", "2620:fe::%2F49", "2620:fe::%2F32", "192.0.2.1"):
        answer = lab.api("GET", f"/v1/routes/{prefix}", token="read")
        assert answer.status == 404, (prefix, answer)


suite.main()
