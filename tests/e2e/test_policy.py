#!/usr/bin/python3
"""The main job: preference, prepend, description; at once, without a bounce."""

from harness import Suite, config_lines, differ
from sandbox import wait_until

suite = Suite("policy")


def prefer(value, **more):
    return {"import": {"local_preference": value}, **more}


def prepend(count, **more):
    return {"export": {"as_path_prepend": count}, **more}


def done(answer, changed=True):
    assert answer.status == 200, answer
    assert answer["changed"] is changed and answer["dry_run"] is False, answer
    assert answer["sessions_reset"] == []
    return answer


@suite.test
def preference_moves_best_paths_without_a_bounce(lab):
    sessions = lab.frr.fingerprint()
    table = lab.frr.best_paths()
    edge = lab.best_through("vtbgp")
    assert edge == lab.peer("vtbgp").count, edge
    answer = done(lab.patch("ifog", prefer(250, reason="to iFog", ticket="CHG-1")))
    after = lab.frr.best_paths()  # at once: no five seconds of delay timer
    moved = sum(1 for prefix, neighbor in after.items() if table.get(prefix) != neighbor)
    assert lab.best_through("ifog") == lab.peer("ifog").count, "2xx came before it was done"
    assert answer["best_paths_moved"] == moved > 50, (answer["best_paths_moved"], moved)
    assert lab.frr.fingerprint() == sessions, "a session was reset"
    assert answer["upstream"]["import"]["local_preference"] == 250
    assert " set local-preference 250" in lab.frr.saved_config().splitlines()
    assert lab.saved_agrees(), differ(lab.frr.saved_config(), lab.frr.running_config())


@suite.test
def a_read_after_a_change_shows_it(lab):
    for value in (251, 252, 253, 250):
        answer = done(lab.patch("ifog", prefer(value)))
        read = lab.upstream("ifog")
        assert read["import"]["local_preference"] == value, "the old state is read"
        assert read.headers["etag"].split(".")[0] == answer.headers["etag"].split(".")[0]


@suite.test
def and_back_again(lab):
    sessions = lab.frr.fingerprint()
    answer = done(lab.patch("ifog", prefer(150)))
    assert answer["best_paths_moved"] > 50, answer
    assert lab.best_through("vtbgp") == lab.peer("vtbgp").count
    assert lab.frr.fingerprint() == sessions
    assert config_lines(lab.frr.running_config()) == config_lines(lab.frr.conf_text)
    assert config_lines(lab.frr.saved_config()) == config_lines(lab.frr.conf_text)


@suite.test
def null_means_the_default(lab):
    before = lab.frr.running_config()
    answer = done(lab.patch("ifog", prefer(None)))
    assert answer["upstream"]["import"]["local_preference"] is None
    assert differ(before, lab.frr.running_config()) == ["- set local-preference 150"]
    assert lab.saved_agrees()
    paths = lab.api("GET", "/v1/routes/2620:fe::%2F48", token="read")["paths"]
    mine = next(path for path in paths if path["neighbor"] == lab.peer("ifog").address)
    assert mine["local_preference"] in (None, 100), mine
    done(lab.patch("ifog", prefer(150)))
    assert lab.frr.running_config() == before, differ(before, lab.frr.running_config())


@suite.test
def zero_and_the_largest_are_numbers_too(lab):
    before = lab.frr.running_config()
    for value in (0, 4294967295):
        answer = done(lab.patch("route64", prefer(value)))
        assert answer["upstream"]["import"]["local_preference"] == value
        paths = lab.api("GET", "/v1/routes/2620:fe::%2F48", token="read")["paths"]
        mine = next(path for path in paths if path["neighbor"] == lab.peer("route64").address)
        assert mine["local_preference"] == value, mine
    done(lab.patch("route64", prefer(None)))
    assert lab.frr.running_config() == before, differ(before, lab.frr.running_config())


