"""Drains in the tests: what they are asked for, and what is seen of them."""

import os
import re

from harness import differ
from network import WELL_KNOWN
from sandbox import run, wait_until

GSHUT = "(65535,0)"
OURS = "2a06:9801:1c::/48"
WORDS = {"reason": "provider maintenance", "ticket": "CHG-1234"}


def drain(lab, path, status=202, **body):
    answer = lab.api("PUT", path + "/drain", {**WORDS, **body})
    assert answer.status == status, answer
    return answer


def undrain(lab, path, owner=None, status=202):
    answer = lab.api("DELETE", path + "/drain" + (f"?owner={owner}" if owner else ""))
    assert answer.status == status, answer
    return answer


def layers(lab, path):
    answer = lab.api("GET", path + "/drain", token="read")
    assert answer.status == 200, answer
    return answer["layers"]


def operation(lab, ident):
    answer = lab.api("GET", f"/v1/operations/{ident}", token="read")
    assert answer.status == 200, answer
    return answer


def ended(lab, ident, state="done", seconds=40):
    """Waits for the end; what it looked like."""
    def over():
        now = operation(lab, ident)
        return now if now["state"] not in ("running", "scheduled") else None
    now = wait_until(over, seconds, f"the operation ends, not {operation(lab, ident)['progress']}")
    assert now["state"] == state, now
    return now


def seen(lab, peer, prefix=OURS):
    """What the provider's BIRD has of us, with all attributes."""
    return lab.peer(peer).control(f"show route {prefix} all")


def as_usual(lab, peer, prefix=OURS, seconds=15):
    """The provider has it, and as before: bgpd and BIRD take their time on a busy machine."""
    def heard():
        told = seen(lab, peer, prefix)
        return prefix in told and GSHUT not in told
    wait_until(heard, seconds, lambda: f"{peer} has it as usual: {seen(lab, peer, prefix)}")


def withdrawals(lab, peer):
    """How often we took back what we announce, as seen there."""
    told = lab.peer(peer).control("show protocols all customer")
    return re.search(r"Import withdraws: +([0-9]+)", told).group(1)


def preference(lab, peer, prefix=WELL_KNOWN):
    """Local preferences of what this provider sends us, as bgpd has them."""
    answer = lab.api("GET", f"/v1/routes/{prefix.replace('/', '%2F')}", token="read")
    return next(path["local_preference"] for path in answer["paths"]
                if path["neighbor"] == lab.peer(peer).address)


def status(lab, peer):
    return lab.upstream(peer)["status"]["drain"]


def router_state(lab):
    return lab.api("GET", "/v1/router", token="read")["state"]


def phase(lab, path, word, seconds=20):
    wait_until(lambda: [layer["phase"] for layer in layers(lab, path)] == [word], seconds,
               f"it is in phase {word}")


def same_as(lab, before):
    running, saved = before
    assert lab.frr.running_config() == running, differ(running, lab.frr.running_config())
    assert lab.saved_agrees()
    assert saved is None or lab.frr.saved_config() == saved, differ(saved, lab.frr.saved_config())


def now(lab):
    lab.frr.vtysh("write memory")
    return lab.frr.running_config(), lab.frr.saved_config()


def new_boot(number):
    """What the kernel says of this boot, from now on."""
    path = "/proc/sys/kernel/random/boot_id"
    with open(f"/run/e2e/boot{number}", "w", encoding="ascii") as file:
        file.write(f"{number:08x}-0000-4000-8000-000000000000\n")
    os.chmod(f"/run/e2e/boot{number}", 0o644)
    run("mount", "--bind", f"/run/e2e/boot{number}", path)


def reboot(lab, number):
    """The power goes; then FRR comes up with what was saved, and so do we."""
    lab.power_off()
    new_boot(number)
    lab.frr.start_daemons()
    lab.daemon.start()
