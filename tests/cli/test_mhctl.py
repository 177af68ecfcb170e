#!/usr/bin/python3
"""Tests of mhctl against a stand-in server: words, exit codes, secrets.

usage: test_mhctl.py [--mhctl FILE] [-v] [NAME...]
"""
import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from standin import (NEW_KEY, OPERATION, ROTATION, TOKEN,  # noqa: E402
                     Standin, draining, problem, rotating, rotation)

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
MHCTL = os.environ.get("MHCTL", os.path.join(ROOT, "build", "mhctl"))
TESTS = []


class Skip(Exception):
    pass


def test(function):
    TESTS.append(function)
    return function


def check(condition, what, *shown):
    if not condition:
        raise AssertionError("\n".join([what] + [str(s) for s in shown]))


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def __str__(self):
        return "exit %s\n--- out\n%s\n--- err\n%s" % (self.code, self.out,
                                                      self.err)

    def expect(self, code, out=(), err=(), not_out=()):
        check(self.code == code, "exit %s, not %d" % (self.code, code), self)
        for s in [out] if isinstance(out, str) else out:
            check(s in self.out, "standard output lacks %r" % s, self)
        for s in [err] if isinstance(err, str) else err:
            check(s in self.err, "standard error lacks %r" % s, self)
        for s in [not_out] if isinstance(not_out, str) else not_out:
            check(s not in self.out, "standard output has %r" % s, self)
        return self


class Place:
    """A directory with a contexts file of its own."""

    def __init__(self, server=None):
        self.dir = tempfile.mkdtemp(prefix="mhctl.")
        self.contexts = os.path.join(self.dir, "contexts.json")
        self.env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"),
                    "HOME": self.dir, "LC_ALL": "C.UTF-8",
                    "MHCTL_CONTEXTS": self.contexts, "TERM": "xterm",
                    "http_proxy": "http://127.0.0.1:1"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]
        if server:
            self.write({"current": "hobgp", "contexts": {"hobgp": {
                "url": server.url, "unix": server.unix, "token": TOKEN,
                "ca": None}}})

    def write(self, data, mode=0o600):
        with open(self.contexts, "w") as f:
            json.dump(data, f)
        os.chmod(self.contexts, mode)

    def read(self):
        with open(self.contexts) as f:
            return json.load(f)

    def run(self, *words, stdin="", **env):
        p = subprocess.run([MHCTL] + list(words), input=stdin.encode(),
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           env=dict(self.env, **env), timeout=60)
        r = Result(p.returncode, p.stdout.decode(), p.stderr.decode())
        for text in (r.out, r.err):
            check(TOKEN not in text, "the token is shown", r)
            bad = re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
            check(not bad, "control character %r" % (bad and bad.group()), r)
        return r

    def terminal(self, *words, typed=(), columns=80, stop=None, see=None,
                 **env):
        """Runs in a pseudo-terminal; typed: (wait for, then type) pairs;
        see is called with the process's id all the time."""
        pid, fd = pty.fork()
        if pid == 0:
            try:
                os.execve(MHCTL, [MHCTL] + list(words),
                          dict(self.env, **env))
            finally:
                os._exit(127)
        import fcntl
        import struct
        import termios
        fcntl.ioctl(fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 40, columns, 0, 0))
        out, typed, end = "", list(typed), time.time() + 30
        while time.time() < end:
            ready = select.select([fd], [], [], 0.1)[0]
            if see:
                see(pid)
            if stop and re.search(stop, out):
                os.kill(pid, signal.SIGINT)
                stop = None
            if typed and typed[0][0] in out:
                time.sleep(0.1)
                os.write(fd, typed.pop(0)[1].encode())
            if not ready:
                continue
            try:
                data = os.read(fd, 65536)
            except OSError:
                data = b""
            if not data:
                break
            out += data.decode()
        os.close(fd)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        check(TOKEN not in out, "the token is shown", out)
        return Result(code, out.replace("\r\n", "\n"), "")

    def __enter__(self):
        return self

    def __exit__(self, *_args):
        shutil.rmtree(self.dir)


def served(function):
    """A test with a server and a place that knows it."""
    def run():
        with Standin() as s, Place(s) as p:
            function(s, p)
    run.__name__ = function.__name__
    run.__doc__ = function.__doc__
    TESTS.append(run)
    return run


# -- looking ---------------------------------------------------------------

@served
def status(s, p):
    r = p.run("status").expect(0, [
        "hobgp  in service  AS201379  router id 198.51.100.10  FRR 8.4.4",
        "announces 2a06:9801:1c::/48", "3 of 4 sessions up",
        "3.61 Mbit/s in, 264 kbit/s out", "seen 0.2 s ago",
        "(100): no preference is set",
        "! route64: last error: Hold Timer Expired"])
    rows = [line.split() for line in r.out.splitlines()]
    names = [row[0] for row in rows[4:9]]
    check(names == ["UPSTREAM", "edge-vultr-frankfurt", "ifog", "lagrange",
                    "route64"], "order", names)
    check(["ifog", "established", "16h21m", "237902", "1", "150", "0",
           "1.20M", "88.0k"] in rows, "the row of ifog", r)
    check(s.requests[0].headers["Authorization"] == "Bearer " + TOKEN,
          "the token is sent")


@served
def status_on_a_terminal(s, p):
    r = p.terminal("status")
    r.expect(0, ["\033[32mestablished\033[0m", "\033[31mactive\033[0m",
                 "\033[33m! route64: last error"])
    plain = re.sub(r"\033\[\d*m", "", r.out)
    check("\033" not in plain, "only colour", repr(r.out))
    wide = [line for line in plain.splitlines() if len(line) > 80]
    check(not wide, "fits 80 columns", wide)
    r = p.terminal("status", NO_COLOR="1").expect(0, "established")
    check("\033" not in r.out, "NO_COLOR", repr(r.out))
    r = p.terminal("status", TERM="dumb")
    check("\033" not in r.out, "TERM=dumb", repr(r.out))


@served
def status_stale(s, p):
    s.world["snapshot"].update(stale=True, age_ms=75000)
    p.run("status").expect(0, ["! what follows is 1m15s old",
                               "the router does not answer"])


@served
def status_as_json(s, p):
    r = p.run("--json", "status").expect(0)
    got = json.loads(r.out)
    check(got["router"]["name"] == "hobgp" and len(got["upstreams"]) == 4,
          "both parts", got)


@served
def hostile_texts(s, p):
    evil = "\033]0;pwned\007\033[2J\u009b31m\u202etxt\n\r\t"
    for u in s.world["upstreams"]:
        u["description"] = evil
        u["status"]["warnings"] = [evil]
        u["status"]["last_error"] = evil
        u["name"] = "x" + evil
    s.set("GET /v1/upstreams/ifog", 200, s.world["upstreams"][0],
          {"ETag": '"a\x9bb"'})
    for words in (["status"], ["upstreams"], ["upstream", "show", "ifog"]):
        r = p.run(*words).expect(0, ["\\x1b]0;pwned\\x07"])
        check("\u202e" not in r.out, "direction mark", repr(r.out))
        t = p.terminal(*words)
        check(not re.search("\033[^\\[]|\033\\[[^0-9]|\033\\[2J|\007|\u009b",
                            t.out), "terminal", repr(t.out))
    t = p.terminal("upstreams", "--json").expect(0)
    check("\033" not in t.out and "\u009b" not in t.out, "json", repr(t.out))


@served
def odd_shapes(s, p):
    """Whatever JSON comes back, mhctl neither dies nor talks rubbish."""
    bodies = [[], {}, None, 1, "x", {"upstreams": 1}, {"upstreams": [1, {}]},
              {"upstreams": [{"name": 1, "status": [], "import": "x"}]},
              {"sessions": [{"families": {"a": 1, "b": {}}}]},
              {"paths": [{}, 1]}, {"operations": [{}]}, {"rows": [{}, 3]},
              {"tokens": [{"scopes": [1]}]}, {"plan": {"steps": [1, {}]}},
              {"operation": "op-x", "key": 1, "at": 5, "with": "x",
               "state": "done", "result": [], "tcp_md5": {"set": True}}]
    commands = [["status"], ["upstreams"], ["upstream", "show", "ifog"],
                ["sessions"], ["session", "show", "2001:db8::1"],
                ["routes", "2001:db8::1"], ["operations"],
                ["operation", "show", "op-x"], ["downstreams"],
                ["downstream", "show", "radon"], ["interfaces"],
                ["firewall"], ["router", "show"], ["confirm", "op-x"],
                ["revert", "op-x"], ["extend", "10", "op-x"],
                ["cancel", "op-x"], ["api", "GET", "/v1/x"],
                ["rotate-key", "ifog", "--generate"],
                ["rotate-key", "ifog", "--dry-run"],
                ["router", "set", "--bogons", "none"],
                ["upstream", "remove", "ifog"],
                ["upstream", "add", "x", "--nat", "--dry-run"], ["audit"],
                ["audit", "show", "1"], ["tokens"],
                ["set-preference", "ifog", "1"],
                ["plan", "set-preference", "ifog", "1", "--undo"]]
    body = {}
    s.reply = lambda _r: (200, body["now"], {})
    for body["now"] in bodies:
        for words in commands:
            r = p.run(*words)
            if isinstance(body["now"], (dict, list)):
                r.expect(0)
            else:
                r.expect(1, err="not understood")


@served
def upstreams(s, p):
    p.run("upstreams").expect(0, ["UPSTREAM", "209533", "2001:db8:300::1",
                                  "Upstream-iFog-Frankfurt", "internal"])


@served
def upstream_show(s, p):
    p.run("upstream", "show", "ifog").expect(0, [
        "local preference   150", "AS path prepend    0", "PL-BOGONS",
        "250000, warning at 90 %, restart after 30 min", "RM-IFOG-IN",
        'ETag               "0123456789abcdef.fedcba9876543210"'])
    p.run("upstream", "show", "nobody").expect(
        1, err=["refused", "404 not_found",
                "next: mhctl upstreams lists the names"])
    n = len(s.requests)
    p.run("upstream", "show", "../tokens").expect(2, err="a name is")
    check(len(s.requests) == n, "nothing was asked")


@served
def sessions(s, p):
    p.run("sessions").expect(0, ["NEIGHBOR", "fd00:ca::1", "lagrange",
                                 "16h21m", "active"])
    p.run("session", "show", "ifog").expect(0, [
        "2001:db8:300::1", "12345 in, 678 out", "98.8 MB in, 1.23 MB out"])
    p.run("session", "show", "2001:db8:300::1").expect(0, "established")


@served
def routes(s, p):
    r = p.run("routes", "2001:678::/48").expect(0, [
        "2001:678::/48  2 paths", "best  ifog", "209735 174 64500",
        "ifog: best because of Local Pref", "communities 64500:1 64500:2"])
    check(s.requests[-1].path == "/v1/routes/2001%3A678%3A%3A%2F48",
          "the slash is escaped", s.requests[-1].path)
    p.run("routes", "2001:0678::0001").expect(0, "2001:678::1")
    p.run("routes", "nonsense").expect(2, err="nonsense")
    del r


# -- upstreams, downstreams, the router ------------------------------------

ADD = ["upstream", "add", "route65", "--remote-as", "212895", "--neighbor",
       "2001:db8:400::1", "--local-address", "2001:db8:400::2", "--tunnel",
       "gre", "--local", "198.51.100.10", "--remote", "198.51.100.77"]


