"""Starting a lab, waiting until it is ready, running things in it, ending it."""

import json
import os
import subprocess
import sys
import time

import hostns
import prefixes
import vm
from place import BUILD, LAB, ROOT, LabError

ROUTERS = ["hobgp", "vtbgp", "ifog", "lagrange", "route64", "vultr", "radon",
           "inet", "vhost"]
VARIANTS = os.path.join(LAB, "variant")
# 1 leaves a lab that did not come up running, to look at (lab run, lab down).
KEEP = os.environ.get("LAB_KEEP", "0")


def say(text):
    print("lab: " + text, file=sys.stderr, flush=True)


def backend(instance):
    return hostns if instance.state.get("mode") == "host" else vm


def up(instance, full=False, api_port=None, variant=""):
    began = time.monotonic()
    known = sorted(name for name in os.listdir(VARIANTS)
                   if os.path.isdir(os.path.join(VARIANTS, name)))
    if variant and variant not in known:
        raise LabError(f"no variant {variant}; there are: " + " ".join(known))
    os.makedirs(BUILD, exist_ok=True)
    instance.create()
    prefixes.write(instance.path("feed"), 240000 if full else 2000)
    with open(instance.path("env"), "w", encoding="utf-8") as file:
        for name, value in (("LAB_ROOT", ROOT), ("LAB_FULL", "1" if full else "0"),
                            ("LAB_INSTANCE_DIR", instance.directory),
                            ("LAB_KEEP", KEEP), ("LAB_VARIANT", variant)):
            file.write(f"{name}={vm.quote(value)}\n")
    mode = os.environ.get("LAB_KERNEL", "vm")
    if mode not in ("vm", "host"):
        raise LabError("LAB_KERNEL is vm (the default) or host")
    try:
        (hostns if mode == "host" else vm).start(instance, full, api_port, say)
        wait_ready(instance, 1200 if full else 540)
        write_context(instance)
    except BaseException:
        if KEEP != "1":
            instance.end()
        raise
    say(f"ready after {time.monotonic() - began:.0f} s")


def wait_ready(instance, limit):
    """Follows the console until the machine says that it is ready."""
    end = time.monotonic() + limit
    seen = 0
    while True:
        lines = console(instance)
        for line in lines[seen:]:
            if line.startswith("lab-ready"):
                return
            if line.startswith("lab-failed: "):
                raise LabError(line[len("lab-failed: "):] + see_log(instance))
            if line.startswith("lab: "):
                say(line[len("lab: "):])
        seen = max(seen, len(lines))
        if not instance.alive():
            raise LabError("the machine ended" + see_log(instance))
        if time.monotonic() > end:
            raise LabError(f"not ready within {limit} s" + see_log(instance))
        time.sleep(0.1)


def console(instance):
    """Whole lines of the console."""
    try:
        with open(instance.path("console.log"), encoding="utf-8",
                  errors="replace") as file:
            return [line.strip() for line in file.read().split("\n")[:-1]]
    except FileNotFoundError:
        return []


def see_log(instance):
    return f" (see {os.path.relpath(instance.path('console.log'))})"


def write_context(instance):
    """mhctl's file of routers, when there is an API to reach."""
    try:
        with open(instance.path("token"), encoding="ascii") as file:
            token = file.read().strip()
    except FileNotFoundError:
        return
    os.remove(instance.path("token"))
    contexts = {"current": "hobgp", "contexts": {"hobgp": {
        "url": f"http://127.0.0.1:{instance.state['api_port']}", "token": token}}}
    handle = os.open(instance.path("contexts.json"),
                     os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(contexts, file)


def run(instance, router, command, terminal=False, capture=False):
    """Runs a shell command line in a router; its exit status, and its output when
    captured."""
    if router not in ROUTERS:
        raise LabError(f"no router {router}; there are: " + " ".join(ROUTERS))
    instance.need()
    program = backend(instance).shell_command(instance, router, command, terminal)
    done = subprocess.run(program, text=True, check=False,
                          stdin=None if terminal else subprocess.DEVNULL,
                          stdout=subprocess.PIPE if capture else None)
    return done.returncode, done.stdout
