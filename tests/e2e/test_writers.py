#!/usr/bin/python3
"""Fifty writers that make, change and remove upstreams at once: none is lost."""

import threading
import time

from harness import Suite
from machine import machine, must_be

suite = Suite("writers", seconds=600, limits="queue = 64; connections_per_address = 128;")
WRITERS = 50


def neighbor(number):
    return f"2001:db8:300::{0x1000 + number:x}"


def order(number, **more):
    return {"remote_as": 64600 + number, "neighbor": neighbor(number), **more}


def at_once(jobs):
    """Runs them in threads that start together; their results in order."""
    results, gate = [None] * len(jobs), threading.Barrier(len(jobs))

    def work(index, job):
        gate.wait()
        try:
            results[index] = job()
        except Exception as error:  # pylint: disable=broad-except
            results[index] = error
    threads = [threading.Thread(target=work, args=item) for item in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    broken = [result for result in results if isinstance(result, Exception)]
    if broken:
        raise broken[0]
    return results


def patiently(lab, *request, **named):
    """As a good client does: 429 says when to come again."""
    while True:
        answer = lab.api(*request, token="configure", timeout=300, **named)
        if answer.status != 429:
            return answer
        time.sleep(int(answer.headers["retry-after"]))


def rows_since(lab, seq):
    rows = [row for row in lab.daemon.audit() if row["seq"] > seq]
    for intent, outcome in zip(rows[::2], rows[1::2]):
        assert intent["kind"] == "intent" and outcome["about"] == intent["seq"], (intent, outcome)
        assert outcome["outcome"] == "applied", outcome
    return rows


@suite.test
def different_ones(lab):
    lab.frr.vtysh("write memory")
    lab.daemon.token("configure")
    before, seq, sessions = machine(lab), lab.daemon.last_seq(), lab.frr.fingerprint()

    def add(number):
        return lambda: patiently(lab, "PUT", f"/v1/upstreams/w{number}",
                                 order(number, reason=f"writer {number}"))
    answers = at_once([add(number) for number in range(WRITERS)])
    assert [answer.status for answer in answers] == [201] * WRITERS, \
        [answer for answer in answers if answer.status != 201][:3]
    rows = rows_since(lab, seq)
    assert len(rows) == 2 * WRITERS, len(rows)
    running = lab.frr.running_config()
    for number in range(WRITERS):
        assert f"neighbor {neighbor(number)} remote-as {64600 + number}" in running
    assert lab.saved_agrees()
    assert len(lab.api("GET", "/v1/upstreams", token="read")["upstreams"]) == WRITERS + 4
    remove_all(lab)
    must_be(lab, before, seconds=10)
    assert {peer: lab.frr.fingerprint()[peer] for peer in sessions} == sessions
    assert lab.api("GET", "/v1/audit/verify", token="read")["intact"] is True


def remove_all(lab):
    seq = lab.daemon.last_seq()

    def remove(number):
        return lambda: patiently(lab, "DELETE", f"/v1/upstreams/w{number}")
    answers = at_once([remove(number) for number in range(WRITERS)])
    assert [answer.status for answer in answers] == [200] * WRITERS, \
        [answer for answer in answers if answer.status != 200][:3]
    assert len(rows_since(lab, seq)) == 2 * WRITERS


@suite.test
def the_same_one(lab):
    """The last one wins, and the log says which that was."""
    before, seq = machine(lab), lab.daemon.last_seq()

    def put(number):
        body = order(0, description=f"writer {number}", reason=f"writer {number}")
        return lambda: patiently(lab, "PUT", "/v1/upstreams/w0", body)
    answers = at_once([put(number) for number in range(WRITERS)])
    statuses = sorted(answer.status for answer in answers)
    assert statuses == [200] * (WRITERS - 1) + [201], statuses
    rows, value = rows_since(lab, seq), None
    assert len(rows) == 2 * WRITERS, len(rows)
    for intent, outcome in zip(rows[::2], rows[1::2]):
        was = intent["before"]["description"] if intent["before"] else None
        assert was == value, "not in the order of effect"
        value = outcome["after"]["description"]
        assert intent["reason"] == value, intent
    item = lab.api("GET", "/v1/upstreams/w0", token="read")
    assert item["description"] == value, item
    assert lab.delete("/v1/upstreams/w0").status == 200
    must_be(lab, before)


suite.main()
