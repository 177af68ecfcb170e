#!/usr/bin/python3
"""The audit log: complete rows, a chain that shows tampering, and no change
without it."""

import os
import sqlite3

from daemon import DATABASE
from harness import Suite
from sandbox import Skip, run

suite = Suite("audit")
FILTER_TIME = "2020-01-01T00:00:00Z"


@suite.prepare
def room():
    """The database on a file system that can be filled."""
    os.makedirs(os.path.dirname(DATABASE), exist_ok=True)
    run("mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs", os.path.dirname(DATABASE))


def change(lab, value, **more):
    answer = lab.patch("ifog", {"import": {"local_preference": value}, **more},
                       headers={"X-Request-Id": f"req-{value}"}, source="127.0.0.1")
    assert answer.status == 200, answer
    return answer


@suite.test
def rows_tell_everything(lab):
    answer = change(lab, 250, reason="Frankfurt is <slow> & \"sad\"", ticket="CHG-77")
    intent = lab.api("GET", f"/v1/audit/{answer['audit_seq']}", token="read").json
    outcome = lab.daemon.audit()[-1]
    token = next(item for item in lab.api("GET", "/v1/tokens", token="admin")["tokens"]
                 if item["name"] == "operate")
    for row in (intent, outcome):
        assert row["actor"] == "operate" and row["token_id"] == token["id"], row
        assert row["peer"] == "127.0.0.1" and row["request_id"] == "req-250", row
        assert row["method"] == "PATCH" and row["path"] == lab.path("ifog"), row
        assert row["resource"] == f"upstreams/{lab.upstream_name('ifog')}", row
        assert row["operation"] == answer["operation"], row
        assert row["reason"] == "Frankfurt is <slow> & \"sad\"" and row["ticket"] == "CHG-77"
        assert row["before"]["import"]["local_preference"] == 150, row
        assert row["after"]["import"]["local_preference"] == 250, row
    assert (intent["kind"], intent["outcome"], intent["about"]) == ("intent", None, None)
    assert (outcome["kind"], outcome["outcome"]) == ("outcome", "applied")
    assert outcome["about"] == intent["seq"] and outcome["detail"] is None
    commands = [item["command"].strip() for item in outcome["commands"]]
    assert "set local-preference 250" in commands and "write memory" in commands, commands
    assert any(command.startswith("clear bgp") for command in commands), commands
    assert {item["answer"] for item in outcome["commands"]} == {"ok"}, outcome["commands"]
    change(lab, 150)


