"""standin.py - a parent and an engine for build/multihomed-http alone.

The parent's part: the setup message of wire/setup.h on descriptor 3 and the
frame socket behind it. The engine's part: a thread that speaks wire/frame.h
and answers by target, so that every test can ask for the engine it needs.
"""

import ctypes
import json
import os
import re
import signal
import socket
import struct
import subprocess
import threading
import time

SETUP_MAGIC = 0x4D480053
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "../../server/wire/setup.h"), encoding="ascii") as header:
    SETUP_VERSION = int(re.search(r"SETUP_VERSION = (\d+)",
                                  header.read()).group(1))
FRAME_MAGIC = 0x4D480001
HEAD = struct.Struct("<IHHQI")
REQUEST, REPLY, CANCEL, STREAM, DATA, END = 1, 2, 3, 4, 5, 6
REQUEST_HEADERS = ["Authorization", "Content-Type", "Accept", "If-Match",
                   "If-None-Match", "Idempotency-Key", "Prefer",
                   "X-Request-Id", "Last-Event-ID"]
REPLY_HEADERS = ["Content-Type", "ETag", "Location", "Retry-After", "Allow",
                 "WWW-Authenticate", "X-Request-Id", "Idempotent-Replayed",
                 "Preference-Applied", "Link", "Cache-Control",
                 "X-Confirm-Pending"]


class Setup(ctypes.Structure):
    """struct setup_http of wire/setup.h."""
    _fields_ = [
        ("user", ctypes.c_char * 32),
        ("chroot", ctypes.c_char * 256),
        ("listen_tcp", (ctypes.c_char * 64) * 8),
        ("listen_unix", ctypes.c_char * 256),
        ("listen_unix_mode", ctypes.c_uint32),
        ("listen_unix_gid", ctypes.c_uint32),
        ("n_listen", ctypes.c_uint32),
        ("tls", ctypes.c_uint32),
        ("tls_certificate_len", ctypes.c_uint32),
        ("tls_key_len", ctypes.c_uint32),
        ("tls_client_ca_len", ctypes.c_uint32),
        ("body_max", ctypes.c_uint32),
        ("header_max", ctypes.c_uint32),
        ("connections_max", ctypes.c_uint32),
        ("connections_per_address_max", ctypes.c_uint32),
        ("request_timeout_s", ctypes.c_uint32),
        ("reply_timeout_s", ctypes.c_uint32),
        ("log_level", ctypes.c_uint32),
    ]


def record(name, size=0):
    """One record of a stream."""
    return b"data: %s %s\n\n" % (name.encode(), b"x" * size)


def free_port(family=socket.AF_INET, host="127.0.0.1"):
    with socket.socket(family, socket.SOCK_STREAM) as s:
        s.bind((host, 0))
        return s.getsockname()[1]


def reply_frame(request_id, status, headers, body, kind=REPLY):
    payload = [struct.pack("<H", status)]
    for name in REPLY_HEADERS:
        value = headers.get(name)
        if value is None:
            payload.append(b"\0")
        else:
            value = value.encode()
            payload.append(b"\1" + struct.pack("<H", len(value)) + value)
    payload.append(struct.pack("<I", len(body)) + body)
    payload = b"".join(payload)
    return HEAD.pack(FRAME_MAGIC, kind, 0, request_id, len(payload)) + payload


def data_frame(ids, data):
    payload = (struct.pack("<I", len(ids)) + struct.pack(f"<{len(ids)}Q", *ids)
               + struct.pack("<I", len(data)) + data)
    return HEAD.pack(FRAME_MAGIC, DATA, 0, 0, len(payload)) + payload


def end_frame(request_id):
    return HEAD.pack(FRAME_MAGIC, END, 0, request_id, 0)


def read_request(payload):
    at = 0

    def take(n):
        nonlocal at
        at += n
        assert at <= len(payload)
        return payload[at - n:at]

    req = {"method": take(take(1)[0]).decode()}
    req["target"] = take(struct.unpack("<H", take(2))[0]).decode()
    req["secure"] = take(1)[0]
    req["connection"] = struct.unpack("<Q", take(8))[0]
    req["peer"] = take(take(1)[0]).decode()
    req["headers"] = {}
    for name in REQUEST_HEADERS:
        if take(1)[0]:
            value = take(struct.unpack("<H", take(2))[0])
            req["headers"][name] = value.decode("latin-1")
    req["body"] = take(struct.unpack("<I", take(4))[0])
    assert at == len(payload)
    return req


