"""A running lab as others find it: a directory build/lab/NAME/ with its state."""

import json
import os
import shutil
import signal
import time

from place import BUILD, LabError

NAME = os.environ.get("LAB_INSTANCE", "lab")


class Instance:
    """state: mode ("vm" or "host"), pid, start (of that process), ssh_port, api_port"""

    def __init__(self, name=NAME):
        self.name = name
        self.directory = os.path.join(BUILD, "run-" + name)
        self.state = {}
        try:
            with open(self.path("state.json"), encoding="ascii") as file:
                self.state = json.load(file)
        except (OSError, ValueError):
            pass

    def path(self, *names):
        return os.path.join(self.directory, *names)

    def alive(self):
        pid = self.state.get("pid")
        return pid is not None and start_time(pid) == self.state.get("start")

    def need(self):
        if not self.alive():
            raise LabError("no lab is running: start it with `tests/lab/lab up`")

    def create(self):
        if self.alive():
            raise LabError(f"a lab named {self.name} is running already (lab down)")
        shutil.rmtree(self.directory, ignore_errors=True)
        os.makedirs(self.path("keys"))
        os.makedirs(self.path("share"))
        os.chmod(self.directory, 0o700)

    def save(self, **state):
        self.state.update(state)
        if "pid" in state:
            self.state["start"] = start_time(state["pid"])
        with open(self.path("state.json"), "w", encoding="ascii") as file:
            json.dump(self.state, file)

    def end(self):
        """Ends the machine, if there is one, and removes all that was its own but
        the logs."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # nothing may cut this short
        pid = self.state.get("pid")
        if self.alive():
            os.kill(pid, signal.SIGTERM)
            wait_gone(pid, self.state["start"], 10)
            if self.alive():
                os.kill(pid, signal.SIGKILL)
                wait_gone(pid, self.state["start"], 10)
        for name in ("keys", "feed", "share"):
            shutil.rmtree(self.path(name), ignore_errors=True)
        for name in ("state.json", "contexts.json", "token", "env"):
            try:
                os.remove(self.path(name))
            except FileNotFoundError:
                pass
        self.state = {}


def start_time(pid):
    """Tells a process from a later one with the same number; None when gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


def wait_gone(pid, start, seconds):
    end = time.monotonic() + seconds
    while start_time(pid) == start and time.monotonic() < end:
        try:
            os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            pass
        time.sleep(0.05)