@suite.test
def rows_can_be_filtered_and_paged(lab):
    for value in (151, 152, 150):
        change(lab, value)
    every = lab.daemon.audit()
    assert [row["seq"] for row in every] == list(range(1, len(every) + 1)), "no gaps"
    small = []
    cursor = None
    while True:
        page = lab.api("GET", "/v1/audit?limit=3" + (f"&cursor={cursor}" if cursor else ""),
                       token="read")
        small += page["rows"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert small[::-1] == every
    name = lab.upstream_name("ifog")
    mine = [row for row in every if row["actor"] == "operate"]
    assert len(mine) == 10 and lab.daemon.audit(actor="operate") == mine
    assert lab.daemon.audit(resource=f"upstreams/{name}") == mine
    assert lab.daemon.audit(resource="upstreams/nosuch") == []
    assert lab.daemon.audit(actor="nobody") == []
    assert len(lab.daemon.audit(outcome="applied")) == len(every) // 2
    assert lab.daemon.audit(until=FILTER_TIME) == []
    assert len(lab.daemon.audit(since=FILTER_TIME)) == len(every)


@suite.test
def rows_can_be_exported_line_by_line(lab):
    answer = lab.api("GET", "/v1/audit?limit=1000", token="read",
                     headers={"Accept": "application/x-ndjson"})
    assert answer.headers["content-type"].startswith("application/x-ndjson"), answer.headers
    assert len(answer.body.splitlines()) == len(lab.daemon.audit())


@suite.test
def reading_and_refusals_leave_no_rows(lab):
    seq = lab.daemon.last_seq()
    lab.patch("ifog", {"nosuch": 1})
    lab.patch("ifog", {"import": {"local_preference": 150}}, "?dry_run=true")
    lab.api("PATCH", "/v1/upstreams/nosuch", {"description": "x"})
    assert lab.daemon.last_seq() == seq


def tampered(lab, *statements):
    """The verdict after these statements; everything is put back then."""
    lab.daemon.stop()
    connection = sqlite3.connect(DATABASE)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with open(DATABASE, "rb") as file:
        copy = file.read()
    connection = sqlite3.connect(DATABASE)
    # whoever can write the file can drop the triggers first, and put them back
    saved = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in saved:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    for _, text in saved:
        connection.execute(text)
    connection.commit()
    connection.close()
    os.chown(DATABASE, 64901, 64901)
    try:
        lab.daemon.start()
        answer = lab.api("GET", "/v1/audit/verify", token="read")
        assert answer.status == 200, answer
        return answer.json
    finally:
        lab.daemon.stop()
        lab.daemon.forget()
        with open(DATABASE, "wb") as file:
            file.write(copy)
        os.chown(DATABASE, 64901, 64901)
        os.chmod(DATABASE, 0o600)
        lab.daemon.start()


@suite.test
def the_chain_is_whole(lab):
    verdict = lab.api("GET", "/v1/audit/verify", token="read").json
    rows = lab.daemon.audit()
    assert verdict["intact"] is True and verdict["rows"] == len(rows), verdict
    assert verdict["head"] == rows[-1]["hash"] and verdict["first_bad_seq"] is None, verdict


@suite.test
def a_changed_row_is_found(lab):
    verdict = tampered(lab, "UPDATE audit SET reason = 'nothing to see' WHERE seq = 3")
    assert verdict["intact"] is False and verdict["first_bad_seq"] == 3, verdict
    verdict = tampered(lab, "UPDATE audit SET actor = NULL WHERE seq = 2")
    assert verdict["intact"] is False and verdict["first_bad_seq"] == 2, verdict


@suite.test
def a_removed_row_is_found(lab):
    verdict = tampered(lab, "DELETE FROM audit WHERE seq = 3")
    assert verdict["intact"] is False and verdict["first_bad_seq"] in (3, 4), verdict


@suite.test
def a_cut_tail_is_found(lab):
    verdict = tampered(lab, "DELETE FROM audit WHERE seq > 4")
    assert verdict["intact"] is False, verdict
    verdict = tampered(lab, "DELETE FROM audit")
    assert verdict["intact"] is False, verdict


@suite.test
def swapped_rows_are_found(lab):
    verdict = tampered(lab, "UPDATE audit SET seq = -1 WHERE seq = 2",
                       "UPDATE audit SET seq = 2 WHERE seq = 4",
                       "UPDATE audit SET seq = 4 WHERE seq = -1")
    assert verdict["intact"] is False and verdict["first_bad_seq"] == 2, verdict


@suite.test
def put_back_it_is_whole_again(lab):
    assert lab.api("GET", "/v1/audit/verify", token="read")["intact"] is True
    change(lab, 153)
    change(lab, 150)
    assert lab.api("GET", "/v1/audit/verify", token="read")["intact"] is True


@suite.test
def without_room_for_the_intent_nothing_is_changed(lab):
    filler = os.path.join(os.path.dirname(DATABASE), "filler")
    before = (lab.frr.running_config(), lab.frr.saved_config())
    refused = None
    with open(filler, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            pass
    try:
        for value in range(300, 340):  # until the log has no room left
            answer = lab.patch("ifog", {"import": {"local_preference": value}})
            if answer.status != 200:
                refused = answer
                break
            before = (lab.frr.running_config(), lab.frr.saved_config())
    finally:
        os.unlink(filler)
    if refused is None:
        raise Skip("the database found room")
    assert refused.status in (500, 503), refused
    assert (lab.frr.running_config(), lab.frr.saved_config()) == before
    assert lab.api("GET", "/v1/audit/verify", token="read")["intact"] is True
    change(lab, 150)


suite.main()
