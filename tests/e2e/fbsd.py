"""A FreeBSD router on stand-ins of its tools (tests/fake), for the tests of that backend."""

import os
import re
import subprocess
import sys

from daemon import BOOT
from machine import machine
from sandbox import ROOT, Skip, run, wait_until

BUILD = os.path.join(ROOT, os.environ.get("MH_FREEBSD_BUILD", "build/fbsd"))
FAKE = os.path.join(ROOT, "tests", "fake")
TOOLS = "/run/fbsd"
RC_CONF = f"{TOOLS}/etc/rc.conf"
PF_CONF = f"""set skip on lo0
nat-anchor "multihomed"
anchor "multihomed"
load anchor "multihomed" from "{BOOT}/pf.anchor"
"""
# Of a Suite.
SETTINGS = {"build": BUILD, "system": f'tools_dir = "{TOOLS}"; rc_conf = "{RC_CONF}";'}


def install(rc, pf, *options):
    """The machine with these files; what the kernel itself knows comes from ours."""
    if not os.path.exists(f"{BUILD}/multihomed"):
        raise Skip(f"{BUILD} is not built: make SYSTEM=freebsd BUILD={BUILD} all")
    for name, text in (("rc", rc), ("pf", pf)):
        with open(f"/run/{name}.in", "w", encoding="ascii") as file:
            file.write(text)
    run(f"{FAKE}/freebsd/install", TOOLS, "--rc-conf", "/run/rc.in", "--pf-conf", "/run/pf.in",
        *options)
    # The kernel's side of PF_KEY. It ends with this process, or with the folder.
    subprocess.Popen([f"{TOOLS}/pfkeyd"], stdin=subprocess.DEVNULL)
    wait_until(lambda: os.path.exists(f"{TOOLS}/pfkey.sock"), 10, "PF_KEY is there")


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def rc_conf():
    with open(RC_CONF, encoding="utf-8") as file:
        return file.read()


def variables(text=None):
    return dict(re.findall(r'(?m)^([A-Za-z0-9_]+)="(.*)"$', text or rc_conf()))


def pfctl(*words):
    done = subprocess.run([f"{TOOLS}/pfctl", *words], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def listing():
    """Whether the kernel still looks for a twin of an address is nobody's change."""
    return run(f"{TOOLS}/ifconfig", "-a").replace(" tentative", "")


def fake_machine(lab):
    state = machine(lab)
    state.update({"ifconfig": listing(), "rc.conf": rc_conf(),
                  "rules": pfctl("-a", "multihomed", "-sr"),
                  "nat": pfctl("-a", "multihomed", "-sn")})
    return state


def same(lab, before):
    now = fake_machine(lab)
    assert now == before, [(name, before.get(name), now[name]) for name in now
                           if now[name] != before.get(name)]


def boots():
    """What boot.py makes of the files alone: what the tools then tell."""
    done = subprocess.run([sys.executable, f"{FAKE}/boot.py", TOOLS], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0 and "aborted" not in done.stdout + done.stderr, done
    run("sh", "-n", RC_CONF)


def is_loaded(lab):
    return lab.api("GET", "/v1/firewall", token="read")["loaded"]


def must_boot_alike(lab):
    """A reboot from the files brings the same tunnels and rules."""
    running, loaded = fake_machine(lab), is_loaded(lab)
    boots()
    again = fake_machine(lab)
    for name in ("rules", "nat", "rc.conf"):
        assert again[name] == running[name], (name, running[name], again[name])
    assert tunnels(again) == tunnels(running), (tunnels(running), tunnels(again))
    wait_until(lambda: is_loaded(lab) == loaded, 10, "the rules are seen after the boot")


def tunnels(state):
    """{name: what of it counts} of ifconfig's listing."""
    found = {}
    for block in re.split(r"(?m)^(?=\S)", state["ifconfig"]):
        name = block.split(":", maxsplit=1)[0]
        if name.startswith(("gre", "gif")):
            found[name] = sorted(line.strip() for line in block.splitlines()[1:]
                                 if "fe80:" not in line and "nd6" not in line) + \
                re.findall(r"mtu \d+", block)
    return found