@served
def upstream_add(s, p):
    p.run(*ADD, "--preference", "150", "--maximum-prefix", "1000,90,30",
          "--import-list", "none", "--next-hop-self", "no", "--no-nat",
          "--reason", "third transit", "--description", "", "--adopt").expect(
        0, ["route65: upstream added on hobgp",
            "gre tunnel gre1 from 198.51.100.10 to 198.51.100.77",
            "no session was reset, saved for the next start"],
        not_out="mhctl confirm")
    r = s.requests[-1]
    check(r.method == "PUT" and r.path == "/v1/upstreams/route65" and
          r.headers["If-None-Match"] == "*" and r.headers["Idempotency-Key"],
          "the request", r.headers)
    check(r.json == {
        "remote_as": 212895, "neighbor": "2001:db8:400::1",
        "local_address": "2001:db8:400::2", "description": None,
        "tunnel": {"kind": "gre", "local": "198.51.100.10",
                   "remote": "198.51.100.77"},
        "import": {"local_preference": 150, "prefix_list": None,
                   "maximum_prefix": {"limit": 1000, "warning_percent": 90,
                                      "restart_minutes": 30}},
        "next_hop_self": False, "firewall": {"nat": False},
        "reason": "third transit", "adopt": True}, "the body", r.json)
    p.run("upstream", "add", "ifog", "--remote-as", "1").expect(
        5, err=["412 exists", "mhctl upstream set changes"])


@served
def upstream_add_usage(s, p):
    for words, said in (
            (["upstream", "add", "x"], "nothing is asked for"),
            (["upstream", "add", "X", "--nat"], "a name is"),
            (["upstream", "add", "x", "--nat", "--no-nat"], "exclude"),
            (["upstream", "add", "x", "--remote-as", "AS1"],
             "--remote-as is AS, not AS1"),
            (["upstream", "add", "x", "--maximum-prefix", "1,2,3,4"],
             "--maximum-prefix is LIMIT"),
            (["upstream", "add", "x", "--next-hop-self", "maybe"], "yes|no"),
            (["upstream", "add", "x", "--nat", "--confirm", "9"],
             "10 to 3600"),
            (["upstream", "add", "x", "--peer", "::1"], "does not know"),
            (["upstream", "add", "x", "--file", "/nonexistent"],
             "No such file"),
            (["extend", "5"], "10 to 3600"),
            (["apply"], "usage: mhctl apply FILE")):
        p.run(*words).expect(2, err=said)
    check(not s.requests, "nothing was asked")


@served
def upstream_from_a_file(s, p):
    path = os.path.join(p.dir, "u.json")
    with open(path, "w") as f:
        f.write(p.run("--json", "upstream", "show", "ifog").out)
    p.run("upstream", "set", "ifog", "--file", path, "--prepend", "3",
          "--tunnel", "none").expect(0, "ifog: upstream changed on hobgp")
    body = s.requests[-1].json
    check(body["export"]["as_path_prepend"] == 3 and body["tunnel"] is None
          and body["neighbor"] == "2001:db8:300::1", "both", body)
    with open(path, "w") as f:
        f.write('{"a": 1,}')
    p.run("upstream", "set", "ifog", "--file", path).expect(
        2, err=[path + ": line 1 column"])
    p.run("upstream", "set", "ifog", "--file", "-", stdin="[]").expect(
        2, err="not a JSON object")
    p.run("upstream", "set", "ifog", "--file", "-",
          stdin='{"description": "x"}').expect(0)
    check(s.requests[-1].json == {"description": "x"}, "standard input")


@served
def upstream_dry_run(s, p):
    r = p.run(*ADD, "--dry-run", "--undo").expect(0, [
        "route65: upstream would be added on hobgp",
        "this is a plan, nothing was done",
        "links\n  ip link add gre1 type gre", "boot\n  write memory",
        "to take it back:"])
    check(r.out.rindex("no neighbor") < r.out.rindex("ip link del"),
          "undo backwards", r)
    check(s.requests[-1].target.endswith("?dry_run=true"), "dry run")
    p.run("upstream", "set", "ifog", "--preference", "150").expect(
        0, "it is so already on hobgp; nothing was changed")


@served
def upstream_remove(s, p):
    p.run("upstream", "remove", "ifog").expect(
        5, err=["409 reset_needed", "give --allow-reset"])
    p.run("upstream", "remove", "ifog", "--allow-reset", "--reason",
          "a & b", "--confirm", "60").expect(
        0, ["ifog: upstream removed on hobgp",
            "sessions reset: 2001:db8:300::1"])
    r = s.requests[-1]
    check(r.method == "DELETE" and r.json is None and r.query == {
        "allow_reset": "true", "reason": "a & b", "revert_in_s": "60"},
        "the query", r.target)
    p.run("upstream", "remove", "nobody").expect(
        1, err="mhctl upstreams lists the names")


@served
def drain(s, p):
    r = p.run("drain", "ifog", "--reason", "works", "--ticket", "CHG-1",
              "--mode", "shutdown", "--max-wait", "60", "--on-timeout",
              "revert", "--prepend", "2", "--after-reboot", "stay",
              "--return-after", "90")
    r.expect(0, ["upstreams/ifog on", "begun;",
                 "how far it is, mhctl cancel leads it back\n",
                 "operation " + OPERATION["id"] + ", running"])
    check(s.requests[-1].method == "PUT" and s.requests[-1].path ==
          "/v1/upstreams/ifog/drain", "the path", s.requests[-1].path)
    check(s.requests[-1].json == {
        "reason": "works", "ticket": "CHG-1", "mode": "shutdown",
        "max_wait_s": 60, "on_timeout": "revert", "prepend": 2,
        "after_reboot": "stay", "return_after_s": 90}, "the body",
        s.requests[-1].json)
    for words in ([], ["ifog", "--whole-router"], ["Not a name"],
                  ["ifog", "--prepend", "many"]):
        p.run("drain", *words).expect(2)
    p.run("drain", "nobody").expect(1, err="mhctl upstreams lists")
    p.run("undrain", "--whole-router", "--owner", "fleet").expect(
        0, "begun; mhctl operation follow shows how far it is; to stay out of "
           "service, drain it again\n", not_out="cancel")
    check(s.requests[-1].method == "DELETE" and
          s.requests[-1].path == "/v1/router/drain" and
          s.requests[-1].query == {"owner": "fleet"}, "whose", s.requests[-1])


@served
def undrain(s, p):
    """The way back cannot be called off; and whose drain it ends."""
    s.world["lasting"] = [draining("returning", "up for 3 s")]
    r = p.run("undrain", "ifog", "--wait", "--timeout", "1").expect(
        6, err=["waited long enough; it goes on there\n"
                "follow it: mhctl operation follow " + OPERATION["id"] + "\n"
                "to stay out of service, drain it again\n"])
    check("cancel" not in r.err, "refused anyway", r)
    p.terminal("undrain", "ifog", "--wait", stop="up for 3 s").expect(
        6, "interrupted here; it goes on there", not_out="cancel")
    s.set("DELETE /v1/router/drain", *problem(
        404, "not_found", "router is not drained by operator, but by reboot"))
    p.run("undrain", "--whole-router").expect(1, err=[
        "but by reboot", "next: mhctl status shows what is drained, and by "
        "whom; --owner NAME ends another's drain\n"])


@served
def drain_and_wait(s, p):
    flow = "inbound 3.2 Mbit/s on gre0, waiting for under 410 kbit/s"
    s.world["lasting"] = [
        draining("proof", flow + " (0 of 3 samples)"),
        draining("proof", flow + " (0 of 3 samples)"),
        draining("proof", "no traffic is left (3 of 3 samples)", "done",
                 result={"end": "drained", "why": None})]
    r = p.run("drain", "ifog", "--wait").expect(0, "drained", err=[
        flow, "no traffic is left (3 of 3"])
    check(r.err.count(flow) == 1, "a line for each change", r)
    s.world["lasting"] = [draining("proof", flow, end="blocked")]
    p.run("drain", "ifog", "--wait").expect(6, err=[
        "timed out, and held; it goes on",
        "cancel it: mhctl cancel " + OPERATION["id"]])
    s.world["lasting"] = [draining("proof", flow)]
    p.run("drain", "ifog", "--wait", "--timeout", "1").expect(
        6, err="waited long enough; it goes on")
    s.world["lasting"] = [draining("returning", "back", "undone",
                                   result={"end": "cancelled", "why": None})]
    p.run("drain", "ifog", "--wait").expect(1, "cancelled")


@served
def drain_by_events(s, p):
    """Each step as it is told; over a restart; and until it is held."""
    path = "GET /v1/operations/" + OPERATION["id"]
    now = [draining("signal", "announced")]

    def step(phase, text, state="running", **more):
        now.append(draining(phase, text, state, **more))
        return event(len(now), "operation", state=state, phase=phase,
                     operation=OPERATION["id"], text=text)

    def told(*steps):
        streams = list(steps)

        def reply(_req):
            if not streams:
                return problem(503, "unavailable", "starting")
            return 200, streams.pop(0), {}
        return reply

    def busy(_req):
        # It is looked at again and again, whatever comes in between: here it
        # has just been started again.
        if restarted and None not in asked:
            asked.append(None)
            return problem(503, "unavailable", "starting")
        asked.append(now[-1])
        return 200, now[-1], {}

    def first():
        yield hello()
        time.sleep(0.5)
        yield step("proof", "3 Mbit/s \x1b[1m")
        yield step("proof", "3 Mbit/s \x1b[1m")
        time.sleep(0.5)

    def second():
        restarted.append(True)
        yield hello(3)
        time.sleep(0.3)
        yield step("proof", "no traffic is left")
        yield step("drained", "no traffic is left", "done",
                   result={"end": "drained", "why": None})
        time.sleep(5)

    def held():
        yield hello()
        time.sleep(0.5)
        yield step("proof", "still 3 Mbit/s", end="blocked")
        time.sleep(5)
    asked, restarted = [], []
    s.set(path, busy)
    s.set("GET /v1/events", told(first(), second()))
    r = p.run("drain", "ifog", "--wait").expect(0, "drained")
    check(r.err == "  announced\n  3 Mbit/s \\x1b[1m\n"
          "mhctl: hobgp: the router has ended the stream; connecting again "
          "in 1 s\n  no traffic is left\n", "each step once", r)
    check(None in asked and len(asked) < 9, "looks", len(asked))
    del now[1:]
    s.set("GET /v1/events", told(held()))
    p.run("drain", "ifog", "--wait").expect(
        6, err=["  still 3 Mbit/s\n", "timed out, and held"])
    del now[1:]
    s.set(path, *problem(404, "not_found", "no such operation"))
    p.run("drain", "ifog", "--wait").expect(1, err="mhctl operations lists")


def in_turn(*answers):
    """A function that gives one after the other, and the last one for ever."""
    answers = list(answers)

    def reply(_req):
        return answers.pop(0) if len(answers) > 1 else answers[0]
    return reply


STARTING = problem(503, "unavailable", "starting")
FLOWS = (200, draining("proof", "3 Mbit/s"), {})
DRAINED = (200, draining("drained", "drained", "done",
                         result={"end": "drained", "why": None}), {})
PATH = "GET /v1/operations/" + OPERATION["id"]


def one_event(state, then=5, **more):
    """A stream: one event once it has been looked at, and silence."""
    yield hello()
    time.sleep(0.5)
    yield event(2, "operation", state=state, operation=OPERATION["id"],
                **more)
    time.sleep(then)