class Engine(threading.Thread):
    """Answers /echo, /big?N, /status/N, /later?MS, /headers; holds /hold;
    /stream?N begins a stream with N bytes, /stream-later?MS one after a while.
    """

    def __init__(self, sock):
        super().__init__(daemon=True)
        self.sock = sock
        self.requests = []
        self.cancelled = []
        self.held = []
        self.streams = []
        self.lock = threading.Lock()
        self.start()

    def send(self, data):
        with self.lock:
            try:
                self.sock.sendall(data)
            except OSError:
                pass

    def reply(self, request_id, status=200, headers=None, body=b"{}"):
        head = {"Content-Type": "application/json"}
        head.update(headers or {})
        self.send(reply_frame(request_id, status, head, body))

    def begin_stream(self, request_id, first=b"event: hello\n\n"):
        self.streams.append(request_id)
        self.send(reply_frame(request_id, 200,
                              {"Content-Type": "text/event-stream"}, first,
                              STREAM))

    def tell(self, data, ids=None):
        """More for these streams, or for all."""
        self.send(data_frame(self.streams if ids is None else ids, data))

    def end_stream(self, request_id):
        self.streams.remove(request_id)
        self.send(end_frame(request_id))

    def send_raw(self, payload, kind=DATA):
        self.send(HEAD.pack(FRAME_MAGIC, kind, 0, 0, len(payload)) + payload)

    def exactly(self, n):
        data = b""
        while len(data) < n:
            more = self.sock.recv(n - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def run(self):
        try:
            while True:
                magic, kind, zero, ident, size = HEAD.unpack(
                    self.exactly(HEAD.size))
                assert magic == FRAME_MAGIC and zero == 0
                payload = self.exactly(size)
                if kind == CANCEL:
                    self.cancelled.append(ident)
                    continue
                assert kind == REQUEST
                self.handle(ident, read_request(payload))
        except (EOFError, OSError):
            pass

    def handle(self, ident, req):
        self.requests.append((ident, req))
        path, _, query = req["target"].partition("?")
        if path == "/hold":
            self.held.append(ident)
        elif path == "/stream":
            self.begin_stream(ident, record("first", int(query or 0)))
        elif path == "/stream-later":
            threading.Timer(int(query) / 1000, self.begin_stream,
                            (ident,)).start()
        elif path == "/big":
            self.reply(ident, body=b"x" * int(query))
        elif path == "/later":
            threading.Timer(int(query) / 1000, self.reply, (ident,)).start()
        elif path.startswith("/status/"):
            status = int(path[8:])
            body = b"" if status in (204, 304) else b"{}"
            self.reply(ident, status, {"ETag": '"abc"'}, body)
        elif path == "/headers":
            self.reply(ident, 201, {name: "v-" + name
                                    for name in REPLY_HEADERS})
        elif path == "/garbage":
            self.send(b"this is no frame at all.....")
        else:
            shown = dict(req, body=len(req["body"]))
            self.reply(ident, body=json.dumps(shown).encode())

    def close(self):
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.sock.close()


class Http:
    """One build/multihomed-http with its stand-in parent."""

    def __init__(self, program, log, engine=True, pem=(b"", b"", b""),
                 unix="", unix_gid=None, args=(), tcp6=False, **limits):
        self.port = free_port()
        setup = Setup()
        setup.n_listen = 1
        setup.listen_tcp[0].value = b"127.0.0.1:%d" % self.port
        if tcp6:
            self.port6 = free_port(socket.AF_INET6, "::1")
            setup.n_listen = 2
            setup.listen_tcp[1].value = b"[::1]:%d" % self.port6
        setup.listen_unix = unix.encode()
        setup.listen_unix_mode = 0o660
        setup.listen_unix_gid = 0xFFFFFFFF if unix_gid is None else unix_gid
        setup.tls = 1 if pem[0] else 0
        (setup.tls_certificate_len, setup.tls_key_len,
         setup.tls_client_ca_len) = (len(p) for p in pem)
        defaults = {"body_max": 1048576, "header_max": 16384,
                    "connections_max": 256,
                    "connections_per_address_max": 256,
                    "request_timeout_s": 15, "reply_timeout_s": 120,
                    "log_level": 3}
        defaults.update(limits)
        for key, value in defaults.items():
            setattr(setup, key, value)
        self.parent, child = socket.socketpair()
        message = bytes(setup) + b"".join(pem)
        self.log = open(log, "ab")
        # Descriptor 3 is wherever the child finds it.
        self.process = subprocess.Popen(
            [program, *args], stderr=self.log, close_fds=False,
            preexec_fn=lambda: (os.dup2(child.fileno(), 3),
                                os.closerange(4, 256)))
        child.close()
        self.parent.sendall(struct.pack("<IIII", SETUP_MAGIC, SETUP_VERSION,
                                        len(message), 0) + message)
        self.engine = None
        if engine:
            self.connect_engine()
        self.wait_ready(unix)

    def wait_ready(self, unix):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError("http exited with %d"
                                   % self.process.returncode)
            try:
                self.connect().close()
                if not unix or os.path.exists(unix):
                    return
            except OSError:
                time.sleep(0.01)
        raise RuntimeError("http does not listen")

    def connect_engine(self, wait=0.05):
        if self.engine:
            self.engine.close()
        ours, theirs = socket.socketpair()
        socket.send_fds(self.parent, [b"P"], [theirs.fileno()])
        theirs.close()
        self.engine = Engine(ours)
        time.sleep(wait)
        return self.engine

    def connect(self, timeout=10):
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def stop(self, number=signal.SIGTERM, timeout=10):
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            status = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = "killed, it did not stop"
            self.process.wait()
        self.parent.close()
        if self.engine:
            self.engine.close()
        self.log.close()
        return status

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        status = self.stop()
        if exc[0] is None and status != 0:
            raise AssertionError("exit status %s" % status)


class Answer:
    """One HTTP/1.1 response read from a socket."""

    def __init__(self, stream, head_only=False):
        line = stream.readline()
        if not line:
            raise EOFError("connection closed")
        self.version, status, self.reason = line.decode().split(" ", 2)
        self.status = int(status)
        self.headers = {}
        while True:
            line = stream.readline().decode("latin-1").rstrip("\r\n")
            if not line:
                break
            name, _, value = line.partition(":")
            self.headers[name.lower()] = value.strip()
        size = int(self.headers.get("content-length", 0))
        if self.status == 100:
            self.body = b""
            return
        if head_only or self.status in (204, 304):
            size = 0
        self.body = stream.read(size)

    def json(self):
        return json.loads(self.body)


class Listener:
    """Reads a stream record by record."""

    def __init__(self, client, target="/stream", headers=""):
        self.client = client
        client.get(target, headers)
        self.rest = b""
        self.answer = None
        self.ended = False

    def head(self):
        self.answer = Answer(self.client.stream, True)
        return self.answer

    def more(self):
        """One chunk of the body; False when it has ended well."""
        size = int(self.client.stream.readline(), 16)
        data = self.client.stream.read(size)
        if len(data) < size or self.client.stream.readline() != b"\r\n":
            raise EOFError("the chunk ends early")
        self.rest += data
        self.ended = size == 0
        return not self.ended

    def record(self):
        """The next record without its end; None after the last."""
        if self.answer is None:
            self.head()
        while b"\n\n" not in self.rest:
            if not self.more():
                return None
        found, _, self.rest = self.rest.partition(b"\n\n")
        return found


class Client:
    """A socket with HTTP habits, or none."""

    def __init__(self, sock):
        self.sock = sock
        self.stream = sock.makefile("rb")

    def send(self, data):
        self.sock.sendall(data if isinstance(data, bytes) else data.encode())

    def get(self, target, headers="", method="GET"):
        self.send("%s %s HTTP/1.1\r\nHost: h\r\n%s\r\n"
                  % (method, target, headers))

    def answer(self, head_only=False):
        return Answer(self.stream, head_only)

    def closed(self):
        """The other side ends the connection (and says nothing more)."""
        try:
            return self.stream.read(1) == b""
        except ConnectionResetError:
            return True

    def close(self):
        self.stream.close()
        self.sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()
