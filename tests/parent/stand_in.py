#!/usr/bin/python3
"""A stand-in for multihomed-engine and multihomed-http.

Does what wire/setup.h asks of a child, notes what happens in
$MH_TEST_DIR/events, and obeys one-line JSON commands on the UNIX socket
$MH_TEST_DIR/NAME.ctl, so that the test can act through it.
"""
import array
import fcntl
import json
import os
import select
import signal
import socket
import struct
import sys
import time

HERE = os.environ["MH_TEST_DIR"]
NAME = os.path.basename(sys.argv[0]).replace("multihomed-", "")


def note(text):
    with open(os.path.join(HERE, "events"), "a", encoding="utf-8") as f:
        f.write(f"{time.monotonic():.3f} {NAME} {os.getpid()} {text}\n")


def on_term(_signo, _frame):
    note("term")
    delay = os.path.join(HERE, NAME + ".term_delay")
    if os.path.exists(delay):
        time.sleep(float(open(delay, encoding="utf-8").read()))
    note("exit")
    os._exit(0)


def read_exactly(sock, n):
    data = b""
    while len(data) < n:
        more = sock.recv(n - len(data))
        if not more:
            os._exit(0)
        data += more
    return data


class Child:
    def __init__(self):
        # What stays open besides is told to the test: taken first.
        self.fds = sorted(int(fd) for fd in os.listdir("/proc/self/fd"))
        self.setup = socket.socket(fileno=3)
        self.op = socket.socket(fileno=4) if NAME == "engine" else None
        self.key, self.key_flags = b"", None
        if NAME == "engine":
            self.key = os.pread(5, 1000, 0)
            self.key_flags = fcntl.fcntl(5, fcntl.F_GETFL) & os.O_ACCMODE
            os.close(5)
        self.frames = None
        self.n_sockets = 0
        head = read_exactly(self.setup, 16)
        size = struct.unpack("<IIII", head)[2]
        self.text = read_exactly(self.setup, size)
        self.control = socket.socket(socket.AF_UNIX)
        path = os.path.join(HERE, NAME + ".ctl")
        if os.path.exists(path):
            os.unlink(path)
        self.control.bind(path)
        self.control.listen(4)
        note("setup")

    def take_socket(self):
        fds = array.array("i")
        data, control, _flags, _addr = self.setup.recvmsg(
            1, socket.CMSG_LEN(fds.itemsize))
        if not data:
            note("parent_gone")
            os._exit(0)
        assert data == b"P", data
        fds.frombytes(control[0][2])
        self.frames = socket.socket(fileno=fds[0])
        self.n_sockets += 1
        note("socket")

    def ops(self, data, timeout):
        """Sends raw bytes, returns what came back: whole answers only."""
        self.op.sendall(data)
        self.op.settimeout(timeout)
        try:
            head = read_exactly(self.op, 16)
            return head + read_exactly(self.op,
                                       struct.unpack("<IIII", head)[3])
        except socket.timeout:
            return b""

    def obey(self, c):
        what = c["do"]
        if what == "state":
            return {"setup": self.text.hex(), "fds": self.fds,
                    "env": dict(os.environ), "sockets": self.n_sockets,
                    "key": self.key.hex(), "key_flags": self.key_flags,
                    "argv": sys.argv, "sid": os.getsid(0),
                    "pid": os.getpid()}
        if what == "send":
            self.frames.sendall(c["text"].encode())
            return {}
        if what == "recv":
            self.frames.settimeout(5)
            return {"text": self.frames.recv(1000).decode()}
        if what == "stderr":
            os.write(2, bytes.fromhex(c["hex"]))
            return {}
        if what == "op":
            answer = self.ops(bytes.fromhex(c["hex"]), c.get("timeout", 20))
            return {"hex": answer.hex()}
        raise ValueError(what)

    def run(self):
        while True:
            ready, _, _ = select.select([self.setup, self.control], [], [])
            if self.setup in ready:
                self.take_socket()
            if self.control in ready:
                client, _ = self.control.accept()
                line = client.makefile("r").readline()
                client.sendall((json.dumps(self.obey(json.loads(line))) +
                                "\n").encode())
                client.close()


signal.signal(signal.SIGTERM, on_term)
if os.path.exists(os.path.join(HERE, NAME + ".die")):
    note("die")
    sys.exit(3)
note("start")
Child().run()