@served
def drain_ends_while_the_router_is_busy(s, p):
    """What an event has told is asked for until there is an answer."""
    stub_of_shutdown(p, "exit 0")
    lost = "mhctl: hobgp: the router is not ready; asking again\n"
    for command, out, err in (
            (("drain", "--reboot", "--reason", "kernel", "--yes"),
             "drained\n", "  3 Mbit/s\n  drained\n" + lost),
            (("operation", "follow", OPERATION["id"]),
             "upstreams/ifog: running, proof\n"
             "upstreams/ifog: done, drained\n", lost)):
        s.set("GET /v1/events", lambda _req: (
            200, one_event("done", text="drained"), {}))
        s.set(PATH, in_turn(FLOWS, STARTING, None, STARTING, DRAINED))
        r = p.run(*command).expect(0, out)
        check(r.err == err and r.out.count("done") == 1, "said", r)
    check(asked_to_shut_down(p) == "-r now\n", "once", asked_to_shut_down(p))
    # Not for ever; and it does not go on there.
    s.set(PATH, in_turn(FLOWS, STARTING))
    r = p.run("drain", "ifog", "--wait", "--timeout", "3").expect(
        6, err=["waited long enough; it has ended there\n"
                "see how: mhctl operation show " + OPERATION["id"]])
    check("cancel" not in r.err, "to be cancelled", r)
    # So is what an event does not tell: that it is held.
    held = (200, draining("proof", "still 3 Mbit/s", end="blocked"), {})
    s.set("GET /v1/events", in_turn(
        (200, one_event("running", then=8, text="still 3 Mbit/s"), {}),
        STARTING))
    s.set(PATH, in_turn(FLOWS, STARTING, held))
    began = time.time()
    p.run("drain", "ifog", "--wait").expect(6, err="timed out, and held")
    check(time.time() - began < 6, "late", time.time() - began)


@served
def drain_loses_the_router(s, p):
    """That is said, once; and what was seen last is not shown as if it were
    so still, until it is seen again."""
    def for_a_while():
        yield hello()
        time.sleep(1)

    def lose():
        s.set("GET /v1/events", in_turn((200, for_a_while(), {}), None))
        s.set(PATH, in_turn(FLOWS, None))
    lose()
    r = p.run("drain", "ifog", "--wait", "--timeout", "6").expect(
        6, err=["waited long enough; it goes on there"])
    said = re.findall("mhctl: hobgp: .*; connecting again in 1 s\n", r.err)
    check(len(said) == 1 and r.err.count(" again") == 1 and
          r.err.startswith("  3 Mbit/s\n" + said[0]), "once", r)
    lose()
    r = p.terminal("undrain", "ifog", "--wait", "--timeout", "6")
    before, _, after = r.out.partition("; connecting again in")
    check("\r3 Mbit/s ... " in before and "\rwaiting for hobgp ... " in after
          and "Mbit/s" not in after, "as if", r)
    # No events there.
    s.set("GET /v1/events", *problem(404, "not_found", "no such resource"))
    s.set(PATH, in_turn(FLOWS, STARTING, STARTING, FLOWS, STARTING,
                        DRAINED))
    r = p.run("drain", "ifog", "--wait").expect(0, "drained")
    said = r.err.split("  3 Mbit/s\n")
    check(len(said) == 3 and said[0] == "" and said[1].count("\n") == 1 and
          "; asking again\n" in said[1] and "; asking again\n" in said[2],
          "each outage once, and what is seen again", r)


@served
def drain_reboots_only_here(s, p):
    p.run("drain", "--reboot", "--reason", "kernel").expect(
        2, err="give --yes, too")
    check(not any(r.method == "PUT" for r in s.requests), "not drained")
    p.run("drain", "ifog", "--reboot", "--yes").expect(2)


def stub_of_shutdown(p, script):
    """The PATH's first one; no test may come across the machine's own."""
    directory = os.path.join(p.dir, "bin")
    os.makedirs(directory, exist_ok=True)
    with open(os.path.join(directory, "shutdown"), "w") as f:
        f.write("#!/bin/sh\necho \"$*\" >>%s/asked\n%s\n" % (p.dir, script))
    os.chmod(os.path.join(directory, "shutdown"), 0o755)
    p.env["PATH"] = directory + ":" + p.env["PATH"]


def asked_to_shut_down(p):
    try:
        with open(os.path.join(p.dir, "asked")) as f:
            return f.read()
    except FileNotFoundError:
        return ""


@served
def drain_and_reboot(s, p):
    """Only once it is drained; what is under way already is waited for, too."""
    stub_of_shutdown(p, "exit 0")
    reboot = ("drain", "--reboot", "--reason", "kernel", "--yes")
    s.world["lasting"] = [draining("proof", "3 Mbit/s", end="blocked")]
    p.run(*reboot).expect(6)
    s.world["lasting"] = [draining("returning", "back", "undone", result={
        "end": "cancelled", "why": None})]
    p.run(*reboot).expect(1)
    check(asked_to_shut_down(p) == "", "rebooted though not drained")
    drained = draining("proof", "no traffic is left", "done",
                       result={"end": "drained", "why": None})
    s.world["lasting"] = [draining("proof", "3 Mbit/s"), drained]
    p.run(*reboot).expect(0, ["drained", "hobgp: the machine reboots"])
    check(s.requests[0].json["owner"] == "reboot", "whose", s.requests[0].json)
    check(asked_to_shut_down(p) == "-r now\n", "once", asked_to_shut_down(p))
    s.set("PUT /v1/router/drain", 200, {"changed": False,
                                        "operation": OPERATION["id"]}, {})
    s.world["lasting"] = [draining("proof", "3 Mbit/s", end="blocked")]
    p.run(*reboot).expect(6, "it is so already")
    check(asked_to_shut_down(p) == "-r now\n", "once", asked_to_shut_down(p))
    s.world["lasting"] = [drained]
    p.run(*reboot).expect(0, ["it is so already", "the machine reboots"])
    stub_of_shutdown(p, "echo must be root >&2; exit 1")
    p.run(*reboot).expect(1, err=["drained, but the machine does not reboot",
                                  "must be root"])


@served
def status_tells_of_drains(s, p):
    """How far each is, too: who reads "drained" pulls the cable."""
    ifog, router = s.find("ifog")["status"], s.world["router"]
    works = "this upstream by operator (ops) for 25 h: works"
    kernel = "the router by reboot (ops) for 2 min: kernel"
    # One that is held past its time is draining, too: the traffic flows.
    for state in ("draining", "drained", "returning"):
        ifog.update(drain=state, drain_reason=works)
        r = p.run("status").expect(0, "\n! ifog: %s, %s\n" % (state, works))
        check(r.out.startswith("hobgp  in service  "), "the router's", r)
        row = next(line.split() for line in r.out.splitlines()
                   if line.startswith("ifog"))
        check(row[1] == state, "the session's word", row)
        check("\033[33m" + state in p.terminal("status").out, "in colour")
        # An upstream that only shares the router's reason has no line.
        router.update(state=state, state_reason=kernel)
        ifog["drain_reason"] = kernel
        r = p.run("status").expect(0, "\n! hobgp: %s, %s\n" % (state, kernel),
                                   not_out="! ifog:")
        check(r.out.startswith("hobgp  %s  " % state), "the router's", r)
        router.update(state="in_service", state_reason=None)
    router.update(state="not_known\x1b[1m", state_reason=kernel)
    p.run("status").expect(0, "! hobgp: not known\\x1b[1m, " + kernel)


@served
def confirm(s, p):
    p.run("confirm").expect(1, err="no change waits for confirmation")
    r = p.run(*ADD, "--confirm", "120").expect(0, [
        "in effect, but not saved: goes back at 2026-03-01 02:02:00 UTC "
        "(in 2m00s) unless confirmed",
        "keep it:       mhctl confirm " + OPERATION["id"],
        "take it back:  mhctl revert " + OPERATION["id"]],
        not_out="saved for the next start")
    p.run("status").expect(0, "a change waits for mhctl confirm and goes "
                              "back in 57s")
    p.run("upstream", "set", "ifog", "--prepend", "1").expect(
        5, err=["409 confirm_pending", "mhctl revert takes it back",
                "in 57 s"])
    p.run("extend", "600").expect(0, ["waits on", "in 10m00s"])
    check(s.requests[-1].json == {"revert_in_s": 600}, "the time")
    p.run("confirm").expect(0, "confirmed, and saved")
    check(s.requests[-1].path ==
          "/v1/operations/%s/confirm" % OPERATION["id"], "the one that waits")
    p.run("confirm", OPERATION["id"]).expect(5, err="409 not_pending")
    p.run("revert", "op-none").expect(1, err="mhctl operations lists")
    p.run(*ADD, "--confirm", "120").expect(0)
    p.run("revert").expect(0, "taken back: the router is as before")
    s.world["left"] = "cancelled; \"set metric 5\" was not put back"
    p.run(*ADD, "--confirm", "120").expect(0)
    p.run("revert").expect(0, ["taken back, but for what somebody else",
                               "  cancelled; \"set metric 5\" was not put"])
    del r


@served
def apply_file(s, p):
    path = os.path.join(p.dir, "router.json")

    def write(what):
        with open(path, "w") as f:
            json.dump(what, f)
    write({"router": {"local_as": 201379},
           "upstreams": [{"name": "aa", "remote_as": 1},
                         {"name": "bb", "remote_as": 2}],
           "downstreams": [{"name": "radon"}]})
    r = p.run("apply", path, "--confirm", "60", "--reason", "r").expect(0, [
        "hobgp: it is so already; nothing was changed",
        "aa: upstream set", "bb: upstream set", "radon: downstream set"])
    check(r.out.count("unless confirmed") == 1 and
          r.out.index("radon:") < r.out.index("unless confirmed"),
          "only the last one waits", r)
    check([q.method + " " + q.path.split("/")[-1] for q in s.requests] == [
        "PUT router", "PUT aa", "POST confirm", "PUT bb", "POST confirm",
        "PUT radon"], "the order", [q.path for q in s.requests])
    check(all(q.json["reason"] == "r" for q in s.requests
              if q.method == "PUT"), "the reason")
    p.run("revert").expect(0)
    s.set("PUT /v1/upstreams/bb", *problem(422, "unprocessable", "no"))
    p.run("apply", path).expect(1, "aa: upstream set", [
        "stopped here", "done: router, upstream aa",
        "not done: upstream bb, downstream radon"])
    p.run("plan", path).expect(1, [
        "aa: upstream would be set", "radon: downstream would be set"],
        "as it is now")
    n = len(s.requests)
    for what, said in (({"upstream": []}, "upstream is not known"),
                       ({}, "neither router"), ({"router": None}, "is null"),
                       ({"upstreams": {}}, "not a list"),
                       ({"upstreams": [{}]}, 'with a "name"'),
                       ({"router": {}, "upstreams": [{"name": "B"}]},
                        "a name is")):
        write(what)
        p.run("apply", path).expect(2, err=said)
    check(len(s.requests) == n, "nothing was asked")


@served
def downstreams_and_router(s, p):
    p.run("downstreams").expect(0, ["radon", "gif0", "up",
                                    "2a06:9801:1c:1000::/64"])
    p.run("downstream", "show", "radon").expect(
        0, "gif gif0, 198.51.100.10 to 203.0.113.9, MTU 1480, inside /64")
    p.run("downstream", "add", "argon", "--tunnel", "gif", "--peer", "::2",
          "--prefixes", "2001:db8::/64,2001:db8:1::/64").expect(
        0, "argon: downstream added on hobgp")
    check(s.requests[-1].json == {
        "tunnel": {"kind": "gif"}, "peer": "::2",
        "prefixes": ["2001:db8::/64", "2001:db8:1::/64"]}, "the body")
    p.run("downstream", "remove", "radon").expect(0, "downstream removed")
    p.run("router", "set", "--prefixes", "none", "--bogons", "none",
          "--router-address", "192.0.2.1,2001:db8::1").expect(
        0, "hobgp: router changed")
    check(s.requests[-1].json == {
        "prefixes": [], "bogons": None,
        "router_address": ["192.0.2.1", "2001:db8::1"]}, "the body")
    s.world["router"].update(
        prefixes=[{"prefix": "2001:db8::/32", "originate": False,
                   "route": {"interface": "gif0"}}, "2001:db8:1::/48"],
        bogons=["deny 2001:db8::/32 le 128", "permit 2000::/3 le 48"],
        drift=[{"seen_at": "2026-03-01T02:00:00.000Z", "subsystem": "frr",
                "detail": "+ ip route 192.0.2.0/24 blackhole",
                "audit_seq": 9}])
    p.run("router", "show").expect(0, [
        "2001:db8::/32, not announced, routed to gif0",
        "deny 2001:db8::/32 le 128", "permit 2000::/3 le 48",
        "! changed by hand, seen 2026-03-01 02:00:00 UTC: frr: "
        "+ ip route 192.0.2.0/24 blackhole (mhctl audit show 9)"])
    p.run("status").expect(0, "announces 2001:db8::/32, 2001:db8:1::/48")


