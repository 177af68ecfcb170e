#!/usr/bin/python3
"""TCP-MD5 keys rotated on the kernel's own TCP-MD5: with a provider that follows and
one that does not, over a dead engine, and on both ends of our own session."""

import os
import re
import sys

LAB = os.path.dirname(os.path.realpath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(LAB, "lib"))
# pylint: disable=wrong-import-position
from keys import (INTERNAL, REFERENCE, UPSTREAM, VULTR, begin, ended, followed, key_in, keys,
                  not_followed, on, operation, operation_in, rotated_in_time,
                  rotated_together, running, set_internal, vultr_rekeys, wait_up, within)

DAEMON = "sh /run/lab/root/tests/lab/inside/multihomed.sh"
FIRST = "first-key-of-the-two"


def check(good, what):
    if not good:
        raise RuntimeError(what)


def has(text, *patterns):
    for pattern in patterns:
        check(re.search(pattern, text), f"no {pattern!r} in: {text}")


def agree(router, neighbor, key):
    found = keys(router, neighbor)
    check(found == (key, key), f"{router}: running and saved are not the key: {found}")


def the_provider_follows():
    done, key = rotated_in_time()
    check(done["state"] == "done" and done["result"]["verified"], done)
    print(f"the provider follows: down for {done['result']['downtime_ms']} ms")
    agree("vtbgp", VULTR, key)
    wait_up("vtbgp", VULTR, 1)
    return key


def the_provider_does_not(key):
    before = running("vtbgp")
    gone, said = not_followed()
    has(said, "the old key is back: the other end did not change its key: [1-9]",
        "the session was up again after [0-9]")
    print(f"the provider does not: back after {gone['result']['return_ms']} ms")
    wait_up("vtbgp", VULTR, 1)
    agree("vtbgp", VULTR, key)
    check(running("vtbgp") == before, "the running configuration is another one")


def at_its_time_over_a_dead_engine():
    """The engine dies in between; the key is the provider's once the router has it."""
    at = on("vtbgp", "date -u -d '12 seconds' +%FT%TZ").strip()
    process, key = begin("vtbgp", f"vultr --at {at} --verify-within 120")
    name = operation_in(followed(process))
    check(operation("vtbgp", name)["state"] == "scheduled", operation("vtbgp", name))
    on("vtbgp", "kill -9 $(pgrep -P $(cat /run/multihomed/vtbgp.pid) multihomed-engi)")
    within(120, "the key is changed at its time",
           lambda: key_in(running("vtbgp"), VULTR) == key)
    vultr_rekeys(key)
    done = ended("vtbgp", name)
    check(done["state"] == "done", done)
    check(done["progress"]["changed_at"] >= at[:-1], f"before its time: {done}")
    agree("vtbgp", VULTR, key)


def both_ends_by_one_call():
    ends, key = rotated_together()
    for router, done in ends.items():
        check(done["state"] == "done" and done["result"]["verified"], done)
        agree(router, INTERNAL[router], key)
        print(f"both ends, {router}: down for {done['result']['downtime_ms']} ms")
    return key


def waiting(router):
    """Its operations that have not ended."""
    return on(router, "mhctl operations | awk '$2 == \"scheduled\" || $2 == \"running\"'")


def the_other_end_refuses(key):
    """It has a rotation of that key already."""
    process, _ = begin("vtbgp", "hobgp --at 1h")
    name = operation_in(followed(process))
    said = on("hobgp", "mhctl --yes rotate-key vultr --generate --with vtbgp", status=5)
    has(said, f"vtbgp refuses: the rotation {name} of this key is scheduled", "peer_refused")
    check(waiting("hobgp") == "", f"staged on hobgp: {waiting('hobgp')}")
    on("vtbgp", f"mhctl --yes cancel {name}")
    check(waiting("vtbgp") == "", f"staged on vtbgp: {waiting('vtbgp')}")
    agree("hobgp", INTERNAL["hobgp"], key)


def the_other_end_dies(key):
    """After both have staged it: this one goes back alone, the other lets it be."""
    at = on("hobgp", "date -u -d '12 seconds' +%FT%TZ").strip()
    process, _ = begin("hobgp", f"vultr --with vtbgp --at {at} --verify-within 15")
    mine = operation_in(followed(process))
    theirs = re.search(r"\S+", waiting("vtbgp")).group(0)
    on("vtbgp", f"{DAEMON} kill vtbgp")
    gone = ended("hobgp", mine)
    check(gone["state"] == "undone" and gone["result"]["return_ms"] is not None, gone)
    has(gone["result"]["why"], "the other end did not change its key: [1-9]")
    print(f"the other end dies: back after {gone['result']['return_ms']} ms")
    said = on("hobgp", "mhctl --yes rotate-key vultr --generate --with vtbgp", status=1)
    has(said, "vtbgp does not answer", "peer_unreachable")
    check(waiting("hobgp") == "", f"staged on hobgp: {waiting('hobgp')}")
    on("vtbgp", f"{DAEMON} launch vtbgp")
    late = ended("vtbgp", theirs)
    check(late["state"] == "undone", late)
    has(late["result"]["why"], "its time passed")
    wait_up("hobgp", INTERNAL["hobgp"], 1)
    for router, neighbor in INTERNAL.items():
        agree(router, neighbor, key)


def put_back(before):
    """Whatever went wrong: for the tests that come after this one."""
    for router in UPSTREAM:
        on(router, f"test -S /run/multihomed/{router}.sock || {DAEMON} launch {router}")
        for line in waiting(router).splitlines():
            on(router, f"mhctl --yes cancel {line.split()[0]}")
    set_internal(None)
    vultr_rekeys(REFERENCE)
    if key_in(running("vtbgp"), VULTR) != REFERENCE:
        on("vtbgp", f"echo {REFERENCE} | mhctl --yes upstream set vultr --allow-reset "
           "--tcp-md5-key-file -")
    wait_up("vtbgp", VULTR)
    after = {router: running(router) for router in UPSTREAM}
    check(after == before, f"not as before: {after}")


def main():
    before = {router: running(router) for router in UPSTREAM}
    try:
        key = the_provider_follows()
        the_provider_does_not(key)
        at_its_time_over_a_dead_engine()
        set_internal(FIRST)
        key = both_ends_by_one_call()
        the_other_end_refuses(key)
        the_other_end_dies(key)
    finally:
        put_back(before)


try:
    main()
except RuntimeError as error:
    print(" ".join(str(error).split()))
    sys.exit(1)
