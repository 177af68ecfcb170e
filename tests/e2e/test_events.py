#!/usr/bin/python3
"""What happens on the router is told as it happens, and nothing is missed."""

import contextlib
import json
import signal
import subprocess
import time

from daemon import PORT, UNIX
from harness import Suite
from listening import Bustle, Events
from newcomers import FAR, newcomer, order, path
from sandbox import BUILD, wait_until

suite = Suite("events", seconds=120)
there = {}


def preference(lab, value, peer="ifog", **more):
    answer = lab.patch(peer, {"import": {"local_preference": value}}, **more)
    assert answer.status == 200, answer
    return answer


def states(events, operation):
    return [event["state"] for event in events.of("operation", operation=operation)]


def in_a_row(events, first=0, behind=None):
    """Every number once, in order."""
    numbers = events.numbers()[first:behind]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), numbers


@suite.test
def a_change_is_told(lab):
    lab.frr.vtysh("write memory")
    lab.daemon.token("configure")
    with Events(lab) as events:
        first = events.seen[0]
        assert first[1]["resumed"] is False and first[1]["heartbeat_s"] == 15, first
        answer = preference(lab, 160)
        operation = answer["operation"]
        events.wait("operation", operation=operation, state="done")
        assert states(events, operation) == ["applying", "persisting", "done"], events.seen
        event = events.of("operation", operation=operation)[-1]
        assert event["resource"] == "upstreams/ifog" and event["error"] is None, event
        assert event["audit_seq"] == answer["audit_seq"] and event["kind"], event
        # It is told once others can see it.
        shown = lab.api("GET", f"/v1/operations/{operation}", token="read")
        assert shown["state"] == "done", shown
        preference(lab, 150)
        events.quiet()
        in_a_row(events)


@suite.test
def it_is_told_when_it_can_be_seen(lab):
    """Whoever looks at once after an event sees what it said."""
    with Events(lab, "?types=operation") as events:
        for turn in range(6):
            count = len(events.of("operation", state="done"))
            operation = preference(lab, 151 + turn)["operation"]
            wait_until(lambda: len(events.of("operation", state="done")) > count, 5, "done")
            shown = lab.api("GET", f"/v1/operations/{operation}", token="read")
            assert shown["state"] == "done", shown
        preference(lab, 150)


@suite.test
def a_change_that_changes_nothing_is_not(lab):
    with Events(lab) as events:
        answer = preference(lab, 150)
        assert answer["changed"] is False, answer
        answer = lab.patch("ifog", {"import": {"local_preference": 170}}, "?dry_run=true")
        assert answer.status == 200, answer
        events.quiet()
        assert len(events.seen) == 1, events.seen


@suite.test
def sessions_down_and_up(lab):
    peer = lab.peer("route64")
    with Events(lab, "?types=session") as events:
        lab.frr.configure("router bgp 201379", f"neighbor {peer.address} shutdown")
        down = events.wait("session", state="down", address=peer.address)
        assert down["previous"] == "established" and down["uptime_s"] is None, down
        assert down["session"] != "established", down
        assert down["resource"] == f"upstreams/{down['upstream']}", down
        lab.frr.configure("router bgp 201379", f"no neighbor {peer.address} shutdown")
        up = events.wait("session", 60, state="up", address=peer.address)
        assert up["session"] == "established" and up["previous"] != "established", up
        assert up["uptime_s"] is not None and up["last_error"] is None, up
        lab.wait_settled(60)
        events.quiet()
        assert len(events.of("session")) == 2, events.seen
        in_order = [event["state"] for event in events.of("session")]
        assert in_order == ["down", "up"], in_order


@suite.test
def drift_is_told(lab):
    with Events(lab, "?types=drift,confirm") as events:
        lab.frr.configure("route-map RM-LAGRANGE-IN permit 10", "set local-preference 130")
        event = events.wait("drift", subsystem="frr")
        assert "local-preference 130" in event["detail"], event
        row = lab.api("GET", f"/v1/audit/{event['audit_seq']}", token="read")
        assert row["kind"] == "external", row
        lab.frr.configure("route-map RM-LAGRANGE-IN permit 10", "no set local-preference")
        wait_until(lambda: len(events.of("drift")) == 2, 5, "the other one")


