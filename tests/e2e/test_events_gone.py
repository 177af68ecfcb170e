#!/usr/bin/python3
"""Listeners whose machine is gone, without a word: nobody waits for them for long."""

import contextlib
import time

from daemon import PORT
from harness import Suite
from listening import Events
from sandbox import run, wait_until

suite = Suite("events_gone", seconds=180)


def cut(ports):
    """What is sent to them goes nowhere from now on, and nothing comes from them."""
    run("nft", "add", "table", "ip6", "gone")
    run("nft", "add", "chain", "ip6", "gone", "input", "{ type filter hook input priority 0; }")
    for side in ("sport", "dport"):
        run("nft", "add", "rule", "ip6", "gone", "input", "tcp", side,
            "{ " + ", ".join(map(str, ports)) + " }", "drop")


@suite.test
def they_make_room(lab):
    """All that one address may have; a heartbeat every 15 s, and a minute for its answer."""
    with contextlib.ExitStack() as stack:
        gone = [stack.enter_context(Events(lab, port=PORT, reads=False)) for _ in range(32)]
        answer = lab.api("GET", "/v1/events", token="read", via="tcp")
        assert answer.status == 429 and answer["code"] == "too_many_streams", answer
        cut([events.connection.sock.getsockname()[1] for events in gone])
        began = time.monotonic()

        def room():
            with contextlib.suppress(AssertionError), Events(lab, port=PORT):
                return True
            return False

        wait_until(room, 120, "the next listener is let in")
        print(f"# after {time.monotonic() - began:.0f} s")
        run("nft", "delete", "table", "ip6", "gone")


suite.main()
