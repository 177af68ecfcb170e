"""The router as it is and as it boots: every byte that a change could leave behind."""

import os

from daemon import BOOT, OWNED
from harness import differ
from sandbox import run, wait_until


def boot_files(directory=BOOT):
    """{name: content} of what the machine sets up by itself."""
    found = {}
    if os.path.isdir(directory):
        for entry in sorted(os.scandir(directory), key=lambda item: item.name):
            with open(entry.path, encoding="utf-8") as file:
                found[entry.name] = file.read()
    return found


def owned():
    try:
        with open(f"{OWNED}/owned", encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def machine(lab, bgp=False):
    """{what: text}. bgp: with the routes that BGP put into the kernel."""
    routes = run("ip", "-6", "route", "show") + run("ip", "route", "show")
    if not bgp:
        routes = "".join(line + "\n" for line in routes.splitlines()
                         if " proto bgp " not in line)
    state = {"running-config": lab.frr.running_config(),
             "frr.conf": lab.frr.saved_config(),
             "ip addr": run("ip", "-d", "addr"),
             "ip route": routes,
             "nft": run("nft", "list", "ruleset"),
             "owned": owned()}
    for name, text in boot_files().items():
        state[f"boot {name}"] = text
    return state


def residue(before, after):
    """What differs, in lines: nothing at all when it is the same machine."""
    found = []
    for name in sorted(set(before) | set(after)):
        one, two = before.get(name, ""), after.get(name, "")
        if one != two:
            found.append(f"{name}: {differ(one, two) or 'another order'}")
    return found


def must_be(lab, before, what="as before", seconds=5, **how):
    """The machine is, or is within a moment, what it was."""
    def same():
        return not residue(before, machine(lab, **how))
    try:
        wait_until(same, seconds, what)
    except AssertionError as error:
        raise AssertionError(f"{what}: {residue(before, machine(lab, **how))}") from error
