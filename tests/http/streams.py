"""streams.py - answers that go on: many listeners, slow ones, gone ones."""

import os
import signal
import socket
import time

import run
from run import check, is_problem, same, start, test, until
from standin import Client, Listener, record

RESYNC = b'event: resync\ndata: {"type":"resync","reason":"slow_reader"}'
BACKLOG = 256 * 1024


def rss(process):
    with open("/proc/%d/status" % process.pid, encoding="ascii") as text:
        for line in text:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    raise AssertionError("no VmRSS")


def name(found):
    """Of a record() of the stand-in."""
    return found.split()[1].decode()


def narrow(h):
    """A client that takes little before it is seen not to read."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.settimeout(10)
    sock.connect(("127.0.0.1", h.port))
    return Client(sock)


def listeners(h, n, target="/stream"):
    """n that have had their first record."""
    found = [Listener(Client(h.connect()), target) for _ in range(n)]
    for one in found:
        check(one.record() is not None, "no first record")
    return found


def close(*several):
    for one in several:
        one.client.close()


@test
def stream_head_and_order():
    for args in ((), ("-s",)):
        with start(args=args) as h:
            one = Listener(Client(h.connect()), "/stream?100000",
                           "Last-Event-ID: e-7\r\n")
            a = one.head()
            same(a.status, 200)
            same(a.headers["content-type"], "text/event-stream")
            same(a.headers["cache-control"], "no-store")
            same(a.headers["transfer-encoding"], "chunked")
            check("content-length" not in a.headers, "a length")
            same(h.engine.requests[0][1]["headers"]["Last-Event-ID"], "e-7")
            same(len(one.record()), 100000 + len("data: first "))
            for i in range(200):
                h.engine.tell(record("n%d" % i, i * 7))
                if i % 50 == 0:
                    time.sleep(0.05)  # it is suspended meanwhile
            same([name(one.record()) for _ in range(200)],
                 ["n%d" % i for i in range(200)])
            close(one)


@test
def stream_to_many():
    """One frame for all; each gets its own and nobody else's."""
    with start() as h:
        many = listeners(h, 100)
        ids = list(h.engine.streams)
        h.engine.tell(record("all"))
        h.engine.tell(record("even"), ids[::2])
        h.engine.tell(record("odd"), ids[1::2])
        h.engine.tell(record("nobody"), [12345678901])
        h.engine.tell(record("last"))
        words = [[name(one.record()) for _ in range(3)] for one in many]
        # The order of connections is not that of requests.
        same(sorted(map(tuple, words)),
             [("all", "even", "last")] * 50 + [("all", "odd", "last")] * 50)
        close(*many)


@test
def stream_late_begin():
    """Begun after the request was suspended, with data right behind."""
    with start() as h:
        one = Listener(Client(h.connect()), "/stream-later?300")
        until(lambda: h.engine.streams, "begun")
        h.engine.tell(record("at-once"))
        same(one.record(), b"event: hello")
        same(name(one.record()), "at-once")
        close(one)


@test
def stream_slow_reader():
    """It loses whole records, is told so once, and nobody else notices."""
    with start() as h:
        slow = Listener(narrow(h))
        quick = listeners(h, 3)
        until(lambda: len(h.engine.streams) == 4, "four streams")
        before = rss(h.process)
        for i in range(3000):
            h.engine.tell(record("n%d" % i, 5000))
            for one in quick:
                same(name(one.record()), "n%d" % i)
        # The sanitizers keep freed memory for a while.
        check("MH_SANITIZED" in os.environ or
              rss(h.process) - before < 3000,
              "memory grew by %d kB" % (rss(h.process) - before))
        same(name(slow.record()), "first")
        h.engine.tell(record("after"))
        got = []
        while not got or name(got[-1]) != "after":
            got.append(slow.record())
            check(got[-1] == RESYNC or len(got[-1]) > 5000 or
                  name(got[-1]) == "after", "half a record: %r" % got[-1][:90])
        same(got.count(RESYNC), 1, "resyncs")
        at = got.index(RESYNC)
        seen = [int(name(one)[1:]) for one in got[:at]]
        same(seen, list(range(len(seen))), "what came before it")
        seen = [int(name(one)[1:]) for one in got[at + 1:-1]]
        same(seen, list(range(3000 - len(seen), 3000)), "what came behind it")
        h.engine.tell(record("again"))
        same(name(slow.record()), "again")
        close(slow, *quick)