@suite.test
def a_confirm_is_told(lab):
    there["far"] = far = newcomer(lab, FAR)
    resource = path(far)[len("/v1/"):]
    with Events(lab) as events:
        body = {**order(far), "confirm": {"revert_in_s": 30}}
        operation = lab.put(path(far), body)["operation"]
        pending = events.wait("confirm", operation=operation, state="pending")
        assert pending["resource"] == resource and pending["reverts_at"], pending
        events.wait("operation", operation=operation, state="awaiting_confirm")
        answer = lab.api("POST", f"/v1/operations/{operation}/cancel", {}, token="configure")
        assert answer.status == 200, answer
        back = events.wait("confirm", operation=operation, state="reverted")
        assert back["reverts_at"] is None and back["detail"] == "cancelled", back
        assert states(events, operation)[-2:] == ["undoing", "undone"], events.seen
        operation = lab.put(path(far), body)["operation"]
        events.wait("confirm", operation=operation, state="pending")
        answer = lab.api("POST", f"/v1/operations/{operation}/confirm", {}, token="configure")
        assert answer.status == 200, answer
        events.wait("confirm", operation=operation, state="confirmed")
        events.wait("operation", operation=operation, state="done")
        assert lab.delete(path(far)).status == 200
        events.quiet()
        in_a_row(events)


@suite.test
def a_drain_is_told(lab):
    """Each phase, what it waits for, and the way back; its operation likewise."""
    path, name = lab.path("ifog"), lab.upstream_name("ifog")
    lab.frr.vtysh("write memory")
    with Events(lab, "?types=drain,operation") as events:
        answer = lab.api("PUT", path + "/drain", {"reason": "works", "ticket": "CHG-1"})
        assert answer.status == 202, answer
        begun = events.wait("drain", phase="signal")
        assert begun["resource"] == f"upstreams/{name}" and begun["state"] == "draining", begun
        assert begun["reason"] == "CHG-1 works" and begun["owner"] == "operator", begun
        assert begun["operation"] == answer["id"], begun
        waits = events.wait("drain", 20, phase="proof")
        assert waits["state"] == "draining" and waits["text"], waits
        done = events.wait("drain", 30, phase="drained")
        assert done["state"] == "drained" and done["text"] == "drained", done
        events.wait("operation", operation=answer["id"], state="done")
        proof = events.of("operation", operation=answer["id"], phase="proof", state="running")
        assert {event["text"] for event in proof} >= {waits["text"]}, events.seen
        shown = lab.api("GET", f"/v1/operations/{answer['id']}", token="read")
        assert shown["phase"] == "drained" or shown["state"] == "done", shown
        back = lab.api("DELETE", path + "/drain")
        assert back.status == 202, back
        events.wait("drain", phase="returning", state="returning", operation=back["id"])
        gone = events.wait("drain", 30, phase=None)
        assert gone["state"] == "in_service" and gone["operation"] == back["id"], gone
        events.quiet()
        told = events.of("drain")
        for one, other in zip(told, told[1:]):
            assert (one["phase"], one["text"]) != (other["phase"], other["text"]), told


@suite.test
def nobody_misses_anything(lab):
    """A listener that comes back again and again sees what one that stays does."""
    with Events(lab) as stays:
        last, seen = stays.seen[0][0], []
        for turn in range(8):
            with Events(lab, last=last) as comes:
                assert comes.seen[0][1]["resumed"] is True, comes.seen
                preference(lab, 151 + turn % 4)
                # Away before it has seen all of it.
                if turn % 2:
                    comes.quiet(0.1)
                events = [event for _, event in comes.seen]
                assert not comes.of("resync"), events
                last = comes.last
                seen += [event for event in events if event["type"] != "hello"]
            preference(lab, 161 + turn % 4)
        preference(lab, 150)
        with Events(lab, f"?last_event_id={last}") as comes:
            comes.quiet()
            seen += [event for _, event in comes.seen if event["type"] != "hello"]
        stays.quiet()
        assert seen == [event for _, event in stays.seen[1:]], "not the same"
        assert len(seen) >= 50, len(seen)
        in_a_row(stays)
        # Filtered, the missed ones are filtered too.
        with Events(lab, "?types=drain", last=stays.seen[0][0]) as other:
            other.quiet()
            assert len(other.seen) == 1, other.seen


@suite.test
def who_cannot_resume_is_told(lab):
    for word in ("00000000-1", "nonsense", "x" * 900, "%20"):
        with Events(lab, last=word) as events:
            resync = events.wait("resync")
            assert resync["reason"] == "unknown_id", resync
            assert events.seen[0][1]["resumed"] is False, events.seen
            assert events.seen[1][1] == resync, events.seen


