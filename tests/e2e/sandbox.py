"""A place of our own to run a router in: namespaces that vanish with us.

enter() runs this program again in new network, mount, PID, UTS and IPC
namespaces. The kernel ends every process in there when the first one ends,
however that happens, and with them go the mounts, interfaces and files: they
are all in memory file systems.
"""

import os
import shutil
import signal
import subprocess
import sys
import time

INSIDE = "MH_E2E_INSIDE"
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, os.environ.get("MH_BUILD", "build"))
SHARED = os.path.join(ROOT, os.environ.get("MH_SHARED", "../shared"))
FRR_DAEMONS = "/usr/lib/frr"
# Another FRR than the machine's, as tests/frr/fetch.sh puts it into a tree.
FRR_TREE = os.environ.get("MH_FRR_ROOT")
NAMESPACES = ["--mount", "--net", "--pid", "--uts", "--ipc"]
# Each is empty inside, and what is written there is gone with us.
FRESH = ["/run", "/etc/frr", "/var/log", "/var/tmp"]
# Speed is the benchmark's business: what is not there by now does not come.
PATIENCE_S = 20


class Skip(Exception):
    """This machine cannot do it; nothing is wrong with the program."""


def need(*programs):
    path = "/usr/local/sbin:/usr/sbin:/sbin:" + os.environ.get("PATH", "")
    for program in programs:
        if shutil.which(program, path=path) is None:
            raise Skip(f"{program} is not installed")


def enter():
    """Returns inside; outside it ends the program with the inner one's status."""
    if os.environ.get(INSIDE):
        prepare()
        return
    try:
        need("unshare", "ip", "bird", "vtysh", f"{FRR_DAEMONS}/bgpd")
        prefix = unshare_command()
    except Skip as reason:
        print(f"skip {os.path.basename(sys.argv[0])} {reason}")
        sys.exit(0)
    os.environ[INSIDE] = "1"
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    command = [*prefix, sys.executable, *sys.argv]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as inner:
        signal.signal(signal.SIGTERM, lambda *_: inner.kill())
        try:
            status = inner.wait()
        except KeyboardInterrupt:
            inner.kill()  # unshare's child goes with it, and all the rest
            inner.wait()
            status = 130
    sys.exit(status if status >= 0 else 128 - status)


def unshare_command():
    common = ["unshare", *NAMESPACES, "--fork", "--kill-child", "--mount-proc"]
    if os.geteuid() == 0:
        return [*common, "--propagation", "private"]
    mapped = [*common, "--map-root-user", "--map-auto"]
    if subprocess.run([*mapped, "true"], stdin=subprocess.DEVNULL,
                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                      check=False).returncode != 0:
        raise Skip("needs root, or user namespaces with mapped subordinate ids")
    return mapped


def prepare():
    for directory in FRESH:
        run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", directory)
    # Routers make their own /etc/frr; the first three are of its owner.
    os.makedirs("/run/e2e", mode=0o755, exist_ok=True)
    add_users()
    if FRR_TREE:
        run("sh", os.path.join(ROOT, "tests/frr/mount.sh"), os.path.join(ROOT, FRR_TREE))
    run("ip", "link", "set", "lo", "up")
    run("hostname", "e2e")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def add_users():
    """The daemon's two users, on copies of the files that name users."""
    frrvty = group_line("frrvty")
    lines = {
        "passwd": ["_multihomed:x:64901:64901::/var/empty:/usr/sbin/nologin",
                   "_mhhttp:x:64902:64902::/var/empty:/usr/sbin/nologin"],
        "group": ["_multihomed:x:64901:", "_mhhttp:x:64902:"],
        # vtysh asks PAM, which wants to find them here.
        "shadow": ["_multihomed:!:19000::::::", "_mhhttp:!:19000::::::"],
    }
    for name, more in lines.items():
        with open(f"/etc/{name}", encoding="utf-8") as file:
            had = [line.rstrip("\n") for line in file
                   if not line.startswith(("_multihomed:", "_mhhttp:"))]
        if name == "group":
            joined = frrvty + ("," if not frrvty.endswith(":") else "") + "_multihomed"
            had = [joined if line == frrvty else line for line in had]
        copy = f"/run/e2e/{name}"
        with open(copy, "w", encoding="utf-8") as file:
            file.write("\n".join(had + more) + "\n")
        was = os.stat(f"/etc/{name}")  # of group shadow, for PAM's helper
        os.chown(copy, was.st_uid, was.st_gid)
        os.chmod(copy, was.st_mode & 0o777)
        run("mount", "--bind", copy, f"/etc/{name}")


def group_line(name):
    with open("/etc/group", encoding="utf-8") as file:
        for line in file:
            if line.startswith(name + ":"):
                return line.rstrip("\n")
    raise Skip(f"there is no group {name}")


def run(*argv, text=None, timeout=30):
    """Runs a program that must succeed; returns what it printed."""
    done = subprocess.run(argv, input=text, capture_output=True, text=True,
                          timeout=timeout, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv)}: exit {done.returncode}: "
                           f"{(done.stderr or done.stdout).strip()}")
    return done.stdout


def wait_until(condition, seconds, what):
    """
    The condition's first true value; AssertionError after the deadline. what: a
    text, or what makes one then. seconds tells how long it takes at most by itself:
    a busy machine is given more.
    """
    seconds = max(seconds, PATIENCE_S)
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not after {seconds} s: {what() if callable(what) else what}")
        time.sleep(0.02)


def end_process(process, seconds=10):
    """Stops a Popen, gently first. Returns its exit status."""
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()
