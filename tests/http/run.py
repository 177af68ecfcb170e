#!/usr/bin/python3
"""run.py - build/multihomed-http alone, against a stand-in engine.

usage: run.py [NAME...]     BUILD=build names the directory

One line per test, "ok NAME" or "FAIL NAME why" or "skip NAME why"; the last
line is "http: N passed, N failed, N skipped". Exit status 1 when one failed.
"""

import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import traceback

import standin
from standin import Client, Http

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
PROGRAM = os.path.join(BUILD, "multihomed-http")
TMP = None
TESTS = []


class Skip(Exception):
    pass


def test(function):
    TESTS.append(function)
    return function


def start(**kw):
    return Http(PROGRAM, os.path.join(TMP, "http.log"), **kw)


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def same(got, want, what=""):
    if got != want:
        raise AssertionError("%s%r instead of %r" % (
            what + ": " if what else "", got, want))


def is_problem(answer, status, code):
    """The whole form that every refusal has."""
    same(answer.status, status, "status")
    same(answer.headers.get("content-type"), "application/problem+json")
    same(answer.headers.get("cache-control"), "no-store")
    same(answer.headers.get("x-content-type-options"), "nosniff")
    check("server" not in answer.headers, "a Server header")
    doc = answer.json()
    same(doc["status"], status, "status member")
    same(doc["code"], code, "code")
    same(doc["type"], "https://multihomed.dev/problems/" + code)
    same(doc["request_id"], answer.headers.get("x-request-id"), "request id")
    check(doc["title"] and doc["detail"], "no title or detail")
    same(str(doc.get("retry_after_s", "")),
         answer.headers.get("retry-after", ""), "Retry-After")
    return doc


def until(condition, what, seconds=5):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("never: " + what)
        time.sleep(0.01)


# ---------------------------------------------------------------- requests

@test
def request_forwarded():
    with start() as h, Client(h.connect()) as c:
        c.get("/v1/x%2Fy/../z?a=b%20c&d", "Authorization: Bearer t\r\n"
              "Accept: a/b\r\nIf-Match: \"1\"\r\nIf-None-Match: \"2\"\r\n"
              "Idempotency-Key: k\r\nPrefer: p\r\nX-Request-Id: my.id-1\r\n"
              "Content-Type: c/d \t\r\nCookie: secret=1\r\n")
        a = c.answer()
        same(a.status, 200)
        req = a.json()
        same(req["target"], "/v1/x%2Fy/../z?a=b%20c&d")
        same(req["method"], "GET")
        same(req["peer"], "127.0.0.1")
        same(req["secure"], 0)
        same(req["headers"], {
            "Authorization": "Bearer t", "Accept": "a/b",
            "If-Match": '"1"', "If-None-Match": '"2"',
            "Idempotency-Key": "k", "Prefer": "p", "X-Request-Id": "my.id-1",
            "Content-Type": "c/d"})
        same(a.headers["x-request-id"], "my.id-1")
        same(a.headers["cache-control"], "no-store")
        same(a.headers["x-content-type-options"], "nosniff")
        check("server" not in a.headers, "a Server header")


@test
def connection_numbers():
    """The same on one connection, another on each other one and next time."""
    seen = set()
    unix = os.path.join(TMP, "numbers.sock")

    def numbers(sock):
        with Client(sock) as c:
            got = set()
            for _ in range(3):
                c.get("/echo")
                got.add(c.answer().json()["connection"])
        same(len(got), 1, "numbers of one connection")
        check(got.isdisjoint(seen), "a number came twice")
        check(0 not in got, "number 0")
        seen.update(got)

    for _ in range(2):
        with start(unix=unix) as h:
            for _ in range(3):
                numbers(h.connect())
            local = socket.socket(socket.AF_UNIX)
            local.connect(unix)
            numbers(local)
    same(len(seen), 8)


@test
def reply_headers():
    with start() as h, Client(h.connect()) as c:
        c.get("/headers")
        a = c.answer()
        same(a.status, 201)
        for name in standin.REPLY_HEADERS:
            if name != "X-Request-Id":
                same(a.headers.get(name.lower()), "v-" + name)
        check(a.headers["x-request-id"].startswith("r-"), "no id of ours")


@test
def request_id_replaced():
    with start() as h, Client(h.connect()) as c:
        seen = set()
        for bad in ("a b", "x" * 65, "a\"b", "", "\u00e9"):
            c.get("/echo", "X-Request-Id: %s\r\n" % bad)
            ident = c.answer().headers["x-request-id"]
            check(ident.startswith("r-"), "kept %r as %r" % (bad, ident))
            seen.add(ident)
        same(len(seen), 5)
        c.get("/echo", "X-Request-Id: %s\r\n" % ("x" * 64))
        same(c.answer().headers["x-request-id"], "x" * 64)