@suite.test
def prepend_reaches_the_provider(lab):
    sessions, before = lab.frr.fingerprint(), lab.frr.running_config()

    def path_seen_by(peer, count):
        wait_until(lambda: ("BGP.as_path: " + " ".join(["201379"] * (1 + count)) + "\n") in
                   lab.peer(peer).control("show route all 2a06:9801:1c::/48"), 5,
                   f"{peer} sees {count} more")
    for count in (3, 10, 1):
        answer = done(lab.patch("ifog", prepend(count)))
        assert answer["upstream"]["export"]["as_path_prepend"] == count
        path_seen_by("ifog", count)
    done(lab.patch("ifog", prepend(0)))
    path_seen_by("ifog", 0)
    path_seen_by("lagrange", 2)  # as the hand-written configuration has it
    done(lab.patch("lagrange", prepend(0)))
    path_seen_by("lagrange", 0)
    done(lab.patch("lagrange", prepend(2)))
    path_seen_by("lagrange", 2)
    assert lab.frr.running_config() == before, differ(before, lab.frr.running_config())
    assert lab.frr.fingerprint() == sessions
    assert lab.saved_agrees()


@suite.test
def a_description_is_changed_and_removed(lab):
    before = lab.frr.running_config()
    name = lab.upstream_name("ifog")
    for text in ("Upstream iFog, Frankfurt (via DE-CIX)", "Uplink Zürich", "x" * 80, "it's"):
        answer = done(lab.patch("ifog", {"description": text}))
        assert answer["upstream"]["description"] == text
        assert answer["upstream"]["name"] == name, "the name must not follow the description"
        assert f" neighbor {lab.peer('ifog').address} description {text}" in \
            lab.frr.saved_config().splitlines()
    answer = done(lab.patch("ifog", {"description": None}))
    assert answer["upstream"]["description"] is None and answer["upstream"]["name"] == name
    done(lab.patch("ifog", {"description": "Upstream-iFog-Frankfurt"}))
    assert lab.frr.running_config() == before, differ(before, lab.frr.running_config())


@suite.test
def several_members_are_one_change(lab):
    before = lab.frr.running_config()
    answer = done(lab.patch("route64", {"description": "Route64", **prefer(180), **prepend(1)}))
    item = answer["upstream"]
    assert (item["description"], item["import"]["local_preference"],
            item["export"]["as_path_prepend"]) == ("Route64", 180, 1)
    rows = [row for row in lab.daemon.audit() if row["operation"] == answer["operation"]]
    assert [row["kind"] for row in rows] == ["intent", "outcome"], rows
    done(lab.patch("route64", {"description": "Upstream-Route64-FRA", **prefer(None),
                               **prepend(0)}))
    assert lab.frr.running_config() == before, differ(before, lab.frr.running_config())


@suite.test
def what_is_so_already_is_not_done_again(lab):
    before = (lab.frr.running_config(), lab.frr.saved_config())
    answer = lab.patch("ifog", prefer(150))
    assert answer.status == 200 and answer["changed"] is False, answer
    assert answer["plan"]["steps"] == [] and answer["operation"] is None, answer
    assert (lab.frr.running_config(), lab.frr.saved_config()) == before


@suite.test
def a_dry_run_changes_nothing_and_tells_the_truth(lab):
    before = lab.state()
    body = {**prefer(222), **prepend(2)}
    dry = lab.patch("ifog", body, "?dry_run=true")
    assert dry.status == 200 and dry["changed"] is True and dry["dry_run"] is True, dry
    assert lab.state() == before
    real = done(lab.patch("ifog", body))
    assert real["plan"] == dry["plan"], (real["plan"], dry["plan"])
    subsystems = [step["subsystem"] for step in dry["plan"]["steps"]]
    assert subsystems[0] == "frr" and subsystems[-1] == "boot", subsystems
    # what it says is undone is what would undo it
    lab.undo_by_hand(real["plan"])
    assert lab.frr.running_config() == before[0], differ(before[0], lab.frr.running_config())
    wait_until(lambda: lab.upstream("ifog")["import"]["local_preference"] == 150, 5,
               "the change made by hand is seen")
    assert lab.patch("ifog", prefer(150), "?dry_run=true")["changed"] is False
    lab.frr.vtysh("write memory")


@suite.test
def changes_made_by_hand_are_seen(lab):
    lab.frr.configure("route-map RM-LAGRANGE-IN permit 10", "set local-preference 130")
    wait_until(lambda: lab.upstream("lagrange")["import"]["local_preference"] == 130, 5,
               "a change by vtysh is seen")
    lab.frr.configure("route-map RM-LAGRANGE-IN permit 10", "no set local-preference")
    wait_until(lambda: lab.upstream("lagrange")["import"]["local_preference"] is None, 5,
               "and its removal")