@served
def below(s, p):
    p.run("interfaces").expect(0, ["gre1", "ifog", "hand", "radon",
                                   "2001:db8:300::2/126, fe80::1/64"])
    p.run("firewall").expect(0, ["changed by hand", "table inet multihomed",
                                 "2001:db8:300::1"])
    p.run("doctor").expect(1, ["packet_filter  failed",
                               "packet_filter: what to do",
                               '  nat-anchor "multihomed"', "not all is well"])
    p.run("doctor", "--json").expect(1, '"ok": false')
    s.set("GET /v1/router/doctor", 200, {"ok": True, "checks": []})
    p.run("doctor").expect(0, "nothing has failed")


@served
def operations(s, p):
    p.run("operations").expect(0, [OPERATION["id"], "done", "alice"])
    p.run("operation", "show", OPERATION["id"]).expect(
        0, ["upstream_policy", "best paths moved   1834"])
    p.run("operation", "show", "op-none").expect(
        1, err="mhctl operations lists")


def event(number, kind, /, **members):
    """One record as the router sends it."""
    ident = "00c0ffee-%d" % number
    data = {"id": ident, "type": kind, "time": "2026-03-01T02:00:%02d.000Z"
            % number, "resource": "upstreams/ifog", **members}
    return "id: %s\nevent: %s\ndata: %s\n\n" % (ident, kind,
                                               json.dumps(data))


def hello(number=0):
    return event(number, "hello", resumed=number > 0, heartbeat_s=15)


RESYNC = ('event: resync\n'
          'data: {"type":"resync","reason":"slow_reader"}\n\n')
HAPPENED = [
    event(1, "session", state="down", address="2001:db8:300::1",
          upstream="ifog", session="idle", previous="established",
          uptime_s=None, last_error="Cease", shutdown_message="bye \x1b[1m"),
    event(2, "operation", state="applying", operation="op-AAAAAAAAAAAAAAAA",
          kind="upstream_policy", phase="signal", text="3 of 5", error=None,
          audit_seq=3),
    event(3, "confirm", state="pending", operation="op-AAAAAAAAAAAAAAAA",
          reverts_at="2026-03-01T02:02:00.000Z", detail=None),
    event(4, "drift", subsystem="frr", detail="local-preference 130",
          audit_seq=9),
    event(5, "drain", state="draining", text="rate 3 Mbit/s"),
    RESYNC,
]


def refused_at_last(pieces):
    """One answer after the other, then 401."""
    pieces = list(pieces)

    def reply(_req):
        if not pieces:
            return problem(401, "unauthorized", "no valid token")
        return 200, iter(pieces.pop(0)), {}
    return reply


@served
def events(s, p):
    s.set("GET /v1/events", refused_at_last([[hello()] + HAPPENED]))
    r = p.run("events", "--types", "session,operation").expect(4, [
        "2026-03-01 02:00:01  session    upstreams/ifog        down "
        "2001:db8:300::1, before established: Cease, says \"bye \\x1b[1m\"\n",
        "operation  upstreams/ifog        applying op-AAAAAAAAAAAAAAAA "
        "upstream_policy, signal: 3 of 5\n",
        "confirm    upstreams/ifog        pending op-AAAAAAAAAAAAAAAA, goes "
        "back at 2026-03-01 02:02:00\n",
        "drift      upstreams/ifog        frr: local-preference 130\n",
        "drain      upstreams/ifog        draining: rate 3 Mbit/s\n",
        "resync     -                     slow_reader: something may have "
        "been missed, look again\n"],
        "the router has ended the stream; connecting again in 1 s")
    check(len(r.out.splitlines()) == 6, "not a line for each", r)
    first, again = s.requests
    check(first.query == {"types": "session,operation"}, first.target)
    check(first.headers["Accept"].startswith("text/event-stream"), "Accept")
    check(first.headers["Last-Event-ID"] is None, "an id at first")
    check(again.headers["Last-Event-ID"] == "00c0ffee-5", "no id",
          again.headers)


@served
def events_as_json(s, p):
    s.set("GET /v1/events", refused_at_last([[hello(7)] + HAPPENED]))
    r = p.run("events", "--json", "--since", "00c0ffee-7")
    check(r.code == 4, "exit", r)
    told = [json.loads(line) for line in r.out.split("\n{\n")[0].splitlines()]
    check([t["type"] for t in told] == [
        "hello", "session", "operation", "confirm", "drift", "drain",
        "resync"], "types", r)
    check(s.requests[0].headers["Last-Event-ID"] == "00c0ffee-7", "since")


@served
def events_over_broken_connections(s, p):
    """It goes on behind the last one, whatever was cut where."""
    def cut():
        yield event(2, "drain", state="draining")
        yield event(3, "drain", state="half")[:-1]
        raise ConnectionError

    whole = event(3, "drain", state="drained")
    answers = [iter([hello(), event(1, "drain", state="begun")]), cut(), None,
               problem(503, "unavailable", "starting"),
               iter([hello(2)] + list(whole)),
               problem(403, "forbidden", "no")]

    def reply(_req):
        answer = answers.pop(0)
        return (200, answer, {}) if hasattr(answer, "__next__") else answer
    s.set("GET /v1/events", reply)
    r = p.run("events").expect(4, ["begun", "draining", "drained"],
                               ["in 1 s", "in 2 s", "in 4 s"], ["half"])
    check(len(r.out.splitlines()) == 3, "lines", r)
    ids = [q.headers["Last-Event-ID"] for q in s.requests]
    check(ids == [None] + ["00c0ffee-%d" % n for n in (1, 2, 2, 2, 3)], ids)


@served
def events_refused(s, p):
    s.set("GET /v1/events", *problem(403, "forbidden", "not this token"))
    p.run("events").expect(4, err="not this token")
    s.set("GET /v1/events", *problem(400, "invalid_request", "no such type"))
    p.run("events", "--types", "weather").expect(1, err="no such type")
    s.set("GET /v1/events", *problem(503, "unavailable", "starting"))
    p.run("events").expect(1, err="starting")
    s.set("GET /v1/events", 200, {"hello": "world"}, {})
    p.run("events").expect(1, err="not understood")
    s.set("GET /v1/events", lambda _req: None)
    p.run("events").expect(3, err="cannot be reached")
    for word in ("", "a b", "x" * 300):
        p.run("events", "--since", word).expect(2, err="--since")
    p.run("events", "now").expect(2, err="usage")
    p.run("operations", "--types", "drain").expect(2, err="--types")


@served
def events_until_ctrl_c(s, p):
    def for_ever():
        yield hello()
        yield HAPPENED[0]
        while True:
            time.sleep(0.1)
            yield ": heartbeat\n\n"
    s.set("GET /v1/events", lambda _req: (200, for_ever(), {}))
    r = p.terminal("events", stop="session").expect(0, "\x1b[31mdown\x1b[0m")
    check("\x1b[1m" not in r.out, "the router's own colours", r)
    process = subprocess.Popen([MHCTL, "events"], env=p.env,
                               stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL)
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    check(process.wait(5) == 0, "SIGTERM")
    process.stdout.close()


@served
def operation_follow(s, p):
    """Through events; with polling where there are none; and what it said."""
    path = "GET /v1/operations/op-AAAAAAAAAAAAAAAA"
    states = ["applying"]

    def operation(_req):
        return 200, dict(OPERATION, state=states[-1], error="why not"
                         if states[-1] == "undone" else None), {}

    def told(*names):
        def pieces():
            yield hello()
            for name in names:
                time.sleep(0.5)  # a look comes first
                states.append(name)
                yield event(2, "operation", state=name, phase=None,
                            operation="op-BBBBBBBBBBBBBBBB", text=None)
                yield event(3, "operation", state=name, phase=None,
                            operation="op-AAAAAAAAAAAAAAAA", text="2 of 3")
            while True:
                time.sleep(0.1)
                yield ": heartbeat\n\n"
        return lambda _req: (200, pieces(), {})
    s.set(path, operation)
    s.set("GET /v1/events", told("persisting", "done"))
    p.run("operation", "follow", "op-AAAAAAAAAAAAAAAA").expect(
        0, "upstreams/ifog: applying\nupstreams/ifog: persisting, 2 of 3\n"
        "upstreams/ifog: done, 2 of 3\n")
    check(s.requests[0].query == {"types": "operation"}, "types")
    states.append("applying")
    s.set("GET /v1/events", told("undoing", "undone"))
    r = p.run("operation", "follow", "op-AAAAAAAAAAAAAAAA", "--json")
    r.expect(1, '"error": "why not"')
    check(json.loads(r.out)["state"] == "undone", "the last state", r)
    # It had ended before anybody looked.
    p.run("operation", "follow", "op-AAAAAAAAAAAAAAAA").expect(
        1, "upstreams/ifog: undone, why not\n")
    # No events there.
    asked = []

    def slowly(req):
        asked.append(req)
        states.append("applying" if len(asked) < 3 else "done")
        return operation(req)
    s.set("GET /v1/events", *problem(404, "not_found", "no such resource"))
    s.set(path, slowly)
    p.run("operation", "follow", "op-AAAAAAAAAAAAAAAA").expect(
        0, "upstreams/ifog: applying\nupstreams/ifog: applying\n"
        "upstreams/ifog: done\n")
    s.set(path, *problem(404, "not_found", "no such operation"))
    p.run("operation", "follow", "op-AAAAAAAAAAAAAAAA").expect(
        1, err="mhctl operations")
    s.set(path, operation)
    states.append("applying")
    s.set("GET /v1/events", told())
    p.terminal("operation", "follow", "op-AAAAAAAAAAAAAAAA",
               stop="applying").expect(6, "goes on there")


@served
def audit(s, p):
    r = p.run("audit").expect(0, ["CHG-1234: provider is slow", "applied",
                                  "undone"])
    check(len(r.out.splitlines()) == 3, "one line a change", r)
    r = p.run("audit", "--limit", "1").expect(0, "applied", not_out="undone")
    r = p.run("audit", "--limit", "3", "--json").expect(0)
    check(len(json.loads(r.out)["rows"]) == 3, "raw rows", r)
    p.run("audit", "--actor", "a&b", "--resource", "upstreams/ifog",
          "--outcome", "applied", "--since", "2026-03-01").expect(0)
    q = s.requests[-1].query
    check(q["actor"] == "a&b" and q["resource"] == "upstreams/ifog" and
          q["outcome"] == "applied" and q["since"] == "2026-03-01T00:00:00Z",
          "filters", q)
    p.run("audit", "--since", "2h").expect(0)
    check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",
                       s.requests[-1].query["since"]), "since", q)
    p.run("audit", "--since", "yesterday").expect(2, err="a time is")
    p.run("audit", "--limit", "0").expect(2)