@test
def stream_long_beginning():
    """What is sent at first may be more than a slow reader is kept later."""
    with start() as h:
        one = Listener(narrow(h), "/stream?%d" % (BACKLOG * 3))
        until(lambda: h.engine.streams, "begun")
        h.engine.tell(record("behind"))
        time.sleep(0.2)
        same(len(one.record()), BACKLOG * 3 + len("data: first "))
        same(name(one.record()), "behind")
        close(one)


@test
def stream_outlives_time_limits():
    with start(request_timeout_s=1, reply_timeout_s=1) as h:
        one, = listeners(h, 1)
        idle = Client(h.connect())
        check(idle.closed(), "the idle one was kept")
        time.sleep(3.5)
        h.engine.tell(record("still"))
        same(name(one.record()), "still")
        time.sleep(3.5)
        h.engine.tell(record("there"))
        same(name(one.record()), "there")
        close(one)
        idle.close()


@test
def stream_client_gone():
    """The engine hears of it soon, the connection is free again."""
    for args in ((), ("-s",)):
        with start(connections_max=6, args=args) as h:
            time.sleep(0.1)
            many = listeners(h, 3)
            ids = list(h.engine.streams)
            close(*many)
            until(lambda: sorted(h.engine.cancelled) == sorted(ids),
                  "three cancels", 3)
            time.sleep(0.1)
            close(*listeners(h, 3))


def refused(sock, whose):
    """One stream too many: the engine hears that nobody listens, and the
    connection goes on."""
    with Client(sock) as c:
        c.get("/stream")
        doc = is_problem(c.answer(), 429, "too_many_streams")
        check(whose in doc["detail"], doc["detail"])
        c.get("/echo")
        same(c.answer().status, 200)


@test
def streams_leave_room():
    """Half of all connections, and half of one address's, are for requests."""
    unix = os.path.join(run.TMP, "room.sock")

    def local():
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(10)
        sock.connect(unix)
        return sock

    with start(connections_max=20, connections_per_address_max=8,
               unix=unix) as h:
        time.sleep(0.1)
        many = listeners(h, 4)
        refused(h.connect(), "limits.connections_per_address")
        until(lambda: h.engine.cancelled == h.engine.streams[4:], "a cancel")
        # Nothing of what comes meanwhile is for the refused one.
        h.engine.tell(record("all"))
        same([name(one.record()) for one in many], ["all"] * 4)
        # A UNIX socket's are bound by the whole alone.
        many += [Listener(Client(local())) for _ in range(6)]
        for one in many[4:]:
            same(name(one.record()), "first")
        refused(local(), "limits.connections ")
        sock = socket.socket()
        sock.settimeout(10)
        sock.bind(("127.0.0.2", 0))
        sock.connect(("127.0.0.1", h.port))
        refused(sock, "limits.connections ")
        # Who goes makes room.
        close(many.pop(0))
        until(lambda: len(h.engine.cancelled) == 4, "its cancel")
        time.sleep(0.1)
        many += listeners(h, 1)
        # A HEAD is no stream.
        with Client(local()) as c:
            c.get("/stream", method="HEAD")
            same(c.answer(head_only=True).status, 200)
        close(*many)


@test
def streams_one_at_least():
    with start(connections_max=3, connections_per_address_max=1) as h:
        time.sleep(0.1)
        close(*listeners(h, 1))


