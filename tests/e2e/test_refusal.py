#!/usr/bin/python3
"""A step fails: what was done is undone and verified, and FRR's words are told."""

import os
import subprocess

from frr import CONF, SOCKETS
from harness import Suite, config_lines, differ
from proxy import DIRECTORY, Proxy
from sandbox import run, wait_until

suite = Suite("refusal", sockets=DIRECTORY)
BODY = {"import": {"local_preference": 250}, "reason": "will fail"}
WORDS = "% Out of cheese"
proxy = Proxy()


@suite.prepare
def between():
    os.makedirs(SOCKETS, exist_ok=True)
    proxy.start()
    # A file system of its own, that can be made read-only or full.
    run("mount", "-t", "tmpfs", "-o", "size=256k,mode=755", "tmpfs", "/etc/frr")


def failed(lab, statuses, body=None, words=None):
    """One change that fails; everything is as before, and said so."""
    lab.wait_settled()
    before, saved = lab.frr.running_config(), config_lines(lab.frr.saved_config())
    sessions, best, seq = lab.frr.fingerprint(), lab.frr.best_paths(), lab.daemon.last_seq()
    answer = lab.patch("ifog", body or BODY)
    proxy.clear()
    assert answer.status in statuses, answer
    after = lab.frr.running_config()
    assert after == before, differ(before, after)
    assert config_lines(lab.frr.saved_config()) == saved, "the saved file is another one"
    assert lab.frr.fingerprint() == sessions
    wait_until(lambda: lab.frr.best_paths() == best, 10, "the best paths are back")
    assert answer["undone"] is True, answer
    rows = [row for row in lab.daemon.audit() if row["seq"] > seq]
    assert [(row["kind"], row["outcome"]) for row in rows] == \
        [("intent", None), ("outcome", "undone")], rows
    assert rows[0]["seq"] == answer["audit_seq"] and rows[1]["detail"], rows
    operation = lab.api("GET", f"/v1/operations/{answer['operation']}", token="read")
    assert operation["state"] == "undone" and operation["error"], operation
    if words:
        assert words in answer["tool"]["output"], answer
        assert words in str(rows[1]["commands"]) + rows[1]["detail"], rows[1]
    assert lab.api("GET", "/v1/audit/verify", token="read")["intact"] is True
    return answer


def works_again(lab):
    assert lab.patch("ifog", BODY).status == 200
    assert lab.patch("ifog", {"import": {"local_preference": 150}}).status == 200
    assert lab.saved_agrees(), differ(lab.frr.saved_config(), lab.frr.running_config())


@suite.test
def through_the_proxy_all_is_well(lab):
    works_again(lab)
    assert any("local-preference" in command for command in proxy.seen), \
        "the daemon does not use bgpd's socket for this, so the rest tests nothing"
    proxy.clear()


@suite.test
def a_refused_line(lab):
    proxy.rule(r"set local-preference 250", "refuse", WORDS + "\n", 13)
    failed(lab, (502,), words=WORDS)
    works_again(lab)


@suite.test
def a_complaint_with_status_zero(lab):
    """FRR says 0 to `set local-preference abc`: text means that it failed."""
    proxy.rule(r"set local-preference 250", "refuse", WORDS + "\n", 0)
    failed(lab, (502,), words=WORDS)
    works_again(lab)


@suite.test
def a_second_line_refused_after_a_first_was_taken(lab):
    proxy.rule(r"set as-path prepend", "refuse", WORDS + "\n", 13, times=1)
    failed(lab, (502,), {**BODY, "export": {"as_path_prepend": 3}}, words=WORDS)
    works_again(lab)


@suite.test
def a_line_that_was_not_applied(lab):
    """Nobody complains, but the read-back shows the old value."""
    proxy.rule(r"set local-preference 250", "lie")
    answer = failed(lab, (502,))
    assert answer["code"] == "not_applied", answer
    works_again(lab)