@suite.test
def who_does_not_read_is_told(lab):
    """Its socket is full, then its backlog: nobody waits, nobody else misses
    anything, and it is told once where something is missing."""
    happen = Bustle(lab)
    with Events(lab, reads=False) as slow, Events(lab) as quick:
        full = slow.block(happen)
        slow.overflow(happen)
        operation = preference(lab, 160)["operation"]
        quick.wait("operation", operation=operation, state="done")
        assert slow.unread() == full, (slow.unread(), full)
        slow.start()
        slow.wait("operation", 30, operation=operation, state="done")
        preference(lab, 150)
        slow.quiet()
        quick.quiet()
        assert not quick.of("resync"), quick.of("resync")
        in_a_row(quick)
        assert [event["reason"] for event in slow.of("resync")] == ["slow_reader"], slow.seen
        before = [event["type"] for _, event in slow.seen[1:]].index("resync")
        in_a_row(slow, behind=before)
        in_a_row(slow, first=before)
        told, missed = slow.numbers(), len(quick.numbers()) - len(slow.numbers())
        assert told[before] - told[before - 1] == missed + 1 > 100, (told, before)
        assert told[-1] == quick.numbers()[-1]


@suite.test
def they_leave_room_for_requests(lab):
    """Half of what one address may have: 32 of 64."""
    with contextlib.ExitStack() as stack:
        for _ in range(32):
            stack.enter_context(Events(lab, port=PORT, reads=False))
        answer = lab.api("GET", "/v1/events", token="read", via="tcp")
        assert answer.status == 429 and answer["code"] == "too_many_streams", answer
        assert "limits.connections_per_address" in answer["detail"], answer
        for _ in range(3):
            answer = lab.api("GET", "/v1/upstreams", token="read", via="tcp")
            assert answer.status == 200, answer
        with Events(lab) as local:
            preference(lab, 160)
            local.wait("operation", state="done")
        preference(lab, 150)

    def room():
        try:
            Events(lab, port=PORT).close()
        except AssertionError:
            return False
        return True
    wait_until(room, 5, "who went has made room")


@suite.test
def filters_and_refusals(lab):
    for query in ("?types=", "?types=session,", "?types=sessions", "?types=resync", "?type=drain",
                  "?types=drain&types=drift", "?types=" + "session," * 20):
        answer = lab.api("GET", "/v1/events" + query, token="read")
        assert answer.status == 400, (query, answer)
    assert lab.api("GET", "/v1/events", token=None).status == 401
    assert lab.api("POST", "/v1/events", {}, token="admin").status == 405
    lab.daemon.make_token("only-metrics", "--scope", "metrics")
    secret = lab.daemon.tokens["only-metrics"]
    assert lab.api("GET", "/v1/events", token=secret).status == 403
    connection = lab.daemon.connection("tcp", None, 10)
    connection.request("HEAD", "/v1/events",
                       headers={"Authorization": f"Bearer {lab.daemon.token('read')}"})
    head = connection.getresponse()
    assert head.status == 200 and head.getheader("Content-Type") == "text/event-stream"
    assert head.read() == b""
    connection.close()


@suite.test
def a_limited_token_sees_its_own(lab):
    lab.daemon.make_token("only-ifog", "--scope", "read", "--upstream", "ifog")
    name = lab.upstream_name("ifog")
    with Events(lab, token=lab.daemon.tokens["only-ifog"]) as mine, Events(lab) as whole:
        start = whole.seen[0][0]
        preference(lab, 160)
        preference(lab, 131, peer="lagrange")
        lab.frr.configure("route-map RM-ROUTE64-IN permit 10", "set local-preference 99")
        whole.wait("drift")
        preference(lab, 150)
        mine.quiet()
        whole.quiet()
        resources = {event["resource"] for _, event in mine.seen[1:]}
        assert resources == {f"upstreams/{name}"}, mine.seen
        assert len({event["resource"] for _, event in whole.seen[1:]}) >= 3, whole.seen
        expected = [event for _, event in whole.seen[1:]
                    if event["resource"] == f"upstreams/{name}"]
        assert [event for _, event in mine.seen[1:]] == expected
        with Events(lab, token=lab.daemon.tokens["only-ifog"], last=start) as later:
            later.quiet()
            assert [event for _, event in later.seen[1:]] == expected, later.seen