@served
def audit_pages(s, p):
    def page(req):
        start = int(req.query.get("cursor", "0"))
        n = min(int(req.query["limit"]), 5)
        rows = [dict(seq=40 - i, kind="outcome", about=None,
                     outcome="applied", actor="a%d" % i)
                for i in range(start, min(start + n, 40))]
        return 200, {"rows": rows, "next_cursor": str(start + n)
                     if start + n < 40 else None}, {}
    s.set("GET /v1/audit", page)
    r = p.run("audit", "--limit", "12").expect(0, "a11", not_out="a12")
    check(len(r.out.splitlines()) == 13, "twelve rows", r)
    r = p.run("audit", "--limit", "1000").expect(0, "a39")


@served
def audit_show(s, p):
    p.run("audit", "show", "3").expect(0, [
        "intent; its outcome is 4", "before\n  import.local_preference  150",
        "after\n  import.local_preference  250",
        "  > route-map RM-IFOG-IN permit 10\n  >  set local-preference 250",
        "      Building Configuration...\n      [OK]"])
    p.run("audit", "show", "4").expect(0, "outcome of 3")
    cancel = dict(seq=5, kind="cancel", about=None, outcome=None, actor="bob",
                  time="2026-03-01T02:00:05.000Z", resource="upstreams/ifog",
                  operation="op-AAAAAAAAAAAAAAAA", peer="192.0.2.8", request_id="r-5")
    s.set("GET /v1/audit/5", 200, cancel)
    p.run("audit", "show", "5").expect(0, ["cancel", "bob", "192.0.2.8", "r-5",
                                           "op-AAAAAAAAAAAAAAAA"], not_out="outcome")
    s.set("GET /v1/audit", 200, {"rows": [cancel], "next_cursor": None})
    p.run("audit").expect(0, ["bob", "cancel"])
    p.run("audit", "show", "99").expect(1, err="mhctl audit lists")
    p.run("audit", "show", "x").expect(2)


@served
def audit_verify(s, p):
    p.run("audit", "verify").expect(0, "the audit log is intact: 4 rows")
    s.set("GET /v1/audit/verify", 200,
          {"intact": False, "rows": 4, "first_bad_seq": 2, "head": "00",
           "detail": "row 2 does not hash to what it says"})
    p.run("audit", "verify").expect(1, ["NOT INTACT", "first bad row is 2",
                                        "does not hash"])
    p.run("audit", "verify", "--json").expect(1, '"first_bad_seq": 2')


@served
def tokens(s, p):
    p.run("tokens").expect(0, ["alice", "read,operate", "expired",
                               "192.0.2.0/24", "never"])


# -- changing --------------------------------------------------------------

@served
def set_preference(s, p):
    p.run("set-preference", "--reason", "slow", "ifog", "250",
          "--ticket=CHG-1").expect(0, [
              "ifog: local preference changed from 150 to 250 on hobgp",
              "1834 best paths moved, no session was reset, saved",
              "operation %s, audit 3" % OPERATION["id"]])
    req = s.requests[-1]
    check(req.json == {"import": {"local_preference": 250},
                       "reason": "slow", "ticket": "CHG-1"}, "body", req.json)
    check(req.headers["Content-Type"] == "application/merge-patch+json",
          "content type")
    check(len(req.headers["Idempotency-Key"]) >= 20, "a key")
    check(req.headers["If-Match"] is None, "no If-Match by itself")
    p.run("set-preference", "ifog", "250").expect(0, [
        "ifog: local preference is 250 already", "nothing was changed"])
    check(s.requests[-1].headers["Idempotency-Key"] !=
          req.headers["Idempotency-Key"], "a new key each time")
    p.run("set-preference", "ifog", "default").expect(0, "to the default")
    check(s.requests[-1].json["import"] == {"local_preference": None}, "null")


@served
def set_prepend_and_description(s, p):
    p.run("set-prepend", "ifog", "3", "--shared").expect(
        0, "ifog: AS path prepend changed from 0 to 3")
    check(s.requests[-1].json == {"export": {"as_path_prepend": 3},
                                  "shared": True}, "body")
    p.run("set-description", "ifog", "via Zürich").expect(
        0, 'to "via Zürich"')
    p.run("set-description", "ifog", "--none").expect(0, "to none")
    check(s.requests[-1].json == {"description": None}, "null")
    p.run("set-description", "ifog").expect(2, err="or --none")
    p.run("set-description", "ifog", "two", "words").expect(2)
    p.run("set-description", "ifog", "x", "--none").expect(2)


@served
def plans(s, p):
    for words in (["plan", "set-preference", "ifog", "250", "--undo"],
                  ["set-preference", "ifog", "250", "--dry-run", "--undo"]):
        p.run(*words).expect(0, [
            "ifog: local preference would change from 150 to 250",
            "no session would be reset; this is a plan, nothing was done",
            "frr\n  route-map RM-IFOG-IN permit 10\n"
            "   set local-preference 250\n  exit\nbgp\n  clear bgp",
            "boot\n  write memory", "to take it back:",
            "   set local-preference 150"])
        check(s.requests[-1].query == {"dry_run": "true"}, "dry run")
        check(s.requests[-1].method == "PATCH", "asked once")
    p.run("plan", "set-preference", "ifog", "250").expect(
        0, not_out="take it back")
    p.run("plan", "set-preference", "ifog", "150").expect(
        0, "150 already on hobgp; nothing would be done")
    check(s.find("ifog")["import"]["local_preference"] == 150, "unchanged")


@served
def set_as_json(s, p):
    r = p.run("set-preference", "ifog", "250", "--json").expect(0)
    check(json.loads(r.out)["best_paths_moved"] == 1834, "JSON", r)


@served
def if_match(s, p):
    for word, sent in (("a.b", '"a.b"'), ('"a.b"', '"a.b"'), ("*", "*")):
        p.run("set-preference", "ifog", "1", "--if-match", word).expect(0)
        check(s.requests[-1].headers["If-Match"] == sent, "ETag", sent)
    p.run("set-preference", "ifog", "1", "--if-match", "a\nX: y").expect(2)
    s.set("PATCH /v1/upstreams/ifog", *problem(
        412, "precondition", "ifog was changed since"))
    p.run("set-preference", "ifog", "1", "--if-match", "old").expect(
        5, err=["refused", "mhctl upstream show NAME"])
    s.set("PATCH /v1/upstreams/ifog", *problem(
        428, "precondition_required", "this token needs If-Match"))
    p.run("set-preference", "ifog", "1").expect(1, err="--if-match ETAG")


@served
def operate_without_read(s, p):
    s.set("GET /v1/upstreams/ifog", *problem(403, "forbidden", "no"))
    s.set("PATCH /v1/upstreams/ifog", 200, {
        "changed": True, "dry_run": False, "operation": "op-1",
        "audit_seq": 1, "best_paths_moved": None, "sessions_reset": [],
        "plan": {"steps": []}, "upstream": s.find("ifog")})
    p.run("set-preference", "ifog", "150").expect(
        0, "local preference changed to 150", not_out="best path")


@served
def refusals(s, p):
    path = "PATCH /v1/upstreams/ifog"
    s.set(path, *problem(409, "route_map_shared",
                         "RM-X is shared by a and b"))
    p.run("set-preference", "ifog", "1").expect(5, err=[
        "mhctl: hobgp: refused: RM-X is shared by a and b "
        "(409 route_map_shared)", "request r-77", "next: give --shared"])
    s.set(path, *problem(422, "unprocessable", "a field is refused", errors=[
        {"pointer": "/import/local_preference", "detail": "too large"}]))
    p.run("set-preference", "ifog", "1").expect(
        1, err="  /import/local_preference: too large")
    s.set(path, *problem(
        502, "tool", "vtysh refused a line", undone=True, operation="op-9",
        audit_seq=12, tool={"name": "vtysh", "exit_code": 2,
                            "output": "% Unknown command\n\033[2Jline 2"}))
    p.run("set-preference", "ifog", "1").expect(1, err=[
        "failed: vtysh refused a line", "vtysh (exit code 2) said:",
        "    % Unknown command\n    \\x1b[2Jline 2",
        "it was undone: the router is as before",
        "operation op-9, audit 12, request r-77",
        "next: mhctl audit show 12 has every command"])
    s.set(path, *problem(502, "not_applied", "still 150", undone=False))
    p.run("set-preference", "ifog", "1").expect(
        1, err="could NOT be undone completely")
    s.set(path, *problem(429, "busy", "the queue is full", retry_after_s=7))
    p.run("set-preference", "ifog", "1").expect(1, err="in 7 s")
    s.set(path, 503, {"code": "unavailable", "detail": "bgpd is silent"},
          {"Retry-After": "3"})
    p.run("set-preference", "ifog", "1").expect(
        1, err=["that FRR runs", "in 3 s"])
    s.set(path, *problem(504, "timeout", "not finished", operation="op-9"))
    p.run("set-preference", "ifog", "1").expect(6, err="mhctl operations")
    s.set(path, 202, {"id": "op-9", "state": "applying"})
    p.run("set-preference", "ifog", "1").expect(
        6, err="mhctl operation show op-9")


@served
def problem_as_json(s, p):
    s.set("GET /v1/router", *problem(503, "not_ready", "starting"))
    r = p.run("status", "--json").expect(1, err="starting")
    check(json.loads(r.out)["code"] == "not_ready", "problem", r)


@served
def permissions(s, p):
    for status_, code in ((401, "unauthorized"), (403, "forbidden")):
        s.set("GET /v1/router", *problem(status_, code, "no"))
        p.run("status").expect(4, err=[code, "next: the token"])


@served
def foreign_answers(s, p):
    s.set("GET /v1/router", 200, b"<html>hello</html>")
    p.run("status").expect(1, err=["not understood", "no JSON"])
    s.set("GET /v1/router", 500, b"<html>\033[31moops</html>")
    p.run("status").expect(1, err="(500)")
    s.set("GET /v1/router", 302, b"", {"Location": "http://127.0.0.1:1/"})
    p.run("status").expect(1, err="(302)")
    check(len([r for r in s.requests]) == 3, "redirects are not followed")


@served
def session_clear(s, p):
    p.run("session", "clear", "ifog").expect(
        0, ["2001:db8:300::1", "asked for and announced again",
            "the session stayed up", "audit 5"])
    check(s.requests[-1].path ==
          "/v1/sessions/2001%3Adb8%3A300%3A%3A1/clear", "path")
    check(s.requests[-1].json == {"soft": "both"}, "both", s.requests[-1].json)
    p.run("session", "clear", "2001:db8:300::1", "--soft", "in", "--reason",
          "r", "--ticket", "t").expect(0, "received were asked for")
    check(s.requests[-1].json == {"soft": "in", "reason": "r",
                                  "ticket": "t"}, "body")
    n = len(s.requests)
    p.run("session", "clear", "2001:db8:300::1", "--hard").expect(
        2, err="--yes")
    p.run("session", "clear", "ifog", "--soft", "up").expect(2)
    p.run("session", "clear", "ifog", "--soft", "in", "--hard").expect(2)
    check(len(s.requests) == n, "nothing was asked")
    p.run("session", "clear", "2001:db8:300::1", "--hard", "--yes").expect(
        0, "session was reset")
    check(s.requests[-1].json == {"soft": None}, "hard")


@served
def session_clear_asks(s, p):
    words = ["session", "clear", "2001:db8:300::1", "--hard"]
    p.terminal(*words, typed=[("Type yes", "no\n")]).expect(
        1, "nothing was done")
    check(not s.requests, "nothing was asked")
    p.terminal(*words, typed=[("Type yes", "yes\n")]).expect(0, "reset")
    check(s.requests[-1].json == {"soft": None}, "hard")


# -- keys ------------------------------------------------------------------

KEY = "s3cret-Key_0f.the,provider"


def steps(s, *answers):
    """Each look at the rotation gets the next answer, then the last one."""
    left = list(answers)
    s.set("GET /v1/operations/" + ROTATION, lambda _r: (
        200, left.pop(0) if len(left) > 1 else left[0], {}))


