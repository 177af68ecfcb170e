"""TCP-MD5 keys in the lab: where they are, and the words that change them.

The session with vultr is vtbgp's; the internal one is "vultr" on hobgp, after its
description, and "hobgp" on vtbgp.
"""

import json
import os
import re
import subprocess
import time

REFERENCE = "your-shared-secret"  # vultr's, as the lab starts
VULTR = "2001:19f0:ffff::1"
INTERNAL = {"hobgp": "2a06:9801:1c:fffe::2", "vtbgp": "2a06:9801:1c:fffe::1"}
UPSTREAM = {"hobgp": "vultr", "vtbgp": "hobgp"}
KEY = re.compile(r"[A-Za-z0-9]{32}\Z")


def started(router, command):
    """Runs there, as our child."""
    return subprocess.Popen([os.environ["LAB"], "run", router, command], text=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)


def on(router, command, status=0):
    """Runs there; what it said, standard error last."""
    with started(router, command) as process:
        said = "".join(process.communicate())
    if process.returncode != status:
        raise RuntimeError(f"{router}: {command}: ended with {process.returncode}, "
                           f"not {status}: {said}")
    return said


def within(seconds, what, condition):
    """The first answer that is not false."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise RuntimeError(f"not within {seconds} s: {what}")
        time.sleep(0.2)


def running(router):
    return on(router, "vtysh -d bgpd -c 'show running-config'")


def key_in(text, neighbor):
    found = re.search(rf"(?m)^ neighbor {neighbor} password (\S+)\s*$", text)
    return found.group(1) if found else None


def keys(router, neighbor):
    """Running and saved."""
    saved = on(router, f"cat /etc/frr/{router}/frr.conf")
    return key_in(running(router), neighbor), key_in(saved, neighbor)


def is_up(router, neighbor):
    text = on(router, f"vtysh -d bgpd -c 'show bgp neighbors {neighbor} json'")
    return json.loads(text)[neighbor]["bgpState"] == "Established"


def wait_up(router, neighbor, seconds=150):
    within(seconds, f"the session with {neighbor} on {router} is up",
           lambda: is_up(router, neighbor))


def vultr_rekeys(key):
    """The provider changes its end."""
    on("vultr", f"sed -i 's/^\\(\\tpassword \\).*/\\1\"{key}\";/' /run/bird/vultr.conf && "
       "birdc configure")


def begin(router, words):
    """mhctl rotate-key --generate WORDS: (the process that follows it, the key)."""
    process = started(router, f"mhctl --yes rotate-key {words} --generate")
    key = process.stdout.readline().strip()
    if not KEY.match(key):
        said = "".join(process.communicate())
        raise RuntimeError(f"{router}: rotate-key {words}: no key: {key}{said}")
    return process, key


def followed(process, status=0):
    """Until mhctl ends: what it said."""
    said = "".join(process.communicate())
    if process.returncode != status:
        raise RuntimeError(f"rotate-key ended with {process.returncode}, not {status}: {said}")
    return said


def operation_in(said):
    return re.search(r"operation (op-[A-Za-z0-9_-]+), audit", said).group(1)


def operation(router, name):
    return json.loads(on(router, f"mhctl --json operation show {name}"))


def ended(router, name, seconds=150):
    """The operation when it has ended."""
    def look():
        found = operation(router, name)
        return found if found["state"] in ("done", "undone") else None
    return within(seconds, f"{name} on {router} ends", look)


def rotated_in_time():
    """vultr's key, on vtbgp, while the provider changes too: (the operation, its key)."""
    process, key = begin("vtbgp", "vultr --verify-within 120")
    vultr_rekeys(key)
    return ended("vtbgp", operation_in(followed(process))), key


def not_followed(key="a-key-that-vultr-never-gets"):
    """vultr keeps its key: (the operation, what mhctl said)."""
    said = on("vtbgp", f"echo {key} | mhctl --yes rotate-key vultr --key-file - "
              "--verify-within 15", status=1)
    return ended("vtbgp", operation_in(said)), said


def rotated_together():
    """The internal session, by one call on hobgp: (operations by router, the key)."""
    process, key = begin("hobgp", "vultr --with vtbgp --verify-within 60")
    mine = ended("hobgp", operation_in(followed(process)))
    theirs = ended("vtbgp", mine["result"]["with_operation"])
    return {"hobgp": mine, "vtbgp": theirs}, key


def set_internal(key):
    """The internal session's key on both ends, or None for none."""
    for router in ("vtbgp", "hobgp"):
        command = f"mhctl --yes upstream set {UPSTREAM[router]} --allow-reset"
        on(router, f"{command} --no-tcp-md5" if key is None else
           f"echo {key} | {command} --tcp-md5-key-file -")
    wait_up("hobgp", INTERNAL["hobgp"])