@suite.test
def a_connection_closed_in_the_middle(lab):
    proxy.rule(r"set local-preference 250", "drop", times=1)
    failed(lab, (502, 503))
    works_again(lab)


@suite.test
def a_refused_clear(lab):
    proxy.rule(r"clear bgp .* soft in", "refuse", WORDS + "\n", 1, times=1)
    failed(lab, (502,), words=WORDS)
    works_again(lab)


def half_done(lab, seq, answer):
    """Told so, nothing else may be changed, and it is undone by itself later."""
    assert answer.status in (500, 502, 503, 504), answer
    assert answer["undone"] is False, answer
    rows = [row for row in lab.daemon.audit() if row["seq"] > seq]
    assert [row["outcome"] for row in rows] == [None, "failed"], rows
    other = lab.patch("route64", {"import": {"local_preference": 101}})
    assert other.status >= 500, "no other change while one hangs half done"


def undone_later(lab, before, answer):
    wait_until(lambda: lab.api("GET", f"/v1/operations/{answer['operation']}",
                               token="read")["state"] == "undone", 30, "it is undone by itself")
    after = lab.frr.running_config()
    assert after == before, differ(before, after)
    assert lab.daemon.audit()[-1]["outcome"] == "undone", "and told"
    works_again(lab)


@suite.test
def an_undo_that_fails_is_tried_again(lab):
    before, seq = lab.frr.running_config(), lab.daemon.last_seq()
    proxy.rule(r"clear bgp .* soft in", "refuse", WORDS + "\n", 1, times=1)
    undo = proxy.rule(r"set local-preference 150", "refuse", WORDS + "\n", 13)
    answer = lab.patch("ifog", BODY)
    assert undo.hits > 0, answer
    half_done(lab, seq, answer)
    proxy.clear()
    undone_later(lab, before, answer)


@suite.test
def bgpd_stopped_in_the_middle(lab):
    """It will do what it was told once it wakes: the undo must come after that."""
    before, seq, sessions = lab.frr.running_config(), lab.daemon.last_seq(), \
        lab.frr.fingerprint()
    proxy.stop_bgpd, proxy.cont_bgpd = lab.frr.stop_bgpd, lab.frr.cont_bgpd
    proxy.rule(r"set local-preference 250", "stop", "8", times=1)
    answer = lab.patch("ifog", BODY)
    half_done(lab, seq, answer)
    proxy.clear()
    undone_later(lab, before, answer)
    assert lab.frr.fingerprint() == sessions


@suite.test
def bgpd_killed_in_the_middle(lab):
    """It comes back with what was saved: the old state."""
    saved, seq = lab.frr.saved_config(), lab.daemon.last_seq()
    proxy.stop_bgpd, proxy.cont_bgpd = lab.frr.kill_bgpd, lambda: None
    proxy.rule(r"set local-preference 250", "stop", "0", times=1)
    answer = lab.patch("ifog", BODY)
    half_done(lab, seq, answer)
    assert lab.frr.saved_config() == saved
    proxy.clear()
    lab.frr.start_bgpd()
    lab.wait_settled(60)
    undone_later(lab, lab.frr.running_config(), answer)
    assert lab.upstream("ifog")["import"]["local_preference"] == 150


@suite.test
def a_file_that_cannot_be_written(lab):
    run("mount", "-o", "remount,ro", "/etc/frr")
    try:
        failed(lab, (500, 502, 503))
    finally:
        run("mount", "-o", "remount,rw", "/etc/frr")
    works_again(lab)


@suite.test
def a_full_disk(lab):
    """write memory says [OK] and exits 0, and the file is empty."""
    filler = "/etc/frr/filler"
    subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=4096"], check=False,
                   stderr=subprocess.DEVNULL)
    try:
        failed(lab, (500, 502, 503))
    finally:
        os.unlink(filler)
    assert os.path.getsize(CONF) > 1000
    works_again(lab)


suite.main(after=proxy.stop)