@suite.test
def heartbeat_and_revoked(lab):
    """Each 15 s a comment; then a token that is not valid any more is cut off."""
    lab.daemon.make_token("short", "--scope", "read")
    with Events(lab, token=lab.daemon.tokens["short"]) as mine, Events(lab) as other:
        wait_until(lambda: mine.beats and other.beats, 18, "a heartbeat")
        assert lab.daemon.token_command("revoke", "short").returncode == 0
        began = time.monotonic()
        wait_until(lambda: mine.ended, 18, "its stream has ended")
        assert time.monotonic() - began > 5
        assert not other.ended
        preference(lab, 160)
        other.wait("operation", state="done")
        preference(lab, 150)


@suite.test
def the_engine_dies(lab):
    """Streams end; who comes back is told that something may be missing."""
    with Events(lab) as events:
        last = events.last
        lab.daemon.kill_engine()
        wait_until(lambda: events.ended, 5, "the stream has ended")
    with Events(lab, last=last) as events:
        assert events.wait("resync")["reason"] == "unknown_id"
        assert events.last.split("-")[0] != last.split("-")[0], (last, events.last)
        preference(lab, 160)
        events.wait("operation", state="done")
        preference(lab, 150)


@suite.test
def http_dies(lab):
    """The engine goes on and misses nothing of its own."""
    with Events(lab, port=PORT) as events:
        for pid, _ in lab.daemon.processes("multihomed-http"):
            lab.daemon.end(pid)
        wait_until(lambda: events.ended, 5, "the stream has ended")
        last = events.last
    lab.daemon.wait_ready()
    preference(lab, 160)
    with Events(lab, last=last) as events:
        events.wait("operation", state="done")
        assert not events.of("resync"), events.seen
        preference(lab, 150)


class Mhctl:
    """mhctl events, with what it prints so far."""

    def __init__(self, lab, *words):
        self.out, self.err = "/run/mh/events.out", "/run/mh/events.err"
        with open(self.out, "wb") as out, open(self.err, "wb") as err:
            self.process = subprocess.Popen(  # pylint: disable=consider-using-with
                [f"{BUILD}/mhctl", "events", *words], stdin=subprocess.DEVNULL, stdout=out,
                stderr=err, env={"MHCTL_URL": "http://localhost", "MHCTL_UNIX": UNIX,
                                 "MHCTL_TOKEN": lab.daemon.token("read"), "HOME": "/run/mh"})

    @staticmethod
    def read(path):
        with open(path, encoding="utf-8") as file:
            return file.read()

    def wait(self, words, path=None, seconds=15):
        wait_until(lambda: words in self.read(path or self.out), seconds,
                   f"{words}: {self.read(self.out)} {self.read(self.err)}")

    def end(self):
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(5) == 0, self.read(self.err)
        return self.read(self.out)


@suite.test
def mhctl_follows(lab):
    """Over an engine that is killed and started anew."""
    follower = Mhctl(lab, "--json")
    follower.wait('"hello"')
    operation = preference(lab, 160)["operation"]
    follower.wait('"done"')
    lab.daemon.kill_engine()
    follower.wait("connecting again in 1 s", follower.err)
    follower.wait('"resync"')
    again = preference(lab, 150)["operation"]
    wait_until(lambda: follower.read(follower.out).count('"done"') == 2, 10, "the other one")
    told = [json.loads(line) for line in follower.end().splitlines()]
    seen = [(event["type"], event.get("state"), event.get("operation")) for event in told]
    steps = ("applying", "persisting", "done")
    assert seen == [("hello", None, None)] + \
        [("operation", state, operation) for state in steps] + \
        [("hello", None, None), ("resync", None, None)] + \
        [("operation", state, again) for state in steps], seen


@suite.test
def mhctl_tells_in_words(lab):
    follower = Mhctl(lab, "--types", "operation,drift")
    time.sleep(0.5)
    preference(lab, 160)
    preference(lab, 150)
    lab.frr.configure("route-map RM-LAGRANGE-IN permit 10", "set local-preference 130")
    follower.wait("drift      router                frr: ")
    lab.frr.configure("route-map RM-LAGRANGE-IN permit 10", "no set local-preference")
    wait_until(lambda: follower.read(follower.out).count("drift ") == 2, 5, "both")
    lines = follower.end().splitlines()
    assert len(lines) == 8, lines
    assert all(line[:2] == "20" and line[19:21] == "  " for line in lines), lines


suite.main()
