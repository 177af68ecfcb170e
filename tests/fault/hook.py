"""Runs a real tool for the daemon, unless a fault is due; see tools.py.

usage: hook.py DIR TOOL PROGRAM ARGUMENT...

The protocol is that of tests/fake/freebsd/lib/frame.py: DIR/fault has one line
"TOOL NTH MODE". Only killing is left to the test, which may kill what this
process may not: "WHOM WHEN PID" in DIR/asked, gone when it is done. Few imports:
under emulation each costs.
"""

import os
import sys
import time


def changing(tool, argv):
    """Does this run change something, or check what is about to?"""
    if tool == "ip":
        words = {"add", "del", "delete", "change", "replace", "set", "-batch", "flush"}
        return bool(words & set(argv))
    if tool == "nft":
        return "-f" in argv or "-c" in argv or bool({"delete", "add", "flush"} & set(argv))
    return "-f" in argv or any(word.startswith(("write", "conf", "copy")) for word in argv)


def take(folder, tool):
    """The mode that fires for this run, or None."""
    path = f"{folder}/fault"
    try:
        with open(path, encoding="ascii") as file:
            words = file.read().split()
    except FileNotFoundError:
        return None
    if words[0] not in (tool, "*"):
        return None
    if int(words[1]) > 1:
        with open(path, "w", encoding="ascii") as file:
            file.write(f"{words[0]} {int(words[1]) - 1} {words[2]}\n")
        return None
    os.unlink(path)
    return words[2]


def ask(folder, whom, when):
    """The test kills them now; it comes back unless it kills us as well."""
    path = f"{folder}/asked"
    with open(path + ".new", "w", encoding="ascii") as file:
        file.write(f"{whom} {when} {os.getpid()}\n")
    os.rename(path + ".new", path)
    while os.path.exists(path):
        time.sleep(0.005)


def work(program, argv):
    """The tool itself, with our own files; its status."""
    pid = os.fork()
    if pid == 0:
        os.execv(program, [program, *argv])
    status = os.waitpid(pid, 0)[1]
    return os.waitstatus_to_exitcode(status)


def note(folder, tool, argv):
    """One line in DIR/log for a run that changes something, where one is kept."""
    if not os.path.exists(f"{folder}/logging"):
        return
    import json  # pylint: disable=import-outside-toplevel
    line = json.dumps({"tool": tool, "argv": argv, "changing": True, "at": time.monotonic()})
    handle = os.open(f"{folder}/log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    os.write(handle, line.encode() + b"\n")
    os.close(handle)


def main():
    folder, tool, program, argv = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    if not changing(tool, argv):
        os.execv(program, [program, *argv])
    note(folder, tool, argv)
    mode = take(folder, tool)
    if mode is None:
        os.execv(program, [program, *argv])
    if mode == "fail":
        os.write(2, f"{tool}: made to fail: Input/output error\n".encode())
        return 1
    if mode == "hang":
        while True:
            time.sleep(3600)
    if mode == "lie":
        return 0
    _, whom, when = mode.split("-")
    if when == "before":
        ask(folder, whom, when)
        return work(program, argv)
    status = work(program, argv)
    ask(folder, whom, when)
    return status


os._exit(main())