def unseen(secret, r):
    check(secret not in r.out and secret not in r.err, "the key is shown", r)
    return r


@served
def rotate_key(s, p):
    steps(s, rotating("running", "changes the key", "change"),
          rotating("running", "waits for the session under the new key"),
          rotating("running", "waits for the session under the new key"),
          rotating("done", downtime_ms=2149))
    r = p.run("rotate-key", "ifog", "--reason", "yearly", "--ticket", "T-1",
              "--verify-within", "60", "--method", "reset", "--adopt",
              "--drain-first", stdin=KEY + "\r\n")
    unseen(KEY, r).expect(0, [
        "ifog: new key k0123456789 is ready on hobgp",
        "the session is reset and stays down until",
        "changes now; the old key comes back unless the session works within "
        "60 s", "operation %s, audit 12" % ROTATION,
        "cancel it:  mhctl cancel " + ROTATION,
        "ifog: key k0123456789 in use, verified; the session was down for "
        "2.1 s\n"])
    check(r.err == "  changes the key\n"
          "  waits for the session under the new key\n",
          "each step once, a line each", r)
    req = s.requests[0]
    check(req.method == "POST" and not req.query and
          req.path == "/v1/upstreams/ifog/tcp-md5/rotations" and
          req.headers["Idempotency-Key"], "the request", req.target)
    check(req.json == {"key": KEY, "reason": "yearly", "ticket": "T-1",
                       "verify_within_s": 60, "method": "reset",
                       "adopt": True, "drain_first": True}, "the body", req.json)


@served
def rotate_key_generated(s, p):
    steps(s, rotating("done", method="gentle", **{
        "with": "vtbgp", "with_operation": "op-WWWWWWWWWWWWWWWW"}))
    r = p.run("rotate-key", "ifog", "--generate", "--with", "vtbgp").expect(
        0, err=["shown this once; both ends have it already", "ifog: new key",
                "vtbgp changes at the same time: upstream hobgp there",
                "in use, verified; the session stayed up",
                "vtbgp changed too, operation op-WWWW"])
    check(r.out == NEW_KEY + "\n", "the key alone", r)
    check("provider" not in r.err, "nobody is to be given it", r)
    check(NEW_KEY not in r.err, "there alone", r)
    check(s.requests[0].json == {"generate": True, "with": "vtbgp"}, "asked",
          s.requests[0].json)
    p.run("rotate-key", "ifog", "--generate").expect(
        0, err="shown this once; give it to the provider")
    r = p.run("rotate-key", "ifog", "--generate", "--json").expect(0)
    first, last = [json.loads(line) for line in r.out.splitlines()]
    check(first["key"] == NEW_KEY and last["state"] == "done" and not r.err,
          "a line each", r)


@served
def rotate_key_undone(s, p):
    why = "the other end did not change its key: 7 segments came in"
    steps(s, rotating("running", "the old key comes back", "return"),
          rotating("undone", why=why, return_ms=3050, key_id="k00000000aa"))
    r = p.run("rotate-key", "ifog", stdin=KEY)
    unseen(KEY, r).expect(1, err=[
        "mhctl: ifog: the old key is back: " + why,
        "the session was up again after 3.0 s"], not_out="in use")
    p.run("rotate-key", "ifog", "--json", stdin=KEY).expect(
        1, '"state": "undone"', "the old key is back: ")
    steps(s, rotating("undone", why=why, return_ms=None))
    p.run("rotate-key", "ifog", stdin=KEY).expect(
        1, err="next: see whether the session is up: mhctl session show ifog")
    steps(s, dict(rotating("refused"), error="cancelled by alice"))
    p.run("rotate-key", "ifog", stdin=KEY).expect(
        1, err="the key was not changed: cancelled by alice")
    steps(s, rotating("undone", phase="recall", why="cancelled by alice"))
    p.run("rotate-key", "ifog", stdin=KEY).expect(
        1, err="the key was not changed: cancelled by alice")
    s.set("POST /v1/upstreams/ifog/tcp-md5/rotations", *problem(
        422, "unprocessable", "no", errors=[
            {"pointer": "/with", "detail": "is no context"}]))
    unseen(KEY, p.run("rotate-key", "ifog", stdin=KEY)).expect(
        1, err="/with: is no context")
    p.run("rotate-key", "nobody", stdin=KEY).expect(
        1, err="mhctl upstreams lists the names")


@served
def rotate_key_scheduled(s, p):
    far = "2126-03-01T02:00:00Z"
    r = p.run("rotate-key", "ifog", "--at", far, stdin=KEY).expect(0, [
        "changes at 2126-03-01 02:00:00 UTC; the old key comes back unless "
        "the session works within 180 s",
        "follow it:  mhctl operation show " + ROTATION,
        "cancel it:  mhctl cancel " + ROTATION], not_out="in use")
    check(s.requests[-1].json["at"] == far and len(s.requests) == 1,
          "not followed", s.requests[-1].json)
    del r
    p.run("rotate-key", "ifog", "--at", "2h", stdin=KEY).expect(0)
    wanted = time.strftime("%Y-%m-%dT%H:", time.gmtime(time.time() + 7200))
    check(s.requests[-1].json["at"].startswith(wanted), "from now on",
          s.requests[-1].json)
    p.run("rotate-key", "ifog", "--no-wait", stdin=KEY).expect(
        0, "changes now", not_out="in use")
    check(s.requests[-1].method == "POST", "not followed")
    p.run("cancel", ROTATION).expect(0, ["cancelled", ROTATION + ", undone"])
    check(s.requests[-1].path == "/v1/operations/%s/cancel" % ROTATION,
          "cancelled")
    s.set("POST /v1/operations/%s/cancel" % ROTATION, 200,
          rotating("running", "the old key comes back"))
    p.run("cancel", ROTATION).expect(0, "it goes back now")
    s.set("POST /v1/operations/%s/cancel" % ROTATION, 200,
          rotating("running", "not called off yet", "recall"))
    p.run("cancel", ROTATION).expect(0, "the other end is told until it")
    s.set("POST /v1/operations/%s/cancel" % ROTATION,
          *problem(409, "not_pending", "it has ended"))
    p.run("cancel", ROTATION).expect(5, err="it has ended already")
    steps(s, rotating("running", "waits for the session", why="x"))
    p.run("operation", "show", ROTATION).expect(0, [
        "key                k0123456789", "now                waits",
        "phase              verify"])


@served
def rotate_key_dry_run(s, p):
    p.run("rotate-key", "ifog", "--dry-run", "--undo").expect(0, [
        "ifog: the key would be changed on hobgp",
        "sessions that would be reset: 2001:db8:300::1; this is a plan",
        "frr\n  neighbor 2001:db8:300::1 password ****",
        "to take it back:"])
    check(s.requests[-1].query == {"dry_run": "true"} and
          s.requests[-1].json == {"generate": True}, "no key is asked for")


@served
def rotate_key_usage(s, p):
    path = os.path.join(p.dir, "key")

    def write(text):
        with open(path, "w") as f:
            f.write(text)
    for words, stdin, said in (
            (["--generate", "--key-file", "-"], KEY, "exclude"),
            (["--verify-within", "9"], KEY, "10 to 3600"),
            (["--method", "fast"], KEY, "gentle or reset"),
            (["--at", "soon"], KEY, "--at: a time is 30m, 12h or 7d (from"),
            (["--key-file", path + "x"], KEY, "No such file"),
            ([], "", "the key: nothing was given"),
            ([], "two words\n", "the key must be of letters"),
            ([], "0x1234\n", "must not begin with"),
            ([], "k" * 81, "1 to 80 characters"),
            ([], "k" * 2000, "too long")):
        r = p.run("rotate-key", "ifog", *words, stdin=stdin).expect(
            2, err=said)
        check(not stdin.strip() or stdin.strip() not in r.err, "quoted", r)
    for text, said in (("a\nb\n", "more than one line"),
                       ("", "1 to 80 characters"), ("\n", "1 to 80"),
                       ("x" * 5000, "too large")):
        write(text)
        p.run("rotate-key", "ifog", "--key-file", path).expect(2, err=said)
    p.run("rotate-key", "../x", stdin=KEY).expect(2, err="a name is")
    p.run("rotate-key", "ifog", KEY).expect(2, err="usage: mhctl rotate-key")
    check(not s.requests, "nothing was asked")
    write(KEY + "\n")
    p.run("rotate-key", "ifog", "--key-file", path, "--no-wait").expect(0)
    check(s.requests[-1].json == {"key": KEY}, "from a file")


@served
def rotate_key_prompt(s, p):
    seen = set()

    def see(pid):
        for name in ("cmdline", "environ"):
            try:
                with open("/proc/%d/%s" % (pid, name), "rb") as f:
                    seen.add(f.read())
            except OSError:
                pass  # it has ended
    steps(s, rotating("running", "waits for the session"),
          rotating("running", "waits for the session"),
          rotating("done", downtime_ms=900))
    typed = [("New key: ", KEY + "\n"), ("Once more: ", KEY + "\n")]
    r = p.terminal("-v", "rotate-key", "ifog", typed=typed,
                   see=see)
    unseen(KEY, r).expect(0, ["waits for the session ... ", "down for 0.9 s",
                              '"key":"****"'])
    check(not any(KEY.encode() in x for x in seen), "argv", seen)
    check(not os.path.exists("/proc/self/cmdline") or
          any(b"rotate-key" in x for x in seen), "looked", seen)
    check(s.requests[0].json == {"key": KEY}, "typed")
    n = len(s.requests)
    typed[1] = ("Once more: ", KEY + "x\n")
    unseen(KEY, p.terminal("rotate-key", "ifog", typed=typed)).expect(
        2, "the key: the two differ")
    for stop in ("New key: ", "Once more: "):
        r = p.terminal("rotate-key", "ifog", typed=typed[:1], stop=stop)
        check(r.code == -signal.SIGINT, "Ctrl-C", r)
    check(len(s.requests) == n, "nothing was asked")


@served
def rotate_key_interrupted(s, p):
    steps(s, rotating("running", "waits for the session"))
    r = p.terminal("rotate-key", "ifog", "--generate",
                   stop="waits for the session")
    r.expect(6, ["interrupted here; it goes on there",
                 "follow it: mhctl operation follow " + ROTATION,
                 "cancel it: mhctl cancel " + ROTATION])
    check(all("/cancel" not in q.path for q in s.requests), "left alone")
    p.run("rotate-key", "ifog", "--timeout", "1", stdin=KEY).expect(
        6, err=["waited long enough; it goes on there", "follow it:"])


@served
def rotate_key_through_an_outage(s, p):
    """The rotation may take away the way to the router for a while."""
    answers = [None, problem(503, "unavailable", "starting"),
               (200, rotating("done", downtime_ms=0), {})]
    s.set("GET /v1/operations/" + ROTATION, lambda _r: answers.pop(0))
    p.run("rotate-key", "ifog", stdin=KEY).expect(0, "down for 0.0 s")
    s.set("GET /v1/operations/" + ROTATION, *problem(403, "forbidden", "no"))
    p.run("rotate-key", "ifog", stdin=KEY).expect(4, err="forbidden")


@served
def keys_in_a_trace(s, p):
    steps(s, rotating("done", downtime_ms=1))
    r = p.run("-v", "rotate-key", "ifog", stdin=KEY)
    unseen(KEY, r).expect(0, err=['> {"key":"****"}', '"key_id":"k01234'])
    r = p.run("-v", "rotate-key", "ifog", "--generate").expect(0)
    check(NEW_KEY not in r.err, "a generated one", r)
    r = p.run("-v", "upstream", "set", "ifog", "--tcp-md5-key-file", "-",
              "--description", "x", stdin=KEY)
    unseen(KEY, r).expect(0, err='"tcp_md5":{"key":"****"}')
    check(s.requests[-1].json == {"description": "x", "tcp_md5": {"key": KEY}},
          "sent", s.requests[-1].json)


