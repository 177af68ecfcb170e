"""A stand-in between the daemon and bgpd's vty socket that can misbehave.

It forwards every command and answer as they are, but for commands that match a
rule: those it refuses in FRR's manner, claims to have done, answers with a closed
connection, or holds until the test lets them go; or it stops bgpd itself as it gets
the command. The rest of FRR is reached by links.
"""

import os
import re
import socket
import socketserver
import threading

from frr import SOCKETS, daemons

DIRECTORY = "/run/frr-proxy"
END = b"\0\0\0"


class Rule:  # pylint: disable=too-few-public-methods
    """What happens to commands that match; times: how often (None: always)."""

    def __init__(self, pattern, action, text="", status=0, times=None):
        assert action in ("refuse", "lie", "drop", "hold", "stop")
        self.pattern = re.compile(pattern)
        self.action = action
        self.text = text
        self.status = status
        self.times = times
        self.hits = 0
        self.go = threading.Event()


class Proxy:
    """start() before the daemon, whose socket_dir is then DIRECTORY."""

    def __init__(self):
        self.rules = []
        self.seen = []
        self.lock = threading.Lock()
        self.server = None
        self.stop_bgpd = self.cont_bgpd = None

    def start(self):
        os.makedirs(DIRECTORY, exist_ok=True)
        os.chmod(DIRECTORY, 0o755)
        for name in daemons():
            if name == "bgpd":
                continue
            os.symlink(f"{SOCKETS}/{name}.vty", f"{DIRECTORY}/{name}.vty")
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            """One connection of the daemon's."""

            def handle(self):
                try:
                    outer.serve(self.request)
                except OSError:
                    pass

        class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
            """A thread for each connection."""
            daemon_threads = True

        self.server = Server(f"{DIRECTORY}/bgpd.vty", Handler)
        os.chmod(f"{DIRECTORY}/bgpd.vty", 0o777)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()

    def rule(self, *args, **named):
        rule = Rule(*args, **named)
        with self.lock:
            self.rules.append(rule)
        return rule

    def clear(self):
        with self.lock:
            self.rules.clear()
            self.seen.clear()

    def match(self, command):
        with self.lock:
            self.seen.append(command)
            for rule in self.rules:
                if rule.times == 0 or not rule.pattern.search(command):
                    continue
                rule.hits += 1
                if rule.times is not None:
                    rule.times -= 1
                return rule
        return None

    def serve(self, client):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as frr:
            frr.connect(f"{SOCKETS}/bgpd.vty")
            pending = b""
            while True:
                more = client.recv(65536)
                if not more:
                    return
                pending += more
                while b"\0" in pending:
                    command, pending = pending.split(b"\0", 1)
                    if not self.one(client, frr, command):
                        return

    def one(self, client, frr, command):
        rule = self.match(command.decode("utf-8", "replace"))
        if rule is not None and rule.action == "drop":
            return False
        if rule is not None and rule.action in ("refuse", "lie"):
            client.sendall(rule.text.encode() + END + bytes([rule.status]))
            return True
        if rule is not None and rule.action == "hold":
            rule.go.wait()
        elif rule is not None:
            self.stop_bgpd()
            threading.Timer(float(rule.text), self.cont_bgpd).start()
        frr.sendall(command + b"\0")
        return self.relay(frr, client)

    @staticmethod
    def relay(frr, client):
        """Passes on one answer: text, three zeros, the status."""
        tail = b""
        while True:
            data = frr.recv(65536)
            if not data:
                return False
            client.sendall(data)
            tail = (tail + data)[-4:]
            if len(tail) == 4 and tail[:3] == END:
                return True
