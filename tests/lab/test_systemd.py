#!/usr/bin/python3
"""hobgp under a real systemd, with what `make install` installs: started in order, drained by
mhctl, and down by systemd's own shutdown, with the last words on the way."""

import os
import re
import shlex
import subprocess
import sys

LAB = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(LAB))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(LAB, "lib"))
# pylint: disable=wrong-import-position
from drains import IFOG
from keys import on, running, started, wait_up, within

UNITS = ("multihomed-boot", "frr", "multihomed-shutdown", "multihomed")  # one after another
SCRIPT = "sh /run/lab/root/tests/lab/inside/systemd.sh"
INSTALLED = os.path.join(os.environ["LAB_DIR"], "installed")
SESSIONS = 4
LAST_WORDS = "this router goes down or reboots"
NEIGHBORS = {"ifog": "vtysh -d bgpd -c 'show bgp neighbors 2001:db8:300::2 json'",
             "vtbgp": "vtysh -d bgpd -c 'show bgp neighbors 2a06:9801:1c:fffe::1 json'"}


def check(good, what):
    if not good:
        raise RuntimeError(what)


def inside(*command):
    return on("hobgp", f"{SCRIPT} in hobgp {shlex.join(command)}")


def install():
    done = subprocess.run(["make", "-C", ROOT, "install", f"DESTDIR={INSTALLED}"],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    check(done.returncode == 0, done.stdout + done.stderr)
    # An emulated processor may take longer for these few seconds of work.
    for name, short, long in (("libexec/multihomed/multihomed-shutdown", r"^seconds=\d+",
                               "seconds=60"),
                              ("lib/systemd/system/multihomed-shutdown.service",
                               r"^TimeoutStopSec=\d+", "TimeoutStopSec=200")):
        give_time(f"{INSTALLED}/usr/local/{name}", short, long)


def give_time(path, short, long):
    with open(path, encoding="utf-8") as file:
        text, count = re.subn(short, long, file.read(), flags=re.M)
    check(count == 1, f"{path}: no {short}")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def until(seconds, what, condition):
    """A shell's condition, asked in the machine itself: each question from outside takes an
    emulated processor longer than the answer."""
    try:
        inside("timeout", str(seconds), "sh", "-c", f"until {condition}; do sleep 1; done")
    except RuntimeError as error:
        raise RuntimeError(f"not within {seconds} s: {what}: {error}") from error


def boot():
    """Until everything runs and all sessions are up."""
    on("hobgp", f"setsid {SCRIPT} boot hobgp {INSTALLED} </dev/null "
       ">/var/log/machine-hobgp.log 2>&1 & "
       "until [ -e /var/lib/machine-hobgp/pid ]; do sleep 0.1; done")
    until(400, "systemd has started everything",
          f'[ "$(systemctl is-active {" ".join(UNITS)} | grep -cx active)" = {len(UNITS)} ]')
    until(300, "all sessions are up", "[ \"$(vtysh -d bgpd -c 'show bgp ipv6 unicast summary json' "
          f"""| grep -c '"state":"Established"')" = {SESSIONS} ]""")


def moments(unit):
    """(when it began to start, when it had started), in microseconds."""
    told = inside("systemctl", "show", "-p", "InactiveExitTimestampMonotonic", "-p",
                  "ActiveEnterTimestampMonotonic", unit)
    times = dict(line.split("=") for line in told.split())
    return (int(times["InactiveExitTimestampMonotonic"]),
            int(times["ActiveEnterTimestampMonotonic"]))


def started_in_order():
    times = [moments(unit) for unit in UNITS]
    for first, second in zip(times, times[1:]):
        check(first[1] <= second[0], f"not one after another: {UNITS} {times}")
    said = on("hobgp", "dmesg")
    check("ordering cycle" not in said, said)
    print("started:", " ".join(f"{unit} {(there - times[0][0]) / 1e6:.1f} s"
                               for unit, (_, there) in zip(UNITS, times)))


def drained_and_down():
    """mhctl drain --reboot, with systemd's own shutdown: the sessions are up until the last
    words, which come when multihomed is gone and before FRR is."""
    token = inside("multihomed", "token", "create", "-c", "/etc/multihomed.conf", "--name",
                   "local", "--scope", "read", "--scope", "operate").split()[0]
    with started("hobgp", f"{SCRIPT} in hobgp env MHCTL_URL=http://127.0.0.1:8179 "
                 f"MHCTL_TOKEN={token} mhctl --yes drain --reboot --reason kernel") as process:
        for router, command in NEIGHBORS.items():
            within(300, f"{router} reads: {LAST_WORDS}",
                   lambda one=router, how=command: LAST_WORDS in on(one, how))
        said = "".join(process.communicate())
    check(": drained" in said and "the machine reboots" in said, said)
    within(200, "the machine is off", lambda: "hobgp is off" in
           on("hobgp", "cat /var/log/machine-hobgp.log"))
    saved = on("hobgp", "cat /var/lib/machine-hobgp/frr/frr.conf")
    check("MH-DRAIN" in saved and "shutdown message" not in saved, saved)
    print("shutdown -r now: the neighbors have read:", LAST_WORDS)


def main():
    on("hobgp", "vtysh -c 'write memory'")
    before = running("hobgp")
    install()
    on("hobgp", "router hobgp sh /run/lab/root/tests/lab/inside/reboot.sh hobgp halt && "
       f"{SCRIPT} prepare hobgp")
    try:
        boot()
        started_in_order()
        drained_and_down()
    except RuntimeError as error:
        print(error)  # what follows may fail for it, and say something else
        raise
    finally:
        on("hobgp", f"{SCRIPT} off hobgp; "
           "router hobgp sh /run/lab/root/tests/lab/inside/reboot.sh hobgp orderly")
        wait_up("hobgp", IFOG)
    check(running("hobgp") == before, "it is another configuration")


if os.environ.get("LAB_KERNEL") == "host":
    print("a systemd of its own would change this machine's settings")
    sys.exit(77)
if not os.path.exists("/lib/systemd/systemd"):
    print("there is no systemd")
    sys.exit(77)
try:
    main()
except RuntimeError as error:
    print(" ".join(str(error).split()))
    sys.exit(1)
