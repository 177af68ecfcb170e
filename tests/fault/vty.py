"""bgpd's own socket as one more tool that can fail: what the daemon types there."""

import threading
import time

from proxy import DIRECTORY, END, Proxy

LOOKING = ("show", "do ", "XFRR_", "enable", "disable", "configure", "conf t", "end", "exit", "quit",
           "terminal", "output", "no terminal")


class Bgpd(Proxy):
    """In place of tools.Tools, with the same words."""
    folder = DIRECTORY

    def __init__(self):
        super().__init__()
        self.kill = None  # place.kill
        self.due = None  # [lines until then, mode]
        self.runs = None

    def install(self):
        self.start()

    def has(self, tool):
        return tool == "bgpd"

    def arm(self, _tool, nth, mode):
        with self.lock:
            self.due = [nth, mode]

    def armed(self):
        return self.due is not None

    def disarm(self):
        with self.lock:
            self.due = None

    def asked(self):
        """Kills by itself, like a fake."""
        return None

    def log(self, yes):
        with self.lock:
            runs, self.runs = self.runs, [] if yes else None
        return runs or []

    def mode_of(self, command):
        """What is due now; None for almost everything."""
        if command.strip().startswith(LOOKING):
            return None
        with self.lock:
            if self.runs is not None:
                self.runs.append({"tool": "bgpd", "argv": [command.rstrip()], "changing": True,
                                  "at": time.monotonic()})
            if self.due is None:
                return None
            self.due[0] -= 1
            if self.due[0] > 0:
                return None
            mode, self.due = self.due[1], None
            return mode

    def one(self, client, frr, command):
        mode = self.mode_of(command.decode("utf-8", "replace"))
        if mode is None:
            frr.sendall(command + b"\0")
            return self.relay(frr, client)
        if mode == "fail":
            client.sendall(b"% made to fail: Input/output error\n" + END + bytes([13]))
            return True
        if mode == "lie":
            client.sendall(END + bytes([0]))
            return True
        if mode == "hang":
            threading.Event().wait(30)
            return False
        _, whom, when = mode.split("-")
        if when == "before":
            self.kill(whom)
        if when == "before" and whom != "engine":
            return False
        frr.sendall(command + b"\0")
        try:
            done = self.relay(frr, client)
        except OSError:  # the engine is gone: bgpd has it all the same
            done = False
        if when == "after":
            self.kill(whom)
        return done
