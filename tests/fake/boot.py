#!/usr/bin/python3
"""The faked machine reboots: only its files are left.

usage: boot.py DIR        (DIR: a folder made by freebsd/install)

Computes from rc.conf, pf.conf, ipsec.conf and what they name the state after
FreeBSD's /etc/rc, as the transcripts 42 and 43 show it, and puts it into
DIR/state. Prints rc's console. Exit 0 when the boot went to its end; else 1
and the last line is "boot aborted: WHY", with the machine as far as it came:
nothing but lo0.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "freebsd", "lib"))

# pylint: disable=wrong-import-position
import frame  # noqa: E402
import machine  # noqa: E402
import rc  # noqa: E402


def boot(folder):
    """(why it was aborted or None, the console as one text)."""
    folder = os.path.abspath(folder)
    run = frame.Run(folder, "boot", [])
    why = None
    with machine.Machine(folder) as host:
        old = host.state
        conf = dict(host.conf, securelevel=-1)
        host.state = machine.fresh(conf)
        host.state["booted"] = old.get("booted", 1795366397) + 60
        lo0 = machine.link(host.state, "lo0")
        for text, plen in (("::1", 128), ("fe80::1", 64)):
            lo0["addrs"].append({"af": 6, "addr": text, "plen": plen,
                                 "peer": None, "since": None,
                                 "id": machine.serial(host.state)})
        try:
            rc.Rc(host, run).boot()
        except rc.Aborted as end:
            why = str(end)
            if not run.said:
                run.err(why)
        for link in host.state["links"]:
            for address in link["addrs"]:
                address["since"] = None
    return why, "".join(text for _, text in run.said)


def command(folder):
    """Tells; the exit status."""
    why, console = boot(folder)
    sys.stdout.write(console)
    if why is not None:
        print("boot aborted: " + why)
    return 0 if why is None else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: boot.py DIR")
    sys.exit(command(sys.argv[1]))