@test
def stream_gone_while_told():
    """Clients that go away in the middle of what they are sent."""
    with start() as h:
        for turn in range(20):
            many = listeners(h, 10)
            for i in range(turn * 3):
                h.engine.tell(record("n%d" % i, 3000))
            close(*many)
        until(lambda: len(h.engine.cancelled) == 200, "all are cancelled")
        with Client(h.connect()) as c:
            c.get("/echo")
            same(c.answer().status, 200)


@test
def stream_head_only():
    """HEAD has the head, no body, and the connection goes on."""
    with start() as h, Client(h.connect()) as c:
        c.get("/stream", method="HEAD")
        a = c.answer(head_only=True)
        same((a.status, a.headers["content-type"]),
             (200, "text/event-stream"))
        until(lambda: h.engine.cancelled == h.engine.streams, "cancelled")
        c.get("/echo")
        same(c.answer().status, 200)


@test
def stream_end():
    """The engine ends it: all that was sent arrives, then an orderly end, and
    the connection serves the next request under the usual limits."""
    with start(request_timeout_s=2) as h:
        one, = listeners(h, 1)
        ident = h.engine.streams[0]
        h.engine.tell(record("last", 60000))
        h.engine.end_stream(ident)
        h.engine.tell(record("late"), [ident])
        same(name(one.record()), "last")
        same(one.record(), None)
        one.client.get("/echo")
        same(one.client.answer().status, 200)
        same(h.engine.cancelled, [])
        began = time.monotonic()
        check(one.client.closed(), "kept open")
        check(time.monotonic() - began < 4.5, "no limit any more")
        close(one)


@test
def stream_http_10():
    with start() as h, Client(h.connect()) as c:
        c.send("GET /stream HTTP/1.0\r\n\r\n")
        a = c.answer(head_only=True)
        same(a.status, 200)
        check("transfer-encoding" not in a.headers, "chunks for HTTP/1.0")
        until(lambda: h.engine.streams, "begun")
        h.engine.tell(record("one"))
        h.engine.end_stream(h.engine.streams[0])
        same(c.stream.read(), record("first") + record("one"))


@test
def stream_engine_gone():
    """Its streams end; a new engine has new ones."""
    with start() as h:
        many = listeners(h, 5)
        h.engine.tell(record("last"))
        h.engine.close()
        for one in many:
            same(name(one.record()), "last")
            same(one.record(), None)
            one.client.get("/echo")
            same(one.client.answer().status, 503)
        h.connect_engine()
        for one in many:
            one.client.get("/echo")
            same(one.client.answer().status, 200)
        close(*many)


@test
def stream_engine_replaced():
    with start() as h:
        many = listeners(h, 5)
        old, h.engine = h.engine, None
        h.connect_engine()
        for one in many:
            same(one.record(), None)
        close(*many, *listeners(h, 2))
        old.close()


@test
def stream_stop():
    """Streams do not hold up the end, not even one that nobody reads."""
    h = start()
    many = listeners(h, 5)
    slow = Listener(narrow(h), "/stream?1000000")
    until(lambda: len(h.engine.streams) == 6, "six streams")
    began = time.monotonic()
    os.kill(h.process.pid, signal.SIGTERM)
    for one in many:
        same(one.record(), None)
    check(time.monotonic() - began < 1, "an idle stream was not ended at once")
    same(h.stop(), 0)
    check(time.monotonic() - began < 6, "it took too long to stop")
    close(slow, *many)


@test
def stream_malformed_frames():
    """An engine that breaks the protocol ends http, as with any other frame."""
    for bad in (b"\1\0\0\0" + b"\0" * 8 + b"\5\0\0\0abc",
                b"\0\0\0\0\0\0\0\0", b"\xff\xff\xff\xff\0\0\0\0"):
        h = start()
        one, = listeners(h, 1)
        h.engine.send_raw(bad)
        try:
            one.record()
        except (EOFError, ValueError):
            pass
        same(h.process.wait(10), 1, "exit status")
        close(one)
        h.stop()
