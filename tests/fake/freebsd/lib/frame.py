"""What every fake tool shares: arguments, output, log, faults, exit.

tests/fault/tools.py does the same to real tools. DIR is the folder of the tool
that was started (never the environment: the daemon starts its tools with none).
In it:

  log        one JSON line for each run, in the order in which they ended:
             {"tool", "argv", "stdin", "exit", "changing", "out", "fault"}
  fault      one line "TOOL NTH MODE": what happens to the NTH run of TOOL
             ("*": any) from now on that changes something. Removed as it
             fires; NTH counts down in the file.
  pids/NAME  pids of the processes the kill modes end

MODE: fail (words on stderr, exit 1, nothing done), hang (sleeps until it is
killed, nothing done), lie (exit 0, not a word, nothing done), and
kill-WHOM-WHEN with WHOM parent, engine or all (everybody in pids/) and WHEN
before or after the real work. kill-parent-before and kill-all-before do not do
the work any more (the tool dies with its parent or its machine);
kill-engine-before does it, since the tool belongs to the parent.
"""

import fcntl
import json
import os
import signal
import sys
import time


class Exit(Exception):
    """Ends the tool with this status."""

    def __init__(self, status):
        Exception.__init__(self, status)
        self.status = status


class Run:
    """One run of a tool: what it was given and what it says."""

    def __init__(self, folder, tool, argv):
        self.dir = folder
        self.tool = tool
        self.argv = argv
        self.said = []
        self._stdin = None

    def out(self, text):
        """Says a line on standard output."""
        self.said.append((1, text + "\n"))

    def err(self, text):
        """Says a line on standard error."""
        self.said.append((2, text + "\n"))

    def raw(self, fd, text):
        """Says text as it is."""
        self.said.append((fd, text))

    def stdin(self):
        """All of standard input, read once."""
        if self._stdin is None:
            data = b""
            while True:
                piece = os.read(0, 65536)
                if not piece:
                    break
                data += piece
            self._stdin = data.decode("utf-8", "surrogateescape")
        return self._stdin

    def given(self):
        """Standard input for the log; None when nobody read it."""
        return self._stdin

    def flush(self):
        """Lets everything said so far go out, in its order."""
        said, self.said = self.said, []
        for fd, text in said:
            data = text.encode("utf-8", "surrogateescape")
            while data:
                try:
                    data = data[os.write(fd, data):]
                except BrokenPipeError:
                    break
        return "".join(text for _, text in said)


def not_implemented(run, what=""):
    """A command outside of what is claimed: never pretend."""
    run.err("fake: not implemented: %s%s" % (
        " ".join([run.tool] + run.argv), " (%s)" % what if what else ""))
    raise Exit(99)


def locked(folder, name):
    """An open file that holds the lock `name` until it is closed."""
    lock = os.open(os.path.join(folder, name), os.O_RDWR | os.O_CREAT, 0o666)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def take_fault(folder, tool):
    """The mode that fires for this changing run, or None."""
    path = os.path.join(folder, "fault")
    if not os.path.exists(path):
        return None
    lock = locked(folder, "fault.lock")
    try:
        try:
            with open(path, encoding="utf-8") as file:
                words = file.read().split()
        except FileNotFoundError:
            return None
        if len(words) != 3 or words[0] not in (tool, "*"):
            return None
        left = int(words[1]) - 1
        if left > 0:
            _write(path, "%s %d %s\n" % (words[0], left, words[2]))
            return None
        os.unlink(path)
        return words[2]
    finally:
        os.close(lock)


def _write(path, text):
    temporary = "%s.%d" % (path, os.getpid())
    with open(temporary, "w", encoding="utf-8",
              errors="surrogateescape") as file:
        file.write(text)
    os.rename(temporary, path)


def kill(folder, whom):
    """Ends those processes. All: stopped first, as a power cut would."""
    place = os.path.join(folder, "pids")
    names = [whom]
    if whom == "all":
        names = sorted(os.listdir(place), key=lambda n: (n != "parent", n))
    pids = []
    for name in names:
        with open(os.path.join(place, name), encoding="ascii") as file:
            pids += [int(word) for word in file.read().split()]
    steps = [signal.SIGSTOP, signal.SIGKILL]
    for step in steps if whom == "all" else steps[1:]:
        for pid in pids:
            try:
                os.kill(pid, step)
            except ProcessLookupError:
                pass


def log(run, status, changing, said, fault):
    """Appends the run to DIR/log."""
    entry = {"tool": run.tool, "argv": run.argv, "stdin": run.given(),
             "exit": status, "changing": changing, "out": said[:4000]}
    if fault:
        entry["fault"] = fault
    line = (json.dumps(entry) + "\n").encode()
    fd = os.open(os.path.join(run.dir, "log"),
                 os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    os.write(fd, line)
    os.close(fd)


def perform(run, changing, work):
    """Runs work(run) -> exit status with the fault that is due; logs; returns
    the status to exit with."""
    fault = take_fault(run.dir, run.tool) if changing else None
    if fault == "hang":
        log(run, None, changing, "", fault)
        while True:
            time.sleep(3600)
    if fault == "lie":
        log(run, 0, changing, "", fault)
        return 0
    if fault == "fail":
        run.err("%s: made to fail: Input/output error" % run.tool)
        log(run, 1, changing, run.flush(), fault)
        return 1
    whom = when = None
    if fault:
        parts = fault.split("-")
        if len(parts) != 3 or parts[0] != "kill" or parts[1] not in (
                "parent", "engine", "all") or parts[2] not in (
                    "before", "after"):
            raise SystemExit("fault: no mode %s" % fault)
        whom, when = parts[1:]
    if when == "before":
        if whom != "engine":
            log(run, None, changing, "", fault)
            kill(run.dir, whom)
            os.kill(os.getpid(), signal.SIGKILL)
        kill(run.dir, whom)
    try:
        status = work(run)
    except Exit as end:
        status = end.status
    if when == "after":
        log(run, status, changing, "".join(t for _, t in run.said), fault)
        kill(run.dir, whom)
        run.flush()
        return status
    log(run, status, changing, run.flush(), fault)
    return status


def main(folder, tool, changes, work):
    """Runs a tool from its command line and exits."""
    run = Run(folder, tool, sys.argv[1:])
    status = perform(run, changes(run.argv), work)
    sys.stdout = None
    os._exit(status)