@served
def keys_of_an_upstream(s, p):
    path = os.path.join(p.dir, "u.json")
    with open(path, "w") as f:
        json.dump({"tcp_md5": {"set": False}}, f)
    p.run("upstream", "set", "ifog", "--file", path, "--tcp-md5-key-file",
          "-", stdin=KEY + "\n").expect(0)
    check(s.requests[-1].json == {"tcp_md5": {"key": KEY}}, "alone",
          s.requests[-1].json)
    p.run(*ADD, "--tcp-md5-key-file", "-", stdin=KEY).expect(0)
    check(s.requests[-1].json["tcp_md5"] == {"key": KEY}, "added")
    p.run("upstream", "set", "ifog", "--no-tcp-md5").expect(0)
    check(s.requests[-1].json == {"tcp_md5": None}, "removed")
    n = len(s.requests)
    p.run("upstream", "set", "ifog", "--no-tcp-md5", "--tcp-md5-key-file",
          path).expect(2, err="exclude")
    p.run("upstream", "set", "ifog", "--file", "-", "--tcp-md5-key-file", "-",
          stdin="{}").expect(2, err="cannot both read")
    p.run("downstream", "set", "radon", "--no-tcp-md5").expect(2)
    # Not even a broken body is quoted.
    r = p.run("upstream", "set", "ifog", "--file", "-",
              stdin='{"tcp_md5": {"key": "%s" "x"}}' % KEY)
    unseen(KEY, r).expect(2, err="-: line 1 column")
    r = p.run("upstream", "set", "ifog", "--file", "-", stdin='{"%s' % KEY)
    unseen(KEY, r).expect(2, err="-: line 1 column")
    check(len(s.requests) == n, "nothing was asked")
    u = s.find("ifog")
    u["tcp_md5"] = {"set": True, "key_id": "k0123456789",
                    "set_at": "2026-03-01T02:00:00.000Z"}
    u["status"]["tcp_md5_age_s"] = 86400 * 12 + 3 * 3600
    p.run("upstream", "show", "ifog").expect(
        0, "TCP MD5            key k0123456789, 12d03h old\n")
    u["tcp_md5"] = {"set": True, "key_id": None, "set_at": None}
    u["status"]["tcp_md5_age_s"] = None
    p.run("upstream", "show", "ifog").expect(
        0, "TCP MD5            a key is set\n")


# -- the API itself --------------------------------------------------------

@served
def api(s, p):
    raw = b'{"b": 1.50,   "a":"\xc3\xbc" }\n'
    s.set("GET /v1/router", 200, raw)
    r = p.run("api", "GET", "/v1/router?x=a%20b").expect(0)
    check(r.out.encode() == raw, "as it came", r)
    check(s.requests[-1].query == {"x": "a b"} and
          s.requests[-1].headers["Idempotency-Key"] is None, "a read")
    p.terminal("api", "GET", "/v1/router").expect(
        0, '{\n  "b": 1.5,\n  "a": "\\u00FC"\n}\n')
    path = os.path.join(p.dir, "body")
    with open(path, "w") as f:
        f.write('{"soft": "in"}')
    for words, stdin in ((["--data", path], ""),
                         (["--data", "-"], '{"soft":\n "in"}\n')):
        r = p.run("api", "POST", "/v1/sessions/2001%3Adb8%3A300%3A%3A1/clear",
                  *words, "--json", stdin=stdin).expect(0)
        check(json.loads(r.out)["soft"] == "in", "answered", r)
        check(s.requests[-1].json == {"soft": "in"} and
              s.requests[-1].headers["Content-Type"] == "application/json"
              and len(s.requests[-1].headers["Idempotency-Key"]) >= 20,
              "a write")
    p.run("api", "PATCH", "/v1/upstreams/ifog", "--data", "-",
          stdin='{"description": "x"}').expect(0, '"description": "x"')
    check(s.requests[-1].headers["Content-Type"] ==
          "application/merge-patch+json", "merge patch")
    p.run("api", "DELETE", "/v1/upstreams/ifog?allow_reset=true").expect(
        0, '"changed": true')
    check(s.requests[-1].json is None, "no body")


@served
def api_refusals(s, p):
    for status_, code, exit_ in ((401, "unauthorized", 4),
                                 (403, "forbidden", 4), (404, "not_found", 1),
                                 (409, "confirm_pending", 5),
                                 (422, "unprocessable", 1),
                                 (503, "unavailable", 1)):
        s.set("POST /v1/x", *problem(status_, code, "because"))
        r = p.run("api", "POST", "/v1/x", "--data", "-", "--json",
                  stdin='{"key": "%s"}' % KEY)
        unseen(KEY, r).expect(exit_, err="because")
        check(len(r.out.splitlines()) == 1 and
              json.loads(r.out)["status"] == status_, "one line", r)
        r = p.run("api", "POST", "/v1/x").expect(exit_, err="because")
        check(r.out == "", "in words alone", r)
    n = len(s.requests)
    for words, said in ((["get", "/v1/router"], "METHOD is"),
                        (["HEAD", "/v1/router"], "METHOD is"),
                        (["GET", "v1/router"], "PATH begins with /"),
                        (["GET", "/v1/ router"], "PATH begins with /"),
                        (["GET", "/v1/\trouter"], "PATH begins with /"),
                        (["GET", "/v1/r#x"], "PATH begins with /"),
                        (["GET", "/v1/\u00fc"], "PATH begins with /"),
                        (["GET", "/v1/x", "--data", "-"], "takes no --data"),
                        (["POST", "/v1/x", "--data", "/nowhere"], "No such"),
                        (["POST", "/v1/x", "--data", "-"], "line 1")):
        r = p.run("api", *words, stdin='{"key": "%s", }' % KEY)
        unseen(KEY, r).expect(2, err=said)
    check(len(s.requests) == n, "nothing was asked")
    p.run("api", "GET", "/v1/router", MHCTL_URL="http://127.0.0.1:1").expect(3)


@served
def api_to_another_router(s, p):
    """As the engine calls it: another file, nothing of the environment."""
    with Standin() as other:
        path = os.path.join(p.dir, "engine.json")
        with open(path, "w") as f:
            json.dump({"contexts": {"vtbgp": {
                "url": other.url, "token": TOKEN}}}, f)
        os.chmod(path, 0o600)
        words = ["--contexts", path, "-r", "vtbgp", "--json", "-v", "api",
                 "POST", "/v1/upstreams/ifog/tcp-md5/rotations", "--data", "-"]
        r = p.run(*words, stdin='{"key": "%s"}' % KEY, MHCTL_CONTEXTS="/x",
                  MHCTL_URL=s.url)
        unseen(KEY, r).expect(0, err='> {"key":"****"}')
        check(json.loads(r.out) == rotation(None, {}), "the answer", r)
        check(other.requests[-1].json == {"key": KEY} and not s.requests,
              "there alone")
        os.chmod(path, 0o640)
        p.run(*words, stdin="{}").expect(1, err="chmod 0600 '%s'" % path)
        os.chmod(path, 0o600)
        p.run("--contexts", path, "status", MHCTL_URL=s.url).expect(
            2, err="no context is current")
        p.run("--contexts", path, "context", "use", "vtbgp").expect(0)
        p.run("--contexts", path, "status", MHCTL_URL=s.url).expect(0)
        check(not s.requests and p.read()["current"] == "hobgp", "untouched")
        p.run("--contexts", path + "x", "-r", "vtbgp", "status").expect(
            2, err="no context vtbgp")


# -- the wire --------------------------------------------------------------

@served
def broken_once(s, p):
    seen = []

    def once(req):
        seen.append(req.headers["Idempotency-Key"])
        return None if len(seen) == 1 else s.do_patch(req)
    s.set("PATCH /v1/upstreams/ifog", once)
    p.run("set-preference", "ifog", "250").expect(0, "from 150 to 250")
    check(len(seen) == 2 and seen[0] == seen[1], "same key", seen)


@served
def broken_twice(s, p):
    seen = []
    s.set("PATCH /v1/upstreams/ifog", lambda r: seen.append(r))
    p.run("set-preference", "ifog", "250").expect(
        3, err=["connection broke", "is not known here", "mhctl operations"])
    check(len(seen) == 2, "twice, not more", len(seen))


@served
def broken_and_still_running(s, p):
    seen = []

    def slow(req):
        seen.append(req.headers["Idempotency-Key"])
        if len(seen) == 1:
            return None
        if len(seen) < 4:
            return problem(409, "idempotency_running", "being worked on")
        return s.do_patch(req)
    s.set("PATCH /v1/upstreams/ifog", slow)
    p.run("set-preference", "ifog", "250").expect(0, "from 150 to 250")
    check(len(set(seen)) == 1 and len(seen) == 4, "same key", seen)


@served
def reads_are_not_repeated(s, p):
    s.set("GET /v1/router", lambda _r: None)
    p.run("status").expect(3, err="cannot be reached")


@served
def time_out(s, p):
    def late(req):
        time.sleep(3)
        return s.do_patch(req)
    s.set("PATCH /v1/upstreams/ifog", late)
    p.run("set-preference", "ifog", "250", "--timeout", "1").expect(
        6, err=["no answer within 1 s", "may still be running",
                "mhctl operations"])
    p.run("status", "--timeout", "soon").expect(2)


@served
def progress(s, p):
    def late(req):
        time.sleep(2.5)
        return s.do_patch(req)
    s.set("PATCH /v1/upstreams/ifog", late)
    r = p.terminal("set-preference", "ifog", "250")
    r.expect(0, ["waiting for hobgp ... 1 s", "waiting for hobgp ... 2 s",
                 "1834 best paths moved"])
    s.world["upstreams"][1]["import"]["local_preference"] = 150
    r = p.run("set-preference", "ifog", "250").expect(0)
    check(r.err == "", "quiet when nobody looks", r)


def screen(text, columns):
    """What a terminal shows in the end; a line that does not fit is an error."""
    rows = []
    for line in re.sub(r"\x1b\[\d*m", "", text).split("\n"):
        row = ""
        for piece in line.split("\r"):
            check(len(piece) < columns, "it wraps", repr(piece))
            row = piece + row[len(piece):]
        rows.append(row.rstrip())
    return rows


@served
def progress_as_wide_as_the_terminal(s, p):
    """A sentence up to the edge and no further, and nothing left of it."""
    long = "inbound 3.2 Mbit/s on gre0, waiting for under 410 kbit/s; there " \
        "is no other transit (0 of 3 samples)"
    short = "no traffic is left"
    done = draining("proof", short, "done",
                    result={"end": "drained", "why": None})
    for columns, most in ((60, 51), (100, 91), (200, len(long))):
        s.world["lasting"] = [draining("proof", long)] * 4 + \
            [draining("proof", short)] * 4 + [done]
        r = p.terminal("drain", "ifog", "--wait", columns=columns).expect(
            0, ["\r" + long[:most] + " ... ", "\r" + short + " ... "])
        rows = screen(r.out, columns)
        check(rows[0] == "upstreams/ifog on hobgp: drained", "left over", rows)


@served
def ctrl_c(s, p):
    def late(req):
        time.sleep(4)
        return s.do_patch(req)
    s.set("PATCH /v1/upstreams/ifog", late)
    r = p.terminal("set-preference", "ifog", "250", stop="waiting for")
    r.expect(6, ["interrupted here; the change goes on", "mhctl operations"])