@test
def keep_alive():
    with start() as h, Client(h.connect()) as c:
        for i in range(50):
            c.get("/echo?%d" % i)
            same(c.answer().json()["target"], "/echo?%d" % i)


@test
def pipelining():
    with start() as h, Client(h.connect()) as c:
        c.send("".join("GET /later?%d HTTP/1.1\r\nHost: h\r\n"
                       "X-Request-Id: p%d\r\n\r\n" % ((5 - i) * 20, i)
                       for i in range(5)))
        same([c.answer().headers["x-request-id"] for _ in range(5)],
             ["p0", "p1", "p2", "p3", "p4"])


@test
def head_is_get_without_body():
    with start() as h, Client(h.connect()) as c:
        c.get("/big?777", method="HEAD")
        a = c.answer(head_only=True)
        same(a.status, 200)
        same(a.headers["content-length"], "777")
        same(h.engine.requests[-1][1]["method"], "GET")
        c.get("/echo")
        same(c.answer().status, 200)


@test
def any_method():
    with start() as h, Client(h.connect()) as c:
        for method in ("PATCH", "DELETE", "OPTIONS", "BREW", "PUT", "POST"):
            c.get("/echo", method=method)
            same(c.answer().json()["method"], method)


@test
def statuses():
    with start() as h, Client(h.connect()) as c:
        for status in (204, 304, 404, 412, 500):
            c.get("/status/%d" % status)
            a = c.answer()
            same(a.status, status)
            same(a.headers["etag"], '"abc"')


@test
def body_by_length():
    with start() as h, Client(h.connect()) as c:
        for n in (0, 1, 4096, 300000, 1048576):
            c.send("PATCH /echo HTTP/1.1\r\nHost: h\r\n"
                   "Content-Length: %d\r\n\r\n" % n)
            c.send(b"b" * n)
            same(c.answer().json()["body"], n)
            same(h.engine.requests[-1][1]["body"], b"b" * n)


@test
def body_chunked():
    with start() as h, Client(h.connect()) as c:
        for sizes in ((3,), (1, 20000, 7), (500000, 500000), ()):
            c.send("POST /echo HTTP/1.1\r\nHost: h\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n")
            for n in sizes:
                c.send(b"%x\r\n" % n + b"c" * n + b"\r\n")
            c.send(b"0\r\n\r\n")
            same(c.answer().json()["body"], sum(sizes))


@test
def expect_continue():
    with start() as h, Client(h.connect()) as c:
        c.send("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n"
               "Expect: 100-continue\r\n\r\n")
        same(c.answer().status, 100)
        c.send("12345")
        same(c.answer().json()["body"], 5)


@test
def big_replies():
    with start() as h, Client(h.connect()) as c:
        for n in (0, 100000, 131000, 131072, 140000, 5000000):
            c.get("/big?%d" % n)
            a = c.answer()
            same(len(a.body), n)
            same(a.body, b"x" * n)


@test
def http_1_0():
    with start() as h, Client(h.connect()) as c:
        c.send("GET /echo HTTP/1.0\r\n\r\n")
        same(c.answer().status, 200)
        check(c.closed(), "kept open")


@test
def many_at_once():
    with start() as h:
        clients = [Client(h.connect()) for _ in range(100)]
        for turn in range(10):
            for i, c in enumerate(clients):
                c.get("/echo?%d" % (turn * 1000 + i))
            for i, c in enumerate(clients):
                same(c.answer().json()["target"],
                     "/echo?%d" % (turn * 1000 + i))
        for c in clients:
            c.close()


@test
def ipv6_peer():
    with start(tcp6=True) as h:
        sock = socket.create_connection(("::1", h.port6), 5)
        with Client(sock) as c:
            c.get("/echo")
            same(c.answer().json()["peer"], "::1")


# ---------------------------------------------------------------- refusals

def refused(h, data, status, code, closes=True):
    with Client(h.connect()) as c:
        c.send(data)
        doc = is_problem(c.answer(), status, code)
        if closes:
            check(c.closed(), "kept open")
        return doc


@test
def malformed_400():
    with start() as h:
        for data in (
                "GET /x HTTP/1.1\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /x\x01 HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /x y HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /x\x00y HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /x?\x00=1 HTTP/1.1\r\nHost: h\r\n\r\n",
                b"GET /\xc3\xa9 HTTP/1.1\r\nHost: h\r\n\r\n",
                "G\x02T /x HTTP/1.1\r\nHost: h\r\n\r\n",
                "M" * 33 + " /x HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: h\r\nAccept : x\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: h\r\nPrefer: a\x7fb\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: h\r\nPrefer: 1\r\nprefer: 2\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: h\r\nAuthorization: 1\r\n"
                "Authorization: 1\r\n\r\n"):
            refused(h, data, 400, "invalid")
        same(h.engine.requests, [], "forwarded")


