#!/usr/bin/python3
"""Many at once: none lost, the audit in the order of effect, a bounded queue."""

import threading
import time

from harness import Suite

suite = Suite("crowd", seconds=180, limits="queue = 64; connections_per_address = 128;")
WRITERS = 50


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


def preference(row, side):
    return row[side]["import"]["local_preference"]


@suite.test
def fifty_writers_none_lost(lab):
    lab.daemon.token("operate"), lab.path("ifog")  # pylint: disable=expression-not-assigned
    sessions, seq = lab.frr.fingerprint(), lab.daemon.last_seq()

    def writer(number):
        return lambda: lab.patch("ifog", {"import": {"local_preference": 1000 + number},
                                          "reason": f"writer {number}"}, timeout=150)
    answers = at_once([writer(number) for number in range(WRITERS)])
    assert [answer.status for answer in answers] == [200] * WRITERS, \
        [answer for answer in answers if answer.status != 200][:3]
    rows = [row for row in lab.daemon.audit() if row["seq"] > seq]
    assert len(rows) == 2 * WRITERS, len(rows)
    value = 150
    for intent, outcome in zip(rows[::2], rows[1::2]):
        assert intent["kind"] == "intent" and outcome["about"] == intent["seq"], (intent, outcome)
        assert outcome["outcome"] == "applied", outcome
        assert preference(intent, "before") == value, "not in the order of effect"
        value = preference(outcome, "after")
        assert intent["reason"] == f"writer {value - 1000}", intent
    assert lab.upstream("ifog")["import"]["local_preference"] == value
    assert {row["operation"] for row in rows} == {answer["operation"] for answer in answers}
    assert lab.frr.fingerprint() == sessions
    assert lab.saved_agrees()
    assert lab.api("GET", "/v1/audit/verify", token="read")["intact"] is True
    assert lab.patch("ifog", {"import": {"local_preference": 150}}).status == 200


@suite.test
def one_key_many_times_is_one_change(lab):
    seq = lab.daemon.last_seq()
    answers = at_once([lambda: lab.patch("ifog", {"import": {"local_preference": 777}},
                                         headers={"Idempotency-Key": "crowd"})] * 12)
    done = [answer for answer in answers if answer.status == 200]
    assert done and {answer.status for answer in answers} <= {200, 409}, answers
    assert len({answer["operation"] for answer in done}) == 1
    for answer in answers:
        if answer.status == 409:
            assert answer["code"] == "idempotency_running", answer
    rows = [row for row in lab.daemon.audit() if row["seq"] > seq]
    assert len(rows) == 2, rows
    assert lab.patch("ifog", {"import": {"local_preference": 150}}).status == 200


@suite.test
def of_many_with_one_etag_one_wins(lab):
    etag = lab.upstream("ifog").headers["etag"]

    def writer(number):
        return lambda: lab.patch("ifog", {"import": {"local_preference": 300 + number}},
                                 headers={"If-Match": etag})
    answers = at_once([writer(number) for number in range(10)])
    assert sorted(answer.status for answer in answers) == [200] + [412] * 9, answers
    assert lab.patch("ifog", {"import": {"local_preference": 150}}).status == 200


@suite.test
def past_the_bound_it_says_so(lab):
    lab.daemon.stop()
    lab.daemon.settings["limits"] = "queue = 4; connections_per_address = 128;"
    lab.daemon.start()
    seq, sessions = lab.daemon.last_seq(), lab.frr.fingerprint()
    reads = []

    def reader():
        time.sleep(0.05)
        for _ in range(20):
            began = time.monotonic()
            assert lab.api("GET", "/v1/sessions", token="read").status == 200
            reads.append(time.monotonic() - began)

    def writer(number):
        return lambda: lab.patch("ifog", {"import": {"local_preference": 2000 + number}},
                                 timeout=120)
    lab.daemon.token("read")
    answers = at_once([writer(number) for number in range(40)] + [reader])[:-1]
    done = [answer for answer in answers if answer.status == 200]
    refused = [answer for answer in answers if answer.status == 429]
    assert len(done) + len(refused) == 40, answers
    assert len(done) >= 4 and refused, (len(done), len(refused))
    for answer in refused:
        assert answer["code"] == "queue_full" and int(answer.headers["retry-after"]) >= 1, answer
        assert answer["retry_after_s"] == int(answer.headers["retry-after"])
    rows = [row for row in lab.daemon.audit() if row["seq"] > seq]
    assert len([row for row in rows if row["outcome"] == "applied"]) == len(done)
    assert len(rows) == 2 * len(done), "a refused change leaves no trace"
    # two processors are shared with 40 threads of ours
    assert sorted(reads)[len(reads) // 2] < 0.5, "reads wait for writes"
    assert lab.frr.fingerprint() == sessions
    assert lab.patch("ifog", {"import": {"local_preference": 150}}).status == 200


suite.main()