@test
def unreachable():
    with socket.socket() as sock, Place() as p:
        sock.bind(("127.0.0.1", 0))
        url = "http://127.0.0.1:%d" % sock.getsockname()[1]
        r = p.run("status", MHCTL_URL=url, MHCTL_TOKEN="x")
        r.expect(3, err=["cannot be reached at " + url, "next:"])
        p.run("set-preference", "ifog", "1", MHCTL_URL=url,
              MHCTL_TOKEN="x").expect(3)
        p.run("status", MHCTL_UNIX=p.dir + "/none").expect(
            3, err="through " + p.dir)


@test
def unix_socket():
    with Place() as p, Standin(unix=p.dir + "/api.sock") as s:
        p.run("context", "add", "here", "--unix", s.unix,
              stdin=TOKEN + "\n").expect(0, "here is stored and current")
        p.run("status").expect(0, "hobgp  in service")
        p.run("status", "-r", "here", MHCTL_UNIX="/nowhere").expect(0)
        p.run("status", MHCTL_UNIX=s.unix, MHCTL_TOKEN=TOKEN,
              MHCTL_CONTEXTS="/nowhere").expect(0)


@test
def tls():
    if not shutil.which("openssl"):
        raise Skip("no openssl program")
    with Place() as p:
        key, pem = p.dir + "/key.pem", p.dir + "/cert.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                        "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-days", "2", "-keyout", key, "-out", pem],
                       check=True, stderr=subprocess.DEVNULL)
        with Standin(certificate=pem, key=key) as s:
            p.run("status", MHCTL_URL=s.url, MHCTL_TOKEN=TOKEN).expect(
                3, err="ertificate")
            check(not s.requests, "no token without trust")
            p.run("context", "add", "t", "--url", s.url, "--ca",
                  os.path.relpath(pem), stdin=TOKEN).expect(0)
            check(p.read()["contexts"]["t"]["ca"] == os.path.realpath(pem),
                  "absolute", p.read())
            p.run("status").expect(0, "hobgp")
            p.run("context", "add", "u", "--url", s.url, "--ca",
                  "/nonexistent", stdin=TOKEN).expect(2, err="--ca")


@served
def verbose(s, p):
    r = p.run("-v", "set-preference", "ifog", "250", "--reason", "x")
    r.expect(0, err=["> PATCH http://", "> Authorization: Bearer ****",
                     "> Idempotency-Key: ", "< status 200",
                     '> {"import":{"local_preference":250}'])


# -- contexts --------------------------------------------------------------

@test
def contexts():
    with Place() as p:
        p.run("status").expect(2, err="mhctl context add NAME --url URL")
        p.run("context", "list").expect(0, "no router is known yet")
        p.run("context", "add", "a", "--url", "http://127.0.0.1:1",
              stdin=TOKEN + "\n").expect(0, "a is stored and current")
        check(stat.S_IMODE(os.stat(p.contexts).st_mode) == 0o600, "mode")
        r = p.run("context", "add", "b", "--url", "http://192.0.2.1:8179/",
                  stdin=TOKEN)
        r.expect(0, "b is stored", err="readable to others")
        p.run("context", "list").expect(0, ["*  a", "   b", "192.0.2.1"])
        p.run("context", "list", "--json").expect(0, '"has_token": true')
        p.run("context", "use", "b").expect(0)
        check(p.read()["current"] == "b", "current")
        p.run("context", "use", "c").expect(2, err="no context c")
        p.run("context", "add", "b", "--url", "http://127.0.0.1:2",
              stdin=TOKEN).expect(2, err="--yes")
        p.run("context", "add", "b", "--url", "http://127.0.0.1:2", "--yes",
              stdin="other").expect(0)
        check(p.read()["contexts"]["b"]["token"] == "other", "replaced")
        p.run("context", "remove", "b").expect(0, "b is forgotten; choose")
        p.run("status").expect(2, err="no context is current")
        p.run("-r", "zzz", "status").expect(2, err="no context zzz")
        for bad in (["--url", "ftp://x"], ["--url", "http://u:p@x"], [],
                    ["--url", "http://x y"], ["--unix", "relative"]):
            p.run("context", "add", "x", *bad, stdin=TOKEN).expect(2)
        p.run("context", "add", "../x", "--url", "http://x",
              stdin=TOKEN).expect(2, err="a context's name")
        for bad in ("", "\n", "two words", "a\x01b", "x" * 600):
            p.run("context", "add", "x", "--url", "http://x",
                  stdin=bad).expect(2)
        check(list(p.read()["contexts"]) == ["a"], "nothing else", p.read())
        left = [f for f in os.listdir(p.dir) if f != "contexts.json"]
        check(not left, "no temporary files", left)


@test
def contexts_default_place():
    with Place() as p:
        del p.env["MHCTL_CONTEXTS"]
        p.run("context", "add", "a", "--url", "http://127.0.0.1:1",
              stdin=TOKEN).expect(0)
        file = p.dir + "/.config/mhctl/contexts.json"
        check(os.path.exists(file), "under HOME")
        check(stat.S_IMODE(os.stat(os.path.dirname(file)).st_mode) == 0o700,
              "directory's mode")
        p.run("context", "add", "a", "--url", "http://127.0.0.1:1",
              stdin=TOKEN, XDG_CONFIG_HOME=p.dir + "/xdg").expect(0)
        check(os.path.exists(p.dir + "/xdg/mhctl/contexts.json"), "XDG")


@served
def contexts_protected(s, p):
    for mode in (0o644, 0o640, 0o400, 0o660, 0o700):
        os.chmod(p.contexts, mode)
        p.run("status").expect(1, err="chmod 0600 '%s'" % p.contexts)
        p.run("context", "use", "hobgp").expect(1, err="chmod")
    os.chmod(p.contexts, 0o600)
    if os.geteuid() == 0:
        os.chown(p.contexts, 12345, 12345)
        p.run("status").expect(1, err="belongs to another user")
        os.chown(p.contexts, 0, 0)
    check(not s.requests, "nothing was sent")
    with open(p.contexts, "w") as f:
        f.write('{"contexts": ')
    p.run("status").expect(2, err="line 1")


@test
def token_prompt():
    with Place() as p:
        r = p.terminal("context", "add", "a", "--url", "http://127.0.0.1:1",
                       typed=[("Token: ", TOKEN + "\n")])
        r.expect(0, "a is stored")
        check(p.read()["contexts"]["a"]["token"] == TOKEN, "stored")
        r = p.terminal("context", "add", "b", "--url", "http://127.0.0.1:1",
                       stop="Token: ")
        check(r.code == -signal.SIGINT, "Ctrl-C", r)
        check("b" not in p.read()["contexts"], "not stored")


@served
def environment(s, p):
    with Standin() as other:
        # A context's token never goes to another URL.
        p.run("status", MHCTL_URL=other.url).expect(4)
        check(other.requests[-1].headers["Authorization"] is None, "no token")
        p.run("status", MHCTL_URL=other.url, MHCTL_TOKEN=TOKEN).expect(0)
        check(not s.requests, "only the other one")
        # -r chooses the context and its own token.
        p.run("status", "-r", "hobgp", MHCTL_URL=other.url,
              MHCTL_TOKEN="wrong").expect(0)
    p.run("status", MHCTL_TOKEN="wrong").expect(4)


# -- the line --------------------------------------------------------------

@served
def options_anywhere(s, p):
    for words in (["--json", "upstream", "show", "ifog"],
                  ["upstream", "--json", "show", "ifog"],
                  ["upstream", "show", "ifog", "--json"],
                  ["-rhobgp", "upstream", "show", "--json", "--", "ifog"],
                  ["upstream", "show", "ifog", "--router=hobgp", "--json"]):
        r = p.run(*words).expect(0)
        check(json.loads(r.out)["name"] == "ifog", "JSON", words)


@served
def usage(s, p):
    for words in ([], ["nonsense"], ["upstream"], ["upstream", "show"],
                  ["upstream", "show", "a", "b"], ["status", "x"],
                  ["--nonsense"], ["status", "--undo"], ["-x"],
                  ["status", "--json", "--json"], ["status", "--json=1"],
                  ["status", "-r"], ["set-preference", "ifog"],
                  ["set-preference", "ifog", "-5"],
                  ["set-preference", "ifog", "4294967296"],
                  ["set-preference", "ifog", "1x"],
                  ["set-preference", "Ifog", "1"], ["help", "nonsense"],
                  ["plan", "set-preference", "ifog", "1", "--dry-run"]):
        p.run(*words).expect(2)
    check(not s.requests, "nothing was asked")
    bad = subprocess.run([MHCTL.encode(), b"set-description", b"ifog",
                          b"\xff"], env=p.env, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE)
    check(bad.returncode == 2, "not UTF-8", bad)


@test
def help_and_version():
    with Place() as p:
        r = p.run("help").expect(0, ["set-preference NAME N|default",
                                     "exit: 0 done"])
        wide = [x for x in r.out.splitlines() if len(x) > 100]
        check(not wide, "lines", wide)
        for line in r.out.splitlines():
            m = re.match(r"  ([a-z][a-z -]*?[a-z])(?: [A-Z\[].*?)?  ", line)
            if m:
                words = m.group(1).split()
                p.run("help", *words).expect(0, "usage: mhctl " + m.group(1))
                p.run(*words, "--help").expect(0, "usage: mhctl")
        p.run("help", "session").expect(0, ["session show", "session clear"])
        p.run("set-preference", "--help").expect(0, "--dry-run")
        p.run("--help").expect(0, "usage: mhctl")
        p.run("version").expect(0, "mhctl ")
        p.run("-V").expect(0, "mhctl ")
        p.run("version", "--json").expect(0, '"mhctl"')


@test
def manual():
    """Every command and option has a line in the manual page."""
    page = os.path.join(ROOT, "deploy", "man", "mhctl.1")
    with open(page) as f:
        text = f.read()
    with Place() as p:
        for line in p.run("help").out.splitlines():
            m = re.match(r"  ([a-z][a-z -]*?[a-z])(?: [A-Z\[].*?)?  ", line)
            if not m:
                continue
            name = m.group(1)
            check(re.search(r"^\.It Cm %s\b" % name.replace(" ", " Cm "),
                            text, re.M), "the manual lacks " + name)
            for option in re.findall(r"--([a-z-]+)",
                                     p.run("help", *name.split()).out):
                check("Fl Fl " + option in text,
                      "the manual lacks --" + option)


@served
def full_pipe(s, p):
    if not os.path.exists("/dev/full"):
        raise Skip("no /dev/full")
    with open("/dev/full", "w") as full:
        r = subprocess.run([MHCTL, "status"], env=p.env, stdout=full,
                           stderr=subprocess.PIPE)
    check(r.returncode == 1 and b"standard output" in r.stderr, "told", r)


def main():
    global MHCTL
    words = sys.argv[1:]
    verbose_ = "-v" in words
    words = [w for w in words if w != "-v"]
    if "--mhctl" in words:
        i = words.index("--mhctl")
        MHCTL = words[i + 1]
        del words[i:i + 2]
    MHCTL = os.path.abspath(MHCTL)
    if not os.path.exists(MHCTL):
        sys.exit("test_mhctl: %s is not there: build it first" % MHCTL)
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for function in TESTS:
        if words and function.__name__ not in words:
            continue
        try:
            function()
            result = "passed"
        except Skip as why:
            result = "skipped"
            print("skipped %s: %s" % (function.__name__, why))
        except Exception as why:  # pylint: disable=broad-except
            result = "failed"
            print("FAILED %s: %s: %s" % (function.__name__,
                                         type(why).__name__, why))
        counts[result] += 1
        if verbose_ and result == "passed":
            print("passed %s" % function.__name__)
    print("cli: %(passed)d passed, %(failed)d failed, %(skipped)d skipped" %
          counts)
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