@test
def smuggling_400():
    with start() as h:
        for data in (
                "Content-Length: 3\r\nContent-Length: 3\r\n",
                "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "Content-Length : 3\r\n"):
            refused(h, "POST /x HTTP/1.1\r\nHost: h\r\n%s\r\nabc" % data,
                    400, "invalid")
        refused(h, "POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
                400, "invalid")
        refused(h, "POST /x HTTP/1.1\r\nHost: h\r\n"
                "Transfer-Encoding: gzip, chunked\r\n\r\n", 501, "unsupported")
        same(h.engine.requests, [], "forwarded")


@test
def malformed_beyond_us():
    """libmicrohttpd refuses these itself: a status, and the end."""
    with start() as h:
        for data, status in (
                ("GET /x HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n", 400),
                ("GET /x HTTP/2.0\r\nHost: h\r\n\r\n", 505),
                ("GET /x JUNK\r\nHost: h\r\n\r\n", 400),
                ("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
                 400),
                ("POST /x HTTP/1.1\r\nHost: h\r\n"
                 "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400)):
            with Client(h.connect()) as c:
                c.send(data)
                same(c.answer().status, status, repr(data))
                c.stream.read() # to the end
        with Client(h.connect()) as c:
            c.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")
            c.sock.shutdown(socket.SHUT_WR)
            c.stream.read()
        with Client(h.connect()) as c:
            c.get("/echo")
            same(c.answer().status, 200)
        same(len(h.engine.requests), 1, "forwarded")


@test
def too_large_413():
    with start(body_max=1000) as h:
        head = "POST /x HTTP/1.1\r\nHost: h\r\nX-Request-Id: big\r\n"
        doc = refused(h, head + "Content-Length: 1001\r\n\r\n", 413,
                      "too_large")
        same(doc["request_id"], "big")
        # The whole body sent regardless: the answer must survive it.
        refused(h, head + "Content-Length: 2000000\r\n\r\n" + "x" * 2000000,
                413, "too_large")
        refused(h, head + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n"
                + "x" * 1001 + "\r\n0\r\n\r\n", 413, "too_large")
        refused(h, head + "Transfer-Encoding: chunked\r\n\r\n"
                + ("400\r\n" + "x" * 1024 + "\r\n") * 1000, 413, "too_large")
        same(h.engine.requests, [], "forwarded")
        with Client(h.connect()) as c:
            c.send(head + "Transfer-Encoding: chunked\r\n\r\n3e8\r\n"
                   + "x" * 1000 + "\r\n0\r\n\r\n")
            same(c.answer().json()["body"], 1000)


@test
def expect_continue_413():
    with start(body_max=1000) as h:
        refused(h, "PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n"
                "Expect: 100-continue\r\n\r\n", 413, "too_large")


@test
def upload_budget_503():
    with start() as h:
        clients = []
        for _ in range(33):
            c = Client(h.connect())
            c.send("POST /x HTTP/1.1\r\nHost: h\r\n"
                   "Content-Length: 1048576\r\n\r\n")
            c.send(b"x" * 1048000)
            clients.append(c)
        ended = []
        until(lambda: ended.extend(c for c in clients if readable(c)) or ended,
              "one is refused")
        is_problem(ended[0].answer(), 503, "busy")
        for c in clients:
            c.close()
        with Client(h.connect()) as c:
            c.get("/echo")
            same(c.answer().status, 200)


def readable(c):
    c.sock.settimeout(0)
    try:
        return c.sock.recv(1, socket.MSG_PEEK) != b""
    except OSError:
        return False
    finally:
        c.sock.settimeout(10)


@test
def target_414():
    with start() as h:
        with Client(h.connect()) as c:
            c.get("/echo?" + "a" * 4090)
            same(len(c.answer().json()["target"]), 4096)
        for n in (4097, 9000, 16000):
            refused(h, "GET /%s HTTP/1.1\r\nHost: h\r\n\r\n" % ("a" * n),
                    414, "target_too_long")
        # Thousands of arguments are no burden to anyone.
        with Client(h.connect()) as c:
            c.get("/echo?" + "a&" * 2000)
            same(c.answer().json()["target"], "/echo?" + "a&" * 2000)
        refused(h, "GET /?%s HTTP/1.1\r\nHost: h\r\n\r\n" % ("a&" * 7000),
                414, "target_too_long")


@test
def headers_431():
    with start() as h:
        for extra in ("X: %s\r\n" % ("y" * 16384), "A: b\r\n" * 500 + "X: %s\r\n" % ("y" * 14000),
                      "X: %s\r\n" % ("y" * 40000),
                      "Accept: %s\r\n" % ("y" * 1025)):
            refused(h, "GET /x HTTP/1.1\r\nHost: h\r\n%s\r\n" % extra, 431,
                    "headers_too_large")
        with Client(h.connect()) as c:
            c.get("/echo", "X: %s\r\nAccept: %s\r\n" % ("y" * 14000,
                                                       "y" * 1024))
            same(c.answer().status, 200)
        # Beyond libmicrohttpd's memory: 431 all the same, in its own words.
        for extra in ("X: %s\r\n" % ("y" * 200000), "A: b\r\n" * 3000,
                      "Cookie: %s\r\n" % ("a;" * 5000)):
            with Client(h.connect()) as c:
                c.get("/x", extra)
                same(c.answer().status, 431)
                c.stream.read()


# ---------------------------------------------------------------- time

@test
def slow_request_408():
    with start(request_timeout_s=1) as h:
        with Client(h.connect()) as c:
            begun = time.monotonic()
            c.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n")
            for _ in range(9): # a byte now and then does not help
                if readable(c):
                    break
                c.send("1")
                time.sleep(0.2)
            is_problem(c.answer(), 408, "request_timeout")
            check(c.closed(), "kept open")
            check(time.monotonic() - begun < 3, "too late")
        with Client(h.connect()) as c:
            c.send("GET /x HTTP/1.1\r\nHost: h\r\nAcc")
            is_problem(c.answer(), 408, "request_timeout")


@test
def slow_loris():
    with start(request_timeout_s=1) as h:
        clients = [Client(h.connect()) for _ in range(50)]
        begun = time.monotonic()
        for c in clients:
            c.send("GET /x")
        for c in clients:
            check(c.closed(), "not closed")
        check(time.monotonic() - begun < 3, "too late")
        # One that stays busy in its request line is not spared.
        with Client(h.connect()) as c:
            c.sock.settimeout(0.1)
            begun = time.monotonic()
            ended = False
            while not ended and time.monotonic() - begun < 5:
                try:
                    c.send("G")
                    ended = c.sock.recv(1) == b""
                except TimeoutError:
                    pass
                except OSError:
                    ended = True
            check(ended and time.monotonic() - begun < 3, "not closed")


def cpu_ticks(h):
    with open("/proc/%d/stat" % h.process.pid, encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


@test
def no_spinning():
    """Whatever clients do, waiting costs no processor time."""
    if not os.path.exists("/proc/self/stat"):
        raise Skip("no /proc")
    with start(request_timeout_s=3) as h:
        clients = [Client(h.connect()) for _ in range(6)]
        head = "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
        clients[0].get("/hold")
        clients[1].send(head + "\r\n1;" + "e" * 100000)
        clients[2].send(head + "\r\n1\r\na\r\n0\r\nX")
        clients[3].get("/x?" + "a&" * 30000)
        clients[4].get("/x", "Cookie: %s\r\n" % ("a;" * 5000))
        time.sleep(0.5)
        before = cpu_ticks(h)
        time.sleep(1)
        spent = cpu_ticks(h) - before
        check(spent < 20, "%d ticks in a second" % spent)
        for i in (1, 2):
            is_problem(clients[i].answer(), 408, "request_timeout")
        for c in clients:
            c.close()


@test
def idle_keep_alive_closed():
    with start(request_timeout_s=1) as h, Client(h.connect()) as c:
        c.get("/echo")
        same(c.answer().status, 200)
        begun = time.monotonic()
        check(c.closed(), "kept open")
        check(0.5 < time.monotonic() - begun < 3, "at another time")


@test
def engine_timeout_503():
    with start(reply_timeout_s=1) as h, Client(h.connect()) as c:
        c.get("/hold")
        is_problem(c.answer(), 503, "engine_timeout")
        until(lambda: h.engine.cancelled == h.engine.held, "cancelled")
        # The late reply goes nowhere, the connection goes on.
        h.engine.reply(h.engine.held[0], 200, body=b"late")
        c.get("/echo")
        same(c.answer().json()["target"], "/echo")


@test
def slow_engine_outlives_request_timeout():
    with start(request_timeout_s=1) as h, Client(h.connect()) as c:
        c.get("/later?4500")
        same(c.answer().status, 200)


@test
def cancel_when_client_leaves():
    with start() as h:
        c = Client(h.connect())
        c.get("/hold")
        until(lambda: h.engine.held, "held")
        same(h.engine.cancelled, [])
        c.close()
        until(lambda: h.engine.cancelled == h.engine.held, "cancelled")
        # A reply that crosses the cancel does no harm.
        h.engine.reply(h.engine.held[0])
        with Client(h.connect()) as c:
            c.get("/echo")
            same(c.answer().status, 200)


@test
def slow_reader_closed():
    with start(request_timeout_s=1, reply_timeout_s=2) as h:
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(("127.0.0.1", h.port))
        with Client(sock) as c:
            c.get("/big?12000000")
            time.sleep(3.5) # takes nothing: the rest is given up
            same(len(c.stream.read(12000000)) < 12000000, True, "cut short")
        # One that takes a little now and then is given up as well.
        sock = socket.create_connection(("127.0.0.1", h.port), 10)
        with Client(sock) as c:
            c.get("/big?12000000")
            got = 0
            begun = time.monotonic()
            while time.monotonic() - begun < 3:
                got += len(sock.recv(1000))
                time.sleep(0.1)
            while True:
                more = sock.recv(1000000)
                if not more:
                    break
                got += len(more)
            check(got < 12000000, "got it all")


# ---------------------------------------------------------------- engine

@test
def engine_absent_503():
    with start(engine=False) as h, Client(h.connect()) as c:
        c.get("/echo")
        same(is_problem(c.answer(), 503,
                        "engine_unavailable")["retry_after_s"], 1)
        h.connect_engine()
        c.get("/echo") # on the same connection
        same(c.answer().status, 200)


@test
def engine_restart():
    with start() as h:
        clients = [Client(h.connect()) for _ in range(20)]
        for c in clients:
            c.get("/hold")
        until(lambda: len(h.engine.held) == 20, "held")
        h.engine.close()
        for c in clients:
            is_problem(c.answer(), 503, "engine_unavailable")
            c.get("/echo")
            is_problem(c.answer(), 503, "engine_unavailable")
        h.connect_engine()
        for c in clients:
            c.get("/echo")
            same(c.answer().status, 200)
            c.close()


@test
def engine_replaced_while_up():
    with start() as h, Client(h.connect()) as c:
        old = h.engine
        c.get("/hold")
        until(lambda: old.held, "held")
        h.engine = None
        h.connect_engine()
        is_problem(c.answer(), 503, "engine_unavailable")
        old.reply(old.held[0])
        c.get("/echo")
        same(c.answer().status, 200)
        old.close()


@test
def engine_dies_in_mid_reply():
    with start() as h, Client(h.connect()) as c:
        c.get("/hold")
        until(lambda: h.engine.held, "held")
        frame = standin.reply_frame(h.engine.held[0], 200, {}, b"x" * 500000)
        h.engine.send(frame[:200000])
        h.engine.close()
        is_problem(c.answer(), 503, "engine_unavailable")
        h.connect_engine()
        c.get("/big?400000")
        same(len(c.answer().body), 400000)


@test
def engine_speaks_garbage():
    h = start()
    with Client(h.connect()) as c:
        c.get("/garbage")
        is_problem(c.answer(), 503, "engine_unavailable")
    same(h.process.wait(10), 1, "exit status")
    h.stop()


@test
def engine_does_not_read():
    """A stopped engine: bounded memory, then 503, and no hang."""
    with start(engine=False, reply_timeout_s=2) as h:
        ours, theirs = socket.socketpair()
        socket.send_fds(h.parent, [b"P"], [theirs.fileno()])
        theirs.close()
        clients = []
        body = b"x" * 1048576
        for _ in range(16):
            c = Client(h.connect())
            c.send("POST /x HTTP/1.1\r\nHost: h\r\n"
                   "Content-Length: 1048576\r\n\r\n")
            c.send(body)
            clients.append(c)
        codes = [c.answer().json()["code"] for c in clients]
        check("engine_unavailable" in codes and "engine_timeout" in codes,
              "codes %r" % sorted(set(codes)))
        for c in clients:
            c.close()
        ours.close()


# ---------------------------------------------------------------- limits

@test
def connections_503():
    with start(connections_max=5) as h:
        time.sleep(0.1)
        clients = [Client(h.connect()) for _ in range(5)]
        for c in clients:
            c.get("/echo")
            same(c.answer().status, 200)
        with Client(h.connect()) as c:
            c.get("/echo")
            is_problem(c.answer(), 503, "too_many_connections")
            check(c.closed(), "kept open")
        clients.pop().close()
        time.sleep(0.1)
        with Client(h.connect()) as c:
            c.get("/echo")
            same(c.answer().status, 200)
        for c in clients:
            c.close()


@test
def connections_per_address_503():
    unix = os.path.join(TMP, "per.sock")
    with start(connections_per_address_max=3, unix=unix) as h:
        time.sleep(0.1)
        clients = [Client(h.connect()) for _ in range(3)]
        for c in clients:
            c.get("/echo")
            same(c.answer().status, 200)
        with Client(h.connect()) as c:
            c.get("/echo")
            is_problem(c.answer(), 503, "too_many_connections")
        sock = socket.socket()
        sock.settimeout(5)
        sock.bind(("127.0.0.2", 0)) # another address is not affected
        sock.connect(("127.0.0.1", h.port))
        with Client(sock) as c:
            c.get("/echo")
            same(c.answer().json()["peer"], "127.0.0.2")
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(unix)
        with Client(sock) as c:
            c.get("/echo")
            same(c.answer().status, 200)
        for c in clients:
            c.close()


@test
def connection_flood():
    """Hundreds more than fit, none speaking: the next one is served."""
    with start(connections_max=20, request_timeout_s=1) as h:
        flood = []
        for _ in range(300):
            try:
                flood.append(h.connect())
            except OSError:
                pass
        time.sleep(2.5)
        with Client(h.connect()) as c:
            c.get("/echo")
            same(c.answer().status, 200)
        for s in flood:
            s.close()


# ---------------------------------------------------------------- sockets

@test
def unix_socket():
    path = os.path.join(TMP, "api.sock")
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(path)
    stale.close() # left behind: nobody answers
    with start(unix=path) as h:
        same(os.stat(path).st_mode & 0o777, 0o660)
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(path)
        with Client(sock) as c:
            c.get("/echo")
            same(c.answer().json()["peer"], "unix")
        # A second one must not take it away.
        try:
            other = start(unix=path)
        except (RuntimeError, BrokenPipeError):
            other = None
        if other:
            other.stop()
        check(other is None, "took over a living socket")


@test
def unix_socket_group():
    path = os.path.join(TMP, "group.sock")
    gid = 12345 if os.geteuid() == 0 else os.getegid()
    with start(unix=path, unix_gid=gid) as h:
        st = os.stat(path)
        same((st.st_mode & 0o777, st.st_uid, st.st_gid),
             (0o660, os.geteuid(), gid))
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(path)
        with Client(sock) as c:
            c.get("/echo")
            same(c.answer().json()["peer"], "unix")


@test
def unix_socket_spares_files():
    path = os.path.join(TMP, "precious")
    with open(path, "w", encoding="ascii") as f:
        f.write("data")
    try:
        other = start(unix=path)
    except (RuntimeError, BrokenPipeError):
        other = None
    if other:
        other.stop()
    check(other is None, "started")
    same(open(path, encoding="ascii").read(), "data")


@test
def select_mode():
    """As on systems without epoll."""
    with start(args=("-s",), request_timeout_s=1) as h:
        clients = [Client(h.connect()) for _ in range(60)]
        for turn in range(5):
            for i, c in enumerate(clients):
                c.get("/echo?%d" % i)
            for i, c in enumerate(clients):
                same(c.answer().json()["target"], "/echo?%d" % i)
        clients[0].get("/later?300")
        same(clients[0].answer().status, 200)
        clients[0].get("/big?3000000")
        same(len(clients[0].answer().body), 3000000)
        clients[1].get("/hold")
        until(lambda: h.engine.held, "held")
        clients[1].close()
        until(lambda: h.engine.cancelled == h.engine.held, "cancelled")
        clients[2].send("POST /x HTTP/1.1\r\nHost: h\r\n"
                        "Content-Length: 3\r\n\r\n")
        is_problem(clients[2].answer(), 408, "request_timeout")
        for c in clients:
            c.close()


# ---------------------------------------------------------------- TLS

def openssl(*args):
    subprocess.run(["openssl", *args], check=True, cwd=TMP,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def pem(name):
    with open(os.path.join(TMP, name), "rb") as f:
        return f.read()


def certificates():
    if not shutil.which("openssl"):
        raise Skip("no openssl")
    if os.path.exists(os.path.join(TMP, "client.crt")):
        return
    with open(os.path.join(TMP, "ext"), "w", encoding="ascii") as f:
        f.write("[s]\nsubjectAltName=IP:127.0.0.1\n"
                "extendedKeyUsage=serverAuth\n"
                "[c]\nextendedKeyUsage=clientAuth\n")
    for ca in ("ca", "otherca"):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-nodes", "-keyout", ca + ".key",
                "-out", ca + ".crt", "-days", "2", "-subj", "/CN=" + ca)
    for name, ca, ext in (("server", "ca", "s"), ("client", "ca", "c"),
                          ("stranger", "otherca", "c"),
                          ("wrongpurpose", "ca", "s")):
        openssl("req", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                name + ".key", "-out", name + ".csr", "-subj", "/CN=" + name)
        openssl("x509", "-req", "-in", name + ".csr", "-CA", ca + ".crt",
                "-CAkey", ca + ".key", "-CAcreateserial", "-days", "2",
                "-out", name + ".crt", "-extfile", "ext", "-extensions", ext)


def curl(h, path, *args, scheme="https"):
    if not shutil.which("curl"):
        raise Skip("no curl")
    done = subprocess.run(
        ["curl", "-s", "-S", "--max-time", "10", "--cacert",
         os.path.join(TMP, "ca.crt"), *args,
         "%s://127.0.0.1:%d%s" % (scheme, h.port, path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


def context(client=None):
    ctx = ssl.create_default_context(cafile=os.path.join(TMP, "ca.crt"))
    if client:
        ctx.load_cert_chain(os.path.join(TMP, client + ".crt"),
                            os.path.join(TMP, client + ".key"))
    return ctx


@test
def tls_1_3():
    certificates()
    unix = os.path.join(TMP, "tls.sock")
    with start(pem=(pem("server.crt"), pem("server.key"), b""),
               unix=unix) as h:
        for version in ("--tlsv1.3", "--tls-max"):
            args = [version] if version == "--tlsv1.3" else [version, "1.2"]
            code, out, err = curl(h, "/echo", *args)
            same(code, 0, err)
            same(json.loads(out)["secure"], 1)
        code, out, err = curl(h, "/echo", "--tls-max", "1.1",
                              "--ciphers", "DEFAULT@SECLEVEL=0")
        check(code != 0, "spoke TLS 1.1")
        code, out, err = curl(h, "/echo", scheme="http")
        check(code != 0, "spoke plain HTTP on a TLS port")
        with Client(context().wrap_socket(h.connect(),
                                          server_hostname="127.0.0.1")) as c:
            same(c.sock.version(), "TLSv1.3")
            for n in (1, 100000, 2000000):
                c.get("/big?%d" % n)
                same(len(c.answer().body), n)
            c.send(b"POST /echo HTTP/1.1\r\nHost: h\r\n"
                   b"Content-Length: 900000\r\n\r\n" + b"x" * 900000)
            same(c.answer().json()["body"], 900000)
            c.send("".join("GET /echo?%d HTTP/1.1\r\nHost: h\r\n\r\n" % i
                           for i in range(10)))
            for i in range(10):
                same(c.answer().json()["target"], "/echo?%d" % i)
        # The UNIX socket beside it stays plain.
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(unix)
        with Client(sock) as c:
            c.get("/echo")
            same(c.answer().json()["secure"], 0)


@test
def tls_refusals():
    certificates()
    with start(pem=(pem("server.crt"), pem("server.key"), b""),
               request_timeout_s=1, body_max=1000) as h:
        def tls():
            return Client(context().wrap_socket(
                h.connect(), server_hostname="127.0.0.1"))
        with tls() as c:
            c.send("POST /x HTTP/1.1\r\nHost: h\r\n"
                   "Content-Length: 9\r\n\r\n")
            is_problem(c.answer(), 408, "request_timeout")
        with tls() as c:
            c.send("POST /x HTTP/1.1\r\nHost: h\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n")
            c.send("7d0\r\n" + "x" * 2000 + "\r\n")
            is_problem(c.answer(), 413, "too_large")
        with tls() as c:
            c.get("/hold")
            until(lambda: h.engine.held, "held")
        until(lambda: h.engine.cancelled == h.engine.held, "cancelled")
        with Client(h.connect()) as c: # never says hello
            begun = time.monotonic()
            check(c.closed(), "kept open")
            check(time.monotonic() - begun < 4, "too late")


@test
def tls_client_certificates():
    certificates()
    with start(pem=(pem("server.crt"), pem("server.key"),
                    pem("ca.crt"))) as h:
        for version in ("1.3", "1.2"):
            def attempt(name):
                args = ["--tls-max", version]
                if name:
                    args += ["--cert", os.path.join(TMP, name + ".crt"),
                             "--key", os.path.join(TMP, name + ".key")]
                return curl(h, "/echo?" + str(name), *args)
            code, out, err = attempt("client")
            same(code, 0, err)
            same(json.loads(out)["secure"], 1)
            for name in (None, "stranger", "wrongpurpose"):
                code, out, err = attempt(name)
                check(code != 0 and out == b"",
                      "%s was let in over TLS %s" % (name, version))
        same([r["target"] for _, r in h.engine.requests],
             ["/echo?client"] * 2, "forwarded")


@test
def tls_bad_material():
    certificates()
    for name, texts in (
            ("mismatch", (pem("server.crt"), pem("client.key"), b"")),
            ("no key", (pem("server.crt"), b"junk", b"")),
            ("bad ca", (pem("server.crt"), pem("server.key"), b"junk"))):
        try:
            h = start(pem=texts)
        except (RuntimeError, BrokenPipeError):
            continue
        try:
            status = h.process.wait(3)
        except subprocess.TimeoutExpired:
            status = None
        h.stop()
        same(status, 1, name)


# ---------------------------------------------------------------- the end

@test
def sigterm_lets_finish():
    h = start()
    with Client(h.connect()) as c, Client(h.connect()) as idle:
        idle.get("/echo")
        same(idle.answer().status, 200)
        c.get("/later?700")
        time.sleep(0.2)
        h.process.send_signal(signal.SIGTERM)
        check(idle.closed(), "idle one kept open")
        try:
            h.connect(1).close()
            raise AssertionError("still accepts")
        except ConnectionRefusedError:
            pass
        a = c.answer()
        same(a.status, 200)
        same(a.headers.get("connection"), "close")
        check(c.closed(), "kept open")
    same(h.process.wait(5), 0)
    h.stop()


@test
def sigterm_does_not_wait_long():
    h = start()
    with Client(h.connect()) as c:
        c.get("/hold")
        time.sleep(0.2)
        begun = time.monotonic()
        h.process.send_signal(signal.SIGTERM)
        is_problem(c.answer(), 503, "stopping")
        same(h.process.wait(5), 0)
        check(time.monotonic() - begun < 4.5, "too late")
    h.stop()


@test
def parent_gone():
    h = start()
    h.parent.close()
    same(h.process.wait(5), 0)
    h.stop()


@test
def started_by_hand():
    done = subprocess.run([PROGRAM, "--help"], stderr=subprocess.PIPE,
                          check=False)
    same(done.returncode, 2)


@test
def privileges():
    if os.geteuid() != 0:
        raise Skip("needs root")
    jail = os.path.join(TMP, "jail")
    os.mkdir(jail)
    with start(user=b"nobody", chroot=jail.encode()) as h:
        with open("/proc/%d/status" % h.process.pid, encoding="ascii") as f:
            status = dict(line.rstrip("\n").split(":", 1) for line in f)
        import grp
        import pwd
        uid = str(pwd.getpwnam("nobody").pw_uid)
        gid = str(pwd.getpwnam("nobody").pw_gid)
        same(status["Uid"].split(), [uid] * 4)
        same(status["Gid"].split(), [gid] * 4)
        same(status["Groups"].split(), [gid])
        same(status["NoNewPrivs"].strip(), "1")
        same(int(status["CapEff"], 16), 0)
        if not os.environ.get("MH_SANITIZED"): # see privilege_drop
            same(os.readlink("/proc/%d/root" % h.process.pid), jail)
        with Client(h.connect()) as c:
            c.get("/echo")
            same(c.answer().status, 200)
            c.get("/big?3000000")
            same(len(c.answer().body), 3000000)
    settings = [{"user": b"no-such-user"}, {"user": b"root"}]
    if not os.environ.get("MH_SANITIZED"):
        settings.append({"user": b"nobody", "chroot": b"/no/such/dir"})
    for setting in settings:
        try:
            h = start(**setting)
        except (RuntimeError, BrokenPipeError):
            continue
        # It may have listened for a moment, but it never serves.
        try:
            check(h.process.wait(3) != 0, "served with %r" % setting)
        finally:
            h.stop()


def main():
    global TMP
    names = sys.argv[1:]
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    if not os.path.exists(PROGRAM):
        sys.exit("no %s: make first" % PROGRAM)
    with tempfile.TemporaryDirectory(prefix="mh-http-") as TMP:
        os.chmod(TMP, 0o755)
        for function in TESTS:
            name = function.__name__
            if names and name not in names:
                continue
            try:
                function()
                counts["passed"] += 1
                print("ok", name, flush=True)
            except Skip as why:
                counts["skipped"] += 1
                print("skip", name, why, flush=True)
            except Exception as why: # a test may fail in any way
                counts["failed"] += 1
                print("FAIL", name, type(why).__name__, why, flush=True)
                if names:
                    traceback.print_exc()
                    with open(os.path.join(TMP, "http.log"),
                              encoding="utf-8", errors="replace") as f:
                        print("".join(f.readlines()[-30:]))
    print("http: %(passed)d passed, %(failed)d failed, %(skipped)d skipped"
          % counts)
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.modules["run"] = sys.modules[__name__]  # for streams.py
    import streams  # noqa: F401  adds its tests
    sys.exit(main())
