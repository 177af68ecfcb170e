"""A real tool with the log and the faults of the fakes (lib/frame.py)."""

import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "freebsd", "lib"))
import frame  # noqa: E402 pylint: disable=wrong-import-position

# Words of a command line that make it one that changes something.
CHANGING = {
    "ip": {"add", "a", "del", "delete", "d", "set", "s", "change", "chg",
           "replace", "append", "flush", "prepend", "-batch", "-b"},
    "nft": {"-f", "--file", "add", "create", "delete", "destroy", "flush",
            "insert", "replace", "rename", "reset"},
    "vtysh": {"-f", "-b", "--boot", "--inputfile", "-w", "--writeconfig"},
    "sysctl": {"-w", "-p", "--system"},
    "modprobe": set(),
    "systemctl": {"start", "stop", "restart", "reload", "enable", "disable"},
}
VTYSH = re.compile(r"^\s*(conf|wr|copy|clear|no |ip |ipv6 |router )")


def changes(tool, argv):
    """Whether this run changes something. nft -c only checks; a word that is
    an operand (a link called "add") does harm to nobody but the counting."""
    if tool == "nft" and {"-c", "--check"} & set(argv):
        return False
    if tool == "ip" and "show" in argv or "list" in argv or "get" in argv:
        return False
    if tool == "vtysh" and any(VTYSH.match(w) for w in argv
                               if not w.startswith("-")):
        return True
    if tool == "sysctl" and any("=" in w for w in argv):
        return True
    return tool not in CHANGING or tool == "modprobe" or \
        bool(CHANGING[tool] & set(argv))


def reads_stdin(argv):
    """Whether the tool reads its standard input: a file called - or so."""
    return "-" in argv or "/dev/stdin" in argv


def main(folder, tool, real):
    """Runs the real tool as frame.main runs a fake."""
    argv = sys.argv[1:]

    def work(run):
        given = run.stdin() if reads_stdin(run.argv) else ""
        done = subprocess.run(
            [real] + run.argv, input=given.encode("utf-8", "surrogateescape"),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        run.raw(1, done.stdout.decode("utf-8", "surrogateescape"))
        run.raw(2, done.stderr.decode("utf-8", "surrogateescape"))
        if done.returncode < 0:
            os.kill(os.getpid(), -done.returncode)
        return done.returncode

    frame.main(folder, tool, lambda _: changes(tool, argv), work)