@suite.test
def a_stale_etag_is_refused(lab):
    etag = lab.upstream("ifog").headers["etag"]
    first = done(lab.patch("ifog", prefer(160), headers={"If-Match": etag}))
    assert first.headers["etag"].split(".")[0] != etag.split(".", maxsplit=1)[0]
    before = lab.state()
    answer = lab.patch("ifog", prefer(170), headers={"If-Match": etag})
    assert answer.status == 412 and answer["code"] == "precondition", answer
    assert lab.state() == before
    for match in ("*", f'"0000000000000000.0000000000000000", {first.headers["etag"]}'):
        assert lab.patch("ifog", prefer(160), headers={"If-Match": match}).status == 200, match
    done(lab.patch("ifog", prefer(150), headers={"If-Match": first.headers["etag"]}))


@suite.test
def live_counters_do_not_make_an_etag_stale(lab):
    first = lab.upstream("ifog").headers["etag"]
    later = wait_until(lambda: (lab.upstream("ifog").headers["etag"] != first and
                                lab.upstream("ifog").headers["etag"]), 20, "another ETag")
    assert first.split(".")[0] == later.split(".")[0]
    answer = lab.patch("ifog", prefer(155), "?dry_run=true", headers={"If-Match": first})
    assert answer.status == 200, answer


@suite.test
def an_idempotency_key_is_answered_again(lab):
    key = {"Idempotency-Key": "e2e-key~1"}
    first = done(lab.patch("ifog", prefer(190), headers=key))
    seq = lab.daemon.last_seq()
    again = lab.patch("ifog", prefer(190), headers=key)
    assert again.status == 200 and again.json == first.json, (first, again)
    assert again.headers.get("idempotent-replayed") == "true", again.headers
    assert lab.daemon.last_seq() == seq
    other = lab.patch("ifog", prefer(191), headers=key)
    assert other.status == 422 and other["code"] == "idempotency_mismatch", other
    elsewhere = lab.patch("route64", prefer(190), headers=key)
    assert elsewhere.status == 422, elsewhere
    assert lab.upstream("ifog")["import"]["local_preference"] == 190
    # another token's key is another key
    mine = lab.daemon.make_token("second", "--scope", "operate")
    done(lab.patch("ifog", prefer(150), headers=key, token=mine))


@suite.test
def a_refused_request_may_be_tried_again(lab):
    key = {"Idempotency-Key": "retry-after-refusal"}
    assert lab.patch("ifog", prefer(-1), headers=key).status == 422
    done(lab.patch("ifog", prefer(149), headers=key))
    done(lab.patch("ifog", prefer(150)))


@suite.test
def it_can_be_followed_instead_of_awaited(lab):
    answer = lab.patch("ifog", prefer(210), headers={"Prefer": "respond-async"})
    assert answer.status == 202, answer
    assert answer.headers["location"] == "/v1/operations/" + answer["id"]

    def ended():
        operation = lab.api("GET", answer.headers["location"], token="read")
        return operation if operation["state"] == "done" else None
    operation = wait_until(ended, 20, "the operation is done")
    assert operation["result"]["changed"] is True, operation
    assert operation["result"]["upstream"]["import"]["local_preference"] == 210
    assert operation["actor"] == "operate" and operation["error"] is None
    done(lab.patch("ifog", prefer(150)))


@suite.test
def operations_are_listed_newest_first(lab):
    answer = lab.api("GET", "/v1/operations?limit=3", token="read")
    assert len(answer["operations"]) == 3 and answer["next_cursor"], answer
    seen, cursor = [], None
    while True:
        query = "?limit=4" + (f"&cursor={cursor}" if cursor else "")
        page = lab.api("GET", "/v1/operations" + query, token="read")
        seen += page["operations"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    ids = [item["id"] for item in seen]
    assert len(set(ids)) == len(ids), "an operation twice"
    numbers = [item["audit_seq"] for item in seen]
    assert numbers == sorted(numbers, reverse=True)
    assert {item["state"] for item in seen} == {"done"}, {item["state"] for item in seen}
    one = lab.api("GET", f"/v1/operations/{ids[0]}", token="read")
    assert one.json == seen[0], one


@suite.test
def everything_survives_a_restart(lab):
    done(lab.patch("ifog", prefer(250)))
    rows = lab.daemon.audit()
    lab.daemon.stop()
    lab.daemon.start()
    assert lab.upstream("ifog")["import"]["local_preference"] == 250
    assert lab.daemon.audit() == rows
    assert lab.api("GET", "/v1/audit/verify", token="read")["intact"] is True
    done(lab.patch("ifog", prefer(150)))


suite.main()
