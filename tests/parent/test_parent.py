#!/usr/bin/python3
"""tests/parent/test_parent.py - the root parent with stand-in children.

usage: test_parent.py [--build DIR] [NAME...]

Starts DIR/multihomed -f with tests/parent/stand_in.py in the place of both
children and tests/parent/fake_vtysh.sh in the place of vtysh. The last line
is "parent: N passed, N failed, N skipped".
"""
import argparse
import grp
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
OP_MAGIC = 0x4D48004F
OP_DRY = 0x80000000


def read_err_codes():
    """The numbers of enum err_code, from its header."""
    with open(os.path.join(HERE, "../../server/base/err.h"),
              encoding="ascii") as f:
        body = f.read().split("enum err_code {")[1].split("}")[0]
    names = re.findall(r"\bERR_([A-Z_]+)\b(?=\s*(?:=|,|$))",
                       re.sub(r"/\*.*?\*/", "", body, flags=re.S))
    return {i: name.lower() for i, name in enumerate(names)}


def read_ops():
    """The operations' numbers by name, from the one table of them."""
    with open(os.path.join(HERE, "../../server/wire/op.h"),
              encoding="ascii") as f:
        return {name: i for i, name in enumerate(
            re.findall(r"^\tX\(OP_(\w+),", f.read(), flags=re.M))}


ERR_CODES = read_err_codes()
OPS = read_ops()
FRR_SAVE, INTERFACES = OPS["FRR_SAVE"], OPS["INTERFACES"]
OLD = "frr defaults traditional\nhostname old\nrouter bgp 65000\nexit\n"
NEW = "frr defaults traditional\nhostname new\nrouter bgp 65000\nexit\n"


ROUTES = """\
frr defaults traditional
hostname old
!
ipv6 route 2001:db8:1::/48 blackhole
ipv6 route 2001:db8:2::/48 blackhole
!
router bgp 65000
exit
!
ipv6 prefix-list P seq 5 permit 2001:db8::/32
bgp as-path access-list A seq 5 permit .
route-map M permit 10
exit
"""


class Skip(Exception):
    pass


def wait_for(what, seconds=10.0, step=0.01):
    """Until what() is true; its value."""
    end = time.monotonic() + seconds
    while True:
        value = what()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: "
                                 f"{what.__name__}")
        time.sleep(step)


def op(kind, op_id=1, payload=bytes(8), magic=OP_MAGIC, size=None):
    return struct.pack("<IIII", magic, kind, op_id,
                       len(payload) if size is None else size) + payload


def answer_of(data):
    """(kind, id, None, bytes) or (kind, id, error dict, None)."""
    magic, kind, op_id, size = struct.unpack("<IIII", data[:16])
    assert magic == OP_MAGIC and size == len(data) - 16
    if data[16] == 0:
        return kind, op_id, None, data[17:]
    code, exit_code, _retry = struct.unpack("<IiI", data[17:29])
    words, at = [], 29
    for _ in range(4):
        n = struct.unpack("<H", data[at:at + 2])[0]
        words.append(data[at + 2:at + 2 + n].decode())
        at += 2 + n
    return kind, op_id, {"code": ERR_CODES.get(code, code),
                         "exit_code": exit_code, "text": words[1],
                         "tool": words[2], "output": words[3],
                         "reason": words[0],
                         "log": data[at + 1:].decode()}, None


def addr(text):
    """struct addr, without a zone."""
    if not text:
        return bytes(33)
    family = socket.AF_INET6 if ":" in text else socket.AF_INET
    return (bytes([6 if ":" in text else 4]) +
            socket.inet_pton(family, text).ljust(16, b"\0") + bytes(16))


def link(name, kind=0, local="", remote="", up=0):
    """struct op_link."""
    return (struct.pack("<16s8BI", name.encode(), 0, kind, 0, up, 0, 0, 0, 0,
                        0) + addr(local) + addr(remote)).ljust(580, b"\0")


def route(prefix, kind=0, gateway="", interface=""):
    """struct op_route."""
    host, length = prefix.split("/")
    return (addr(host) + bytes([int(length), 0, kind, 0]) + addr(gateway) +
            interface.encode().ljust(16, b"\0"))


NO_FIREWALL = bytes(63092)  # struct op_firewall


class Parent:
    """One multihomed in a directory of its own."""

    def __init__(self, build, dir_mode=0o755):
        self.build = build
        # Short: a UNIX socket's path has some 100 characters.
        self.dir = tempfile.mkdtemp(prefix="mh.")
        os.chmod(self.dir, dir_mode)
        self.process = None
        os.mkdir(self.path("libexec"))
        for name in ("engine", "http"):
            shutil.copy(os.path.join(HERE, "stand_in.py"),
                        self.path("libexec/multihomed-" + name))
        shutil.copy(os.path.join(HERE, "fake_vtysh.sh"), self.path("vtysh"))
        os.mkdir(self.path("frr"))
        os.mkdir(self.path("db"), 0o700)
        self.write("frr/frr.conf", OLD)
        os.chmod(self.path("frr/frr.conf"), 0o640)
        self.write("mode", "good")
        self.write("events", "")
        self.settings = {"log.to": '"stderr"', "users.engine": '""',
                         "users.http": '""', "database": None}
        os.mkdir(self.path("tools"))
        for name in ("ip", "nft", "ifconfig", "pfctl", "route", "sysrc",
                     "sysctl", "kldstat"):
            self.tool(name, 'echo "cannot: no kernel" >&2; exit 2')

    def path(self, name):
        return os.path.join(self.dir, name)

    def tool(self, name, script):
        """One of the system's tools; its arguments go to tools.log."""
        self.write(f"tools/{name}", f"""#!/bin/sh
echo "{name} $*" >>"{self.path('tools.log')}"
{script}
""")
        os.chmod(self.path(f"tools/{name}"), 0o755)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as f:
            return f.read()

    def config(self):
        s = self.settings
        group = s.get("unix_group", '""')
        chroot = s.get("chroot", '"/var/empty"')
        self.write("conf", f"""
name = "testrouter";
libexec_dir = "{self.path('libexec')}";
database = "{s['database'] or self.path('db/mh.db')}";
listen {{
    tcp = ["127.0.0.1:18179"]; unix = "{self.path('run/api.sock')}";
    unix_group = {group};
}}
users {{
    engine = {s['users.engine']}; http = {s['users.http']}; chroot = {chroot};
}}
frr {{
    socket_dir = "{self.path('run')}"; vtysh = "{self.path('vtysh')}";
    config_file = "{self.path('frr/frr.conf')}"; vtysh_timeout_ms = 1000;
}}
system {{
    tools_dir = "{self.path('tools')}"; boot_dir = "{self.path('boot')}";
    state_dir = "{self.path('state')}"; rc_conf = "{self.path('rc.conf')}";
}}
limits {{ queue = 7 }}
log {{ to = {s['log.to']}; level = "debug" }}
""")
        return self.path("conf")

    def environment(self):
        env = dict(os.environ, MH_TEST_DIR=self.dir, SECRET="not for children")
        return env

    def start(self, *options, wait=True):
        with open(self.path("log"), "ab") as log:
            self.process = subprocess.Popen(
                [os.path.join(self.build, "multihomed"), "-f", *options, "-c",
                 self.config()], stderr=log, stdin=subprocess.DEVNULL,
                env=self.environment())
        if wait:
            self.joined(1)
        return self

    def events(self, name=None, what=None):
        found = []
        for line in self.read("events").splitlines():
            at, who, pid, event = line.split()
            if name in (None, who) and what in (None, event):
                found.append((float(at), who, int(pid), event))
        return found

    def joined(self, times):
        def both_have_sockets():
            return (len(self.events("engine", "socket")) >= times and
                    len(self.events("http", "socket")) >= times)
        wait_for(both_have_sockets)

    def logged(self, text, seconds=10.0):
        def in_the_log():
            return text in self.read("log")
        try:
            wait_for(in_the_log, seconds)
        except AssertionError:
            raise AssertionError(f"not in the log: {text!r}") from None

    def tell(self, name, do, **more):
        def answered():
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(30)
            try:
                s.connect(self.path(name + ".ctl"))
            except (ConnectionRefusedError, FileNotFoundError):
                return None
            s.sendall((json.dumps(dict(more, do=do)) + "\n").encode())
            line = s.makefile("r").readline()
            s.close()
            return [line]
        line = wait_for(answered)[0]
        return json.loads(line) if line else None

    def do_op(self, data, **more):
        got = self.tell("engine", "op", hex=data.hex(), **more)
        return answer_of(bytes.fromhex(got["hex"]))

    def pid(self, name):
        return self.events(name, "start")[-1][2]

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise
        return self.process.returncode if self.process else None

    def clean(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.dir, ignore_errors=True)


def text_at(data, at, size):
    return data[at:at + size].split(b"\0")[0].decode()


def test_start_and_setup(p):
    p.start()
    engine = p.tell("engine", "state")
    http = p.tell("http", "state")
    data = bytes.fromhex(engine["setup"])
    assert len(data) == 1552, len(data)
    assert text_at(data, 0, 64) == "testrouter"
    assert text_at(data, 64, 16) == "linux"
    assert text_at(data, 80, 32) == "", "users are ours to decide"
    assert text_at(data, 112, 256) == p.path("db/mh.db")
    assert text_at(data, 368, 256) == p.path("run")
    assert text_at(data, 624, 256) == p.path("vtysh")
    assert text_at(data, 944, 256) == "", "no other router is known"
    assert text_at(data, 1200, 64) == "", "nobody is asked before a drain"
    assert text_at(data, 1264, 256).endswith("/mhctl")
    numbers = struct.unpack("<8I", data[1520:])
    assert numbers == (10000, 2000, 1000, 7, 1000, 86400, 10, 3), numbers
    data = bytes.fromhex(http["setup"])
    assert len(data) == 1112, len(data)
    assert text_at(data, 288, 64) == "127.0.0.1:18179"
    assert text_at(data, 800, 256) == p.path("run/api.sock")
    assert struct.unpack("<4I", data[1056:1072]) == (0o660, 0xFFFFFFFF, 1, 0)
    assert os.path.isdir(p.path("run")), "listen.unix's directory is made"


def test_children_start_clean(p):
    secret = os.open(p.path("events"), os.O_RDONLY)
    os.set_inheritable(secret, True)
    p.start()
    os.close(secret)
    for name, wanted in (("engine", [0, 1, 2, 3, 4, 5]), ("http", [0, 1, 2, 3])):
        state = p.tell(name, "state")
        # Python's own: the listing of the directory itself, then it is gone.
        extra = [fd for fd in state["fds"] if fd not in wanted]
        assert len(extra) <= 1, state["fds"]
        assert "SECRET" not in state["env"], state["env"]
        assert state["env"]["HOME"] == "/var/empty"
        assert state["sid"] == state["pid"], "a session of its own"


def test_frame_socket(p):
    p.start()
    p.tell("http", "send", text="question")
    assert p.tell("engine", "recv")["text"] == "question"
    p.tell("engine", "send", text="answer")
    assert p.tell("http", "recv")["text"] == "answer"


def kill_and_return(p, victim, sibling):
    p.start()
    old = p.pid(victim)
    os.kill(old, signal.SIGKILL)
    p.joined(2)
    assert p.pid(victim) != old
    assert len(p.events(sibling, "start")) == 1, "the sibling lives on"
    p.tell(victim, "send", text="again")
    assert p.tell(sibling, "recv")["text"] == "again"
    p.logged(f"{victim} (pid {old}) was killed by signal 9")


def test_engine_killed(p):
    kill_and_return(p, "engine", "http")


def test_http_killed(p):
    kill_and_return(p, "http", "engine")


def test_back_off(p):
    p.write("http.die", "")
    p.start(wait=False)

    def five_deaths():
        return len(p.events("http", "die")) >= 5
    wait_for(five_deaths, 20)
    at = [e[0] for e in p.events("http", "die")]
    gaps = [b - a for a, b in zip(at, at[1:])]
    for gap, least in zip(gaps, (0.1, 0.2, 0.4, 0.8)):
        assert least - 0.02 <= gap < least + 1.5, gaps
    assert p.process.poll() is None, "the parent lives on"
    p.logged("http starts again in 800 ms")
    os.unlink(p.path("http.die"))
    p.joined(1)


def test_stop_order(p):
    p.write("http.term_delay", "0.3")
    p.write("engine.term_delay", "0.3")
    p.start()
    assert p.stop() == 0
    order = [(e[1], e[3]) for e in p.events() if e[3] in ("term", "exit")]
    assert order == [("http", "term"), ("http", "exit"), ("engine", "term"),
                     ("engine", "exit")], order


def test_sigint_stops_too(p):
    p.start()
    p.process.send_signal(signal.SIGINT)
    assert p.process.wait(10) == 0


def test_stop_kills_a_stuck_http(p):
    p.start()
    os.kill(p.pid("http"), signal.SIGSTOP)
    begin = time.monotonic()
    assert p.stop() == 0
    assert 4 < time.monotonic() - begin < 9
    p.logged("http did not stop in time: killed")
    assert p.events("engine", "exit")


def test_parent_killed(p):
    p.start()
    p.process.kill()
    p.process.wait()

    def children_noticed():
        return len(p.events(None, "parent_gone")) == 2
    wait_for(children_noticed)


def test_log_relay(p):
    p.start()
    p.tell("engine", "stderr", hex=b"plain words\npart".hex())
    p.logged(" warning multihomed")
    p.logged("]: engine: plain words\n")
    p.tell("engine", "stderr", hex=b"ly later\n".hex())
    p.logged("engine: partly later\n")
    line = b"2026-03-01T02:00:00.000Z error multihomed-http[7]: it: broke\n"
    p.tell("http", "stderr", hex=line.hex())
    p.logged("http: it: broke\n")
    assert [x for x in p.read("log").splitlines()
            if " error multihomed[" in x and x.endswith("http: it: broke")]
    p.tell("http", "stderr", hex=(b"a\x1b[2Jb\0c\n" + b"x" * 5000 +
                                  b"\n").hex())
    p.logged("http: a?[2Jb?c\n")
    p.logged("http: " + "x" * 900)
    assert "\x1b" not in p.read("log")


def test_log_reopened(p):
    p.settings["log.to"] = f'"{p.path("own.log")}"'
    p.start()
    os.rename(p.path("own.log"), p.path("own.log.1"))
    p.process.send_signal(signal.SIGHUP)

    def new_log():
        return (os.path.exists(p.path("own.log")) and
                "opened again" in p.read("own.log"))
    wait_for(new_log)
    p.tell("engine", "stderr", hex=b"in the new one\n".hex())

    def the_line():
        return "in the new one" in p.read("own.log")
    wait_for(the_line)
    assert "in the new one" not in p.read("own.log.1")
    assert os.stat(p.path("own.log")).st_mode & 0o777 == 0o640
    assert p.process.poll() is None


def test_interfaces(p):
    p.start()
    kind, op_id, err, data = p.do_op(op(INTERFACES, 42))
    assert (kind, op_id, err) == (INTERFACES, 42, None), err
    size = 16 + 8 * 48 + 8 + 16
    assert len(data) % size == 0 and data
    found = {}
    for at in range(0, len(data), size):
        one = data[at:at + size]
        mtu, is_up, rx, tx = struct.unpack("<IIQQ", one[400:424])
        found[text_at(one, 0, 16)] = (
            [text_at(one, 16 + 48 * i, 48) for i in range(8)], mtu, is_up, rx,
            tx)
    addrs, mtu, is_up, rx, tx = found["lo"]
    assert "127.0.0.1" in addrs and mtu >= 1500 and is_up == 1, found["lo"]
    with open("/proc/net/dev", encoding="ascii") as f:
        line = [x for x in f if x.strip().startswith("lo:")][0].split()
    assert rx <= int(line[1]) and tx <= int(line[9])
    assert int(line[1]) - rx < 10_000_000


def test_op_wrong_size(p):
    p.start()
    _, op_id, err, _ = p.do_op(op(INTERFACES, 3, bytes(12)))
    assert op_id == 3 and err["code"] == "protocol", err
    assert err["text"] == "op interfaces: 12 bytes, not 8"
    p.logged("op interfaces: 12 bytes, not 8")
    _, _, err, _ = p.do_op(op(FRR_SAVE, 4, b""))
    assert err["code"] == "protocol"
    assert not os.path.exists(p.path("vtysh.args")), "nothing ran"
    _, _, err, _ = p.do_op(op(INTERFACES, 5))
    assert err is None, "it still works"


def test_op_unknown(p):
    p.start()
    for kind in (len(OPS), 77, 0x7FFFFFFF, 0xFFFFFFFF):
        got, _, err, _ = p.do_op(op(kind))
        assert got == kind and err["code"] == "protocol", err
        assert err["text"] == f"unknown op {kind & 0x7FFFFFFF}"
    _, _, err, _ = p.do_op(op(FRR_SAVE | OP_DRY))
    assert err["text"] == "op frr-save: has no dry form", err
    _, _, err, _ = p.do_op(op(FRR_SAVE, payload=b"\0\0\0\0\1\0\0\0"))
    assert err["text"] == "op frr-save: payload is not zero", err
    assert not os.path.exists(p.path("vtysh.args")), "nothing ran"


def cut_off(p, data):
    p.start()
    p.tell("engine", "op", hex=data.hex())
    p.joined(2)
    p.logged("engine: op")
    assert len(p.events("http", "start")) == 1


def test_op_bad_magic_cuts(p):
    cut_off(p, op(FRR_SAVE, magic=0x41414141))


def test_op_huge_cuts(p):
    cut_off(p, op(FRR_SAVE, size=0x7FFFFFFF))


def test_op_just_too_large_cuts(p):
    cut_off(p, op(FRR_SAVE, size=65537))


def test_link_fields_refused(p):
    p.start()
    for name, words in (("gre1;reboot", "name: "), ("-f", "name: "),
                        ("all", "name: all is not for tunnels"),
                        ("gre1\nx", "name: ")):
        _, _, err, _ = p.do_op(op(OPS["LINK_DESTROY"], payload=link(name)))
        assert err["code"] == "protocol" and words in err["text"], err
    dirty = link("gre1")[:-1] + b"\1"
    _, _, err, _ = p.do_op(op(OPS["LINK_DESTROY"], payload=dirty))
    assert "not used is not zero" in err["text"], err
    same = link("gre1", 1, "192.0.2.1", "192.0.2.1")
    _, _, err, _ = p.do_op(op(OPS["LINK_CREATE"], payload=same))
    assert "remote: is equal to local" in err["text"], err
    default = route("0.0.0.0/0", 3)
    _, _, err, _ = p.do_op(op(OPS["ROUTE_ADD"], payload=default))
    assert "the default route is never ours" in err["text"], err
    assert not os.path.exists(p.path("tools.log")), p.read("tools.log")


def test_dry_touches_nothing(p):
    p.start()
    made = link("gre1", 1, "192.0.2.1", "198.51.100.1")
    kind, _, err, data = p.do_op(op(OPS["LINK_CREATE"] | OP_DRY,
                                    payload=made))
    assert err is None and kind == OPS["LINK_CREATE"] | OP_DRY, err
    lines = data.decode().splitlines()
    assert lines and all(x.startswith(p.path("tools/")) and x.endswith("\t")
                         for x in lines), lines
    assert not os.path.exists(p.path("tools.log")), p.read("tools.log")
    assert not os.path.exists(p.path("state/owned"))


def test_link_create_fails(p):
    p.start()
    made = link("gre1", 1, "192.0.2.1", "198.51.100.1")
    _, _, err, _ = p.do_op(op(OPS["LINK_CREATE"], payload=made))
    assert err["code"] == "tool" and err["tool"] in ("ip", "ifconfig"), err
    assert err["output"] == "cannot: no kernel" and err["exit_code"] == 2
    assert err["log"].endswith("\tcannot: no kernel\n"), err["log"]
    assert p.read("state/owned") == "", "the record went with it"
    assert os.stat(p.path("state/owned")).st_mode & 0o7777 == 0o600


def test_gone_is_done(p):
    p.start()
    _, _, err, data = p.do_op(op(OPS["LINK_DESTROY"], payload=link("gre77")))
    assert (err, data) == (None, b"")
    for verb, reason in (("ADOPT", ""), ("DISOWN", "interface_not_ours")):
        _, _, err, _ = p.do_op(op(OPS["LINK_" + verb], payload=link("gre77")))
        assert err["reason"] == reason, err


def test_not_ours(p):
    made = subprocess.run(["ip", "link", "add", "mhtest7", "type", "veth",
                           "peer", "name", "mhtest8"],
                          stderr=subprocess.DEVNULL, check=False)
    if made.returncode != 0:
        raise Skip("cannot make an interface here")
    try:
        p.start()
        for verb in ("DESTROY", "UP"):
            _, _, err, _ = p.do_op(op(OPS["LINK_" + verb],
                                      payload=link("mhtest7")))
            if err is None:
                raise Skip("this build asks the stand-in tools")
            assert err["reason"] == "interface_not_ours", err
            assert 'say "adopt": true' in err["text"], err
        # Only a tunnel can be adopted.
        _, _, err, _ = p.do_op(op(OPS["LINK_ADOPT"], payload=link("mhtest7")))
        assert err["code"] in ("not_found", "conflict"), err
    finally:
        subprocess.run(["ip", "link", "del", "mhtest7"], check=True)


def test_firewall_dry(p):
    p.start()
    for name in ("FIREWALL_REPLACE", "BOOT_FIREWALL"):
        _, _, err, data = p.do_op(op(OPS[name] | OP_DRY, payload=NO_FIREWALL))
        assert err is None, err
        assert b"\t\n" in data or data == b"", data


def test_damaged_list(p):
    os.mkdir(p.path("state"), 0o700)
    p.write("state/owned", "link gre1\nlink gre 2\n")
    p.start()
    p.logged("state/owned:2: must be \"link NAME\", \"route PREFIX\" or "
             "\"key LOCAL REMOTE\"; "
             "tunnels, routes and keys cannot be changed until it is mended")
    _, _, err, _ = p.do_op(op(OPS["LINK_CREATE"], payload=link(
        "gre1", 1, "192.0.2.1", "198.51.100.1")))
    assert err["code"] == "unavailable", err
    assert "system.state_dir" in err["text"], err
    assert p.read("state/owned") == "link gre1\nlink gre 2\n", "left alone"


def test_directories_are_made(p):
    os.umask(0o077)
    try:
        p.start()
    finally:
        os.umask(0o022)
    assert os.stat(p.path("state")).st_mode & 0o7777 == 0o700
    assert os.stat(p.path("boot")).st_mode & 0o7777 == 0o755


def test_refuses_open_directories(p):
    if os.geteuid() != 0:
        raise Skip("needs root")
    os.mkdir(p.path("boot"))
    os.chmod(p.path("boot"), 0o777)
    refuses(p, f"system.boot_dir: {p.path('boot')} can be written by others "
            "(mode 0777); chmod 0755 it")
    p.write("log", "")
    os.chown(p.path("state"), 1, 0)
    refuses(p, f"system.state_dir: {p.path('state')} belongs to user id 1, "
            "not to root")


def test_op_in_pieces(p):
    p.start()
    whole = op(INTERFACES, 9)
    assert p.tell("engine", "op", hex=whole[:5].hex(),
                  timeout=0.2)["hex"] == ""
    assert p.tell("engine", "op", hex=whole[5:20].hex(),
                  timeout=0.2)["hex"] == ""
    _, op_id, err, _ = p.do_op(whole[20:])
    assert op_id == 9 and err is None


def test_save(p):
    p.start()
    _, _, err, data = p.do_op(op(FRR_SAVE))
    assert err is None and data.decode() == NEW, (err, data)
    assert p.read("vtysh.args").splitlines() == [
        "--vty_socket", p.path("run"), "--config_dir", p.path("frr"), "-H",
        "/dev/null", "-c", "write memory"]
    assert not os.path.exists(p.path("db/frr.conf.before"))
    assert "SECRET" not in p.read("vtysh.env")
    # Again: the copy is of the new file now.
    _, _, err, data = p.do_op(op(FRR_SAVE))
    assert err is None and data.decode() == NEW


def save_fails(p, mode, code, words, old=OLD):
    p.write("mode", mode)
    before = os.stat(p.path("frr/frr.conf"))
    p.start()
    _, _, err, _ = p.do_op(op(FRR_SAVE))
    assert err and err["code"] == code, err
    assert words in err["text"], err
    assert p.read("frr/frr.conf") == old
    after = os.stat(p.path("frr/frr.conf"))
    assert (after.st_mode, after.st_uid, after.st_gid) == (
        before.st_mode, before.st_uid, before.st_gid)
    assert not os.path.exists(p.path("db/frr.conf.before"))
    p.logged("op frr-save: ")
    _, _, alive, _ = p.do_op(op(INTERFACES))
    assert alive is None
    return err


def test_save_disk_full(p):
    err = save_fails(p, "empty", "tool", "it is empty")
    assert "was put back" in err["text"]
    assert err["tool"] == "vtysh" and "[OK]" in err["output"], err


def test_save_disk_full_no_sav(p):
    if os.geteuid() == 0:
        os.chown(p.path("frr/frr.conf"), 1, 2)
    save_fails(p, "no_sav", "tool", "it is empty")


def test_save_bgpd_dead(p):
    err = save_fails(p, "lost", "tool", 'had "router bgp" lines and FRR\'s '
                     'running configuration has none: is bgpd running?')
    assert err["tool"] == "vtysh" and "[OK]" in err["output"], err


def test_save_staticd_dead(p):
    p.write("frr/frr.conf", ROUTES)
    err = save_fails(p, "no_routes", "tool",
                     'had "ipv6 route" lines and FRR\'s running configuration '
                     "has none: is staticd (or mgmtd) running?", ROUTES)
    assert "was put back: " in err["text"], err
    assert 'run "write memory" in vtysh by hand' in err["text"], err
    assert err["tool"] == "vtysh" and "[OK]" in err["output"], err
    # By hand, as it says; then the kind is no longer expected.
    p.write("frr/frr.conf", "".join(
        line for line in ROUTES.splitlines(True) if "route 2" not in line))
    _, _, err, data = p.do_op(op(FRR_SAVE))
    assert err is None and data.decode() == p.read("frr/frr.conf"), err


def test_save_fewer_lines(p):
    p.write("frr/frr.conf", ROUTES)
    p.write("mode", "fewer")
    p.start()
    _, _, err, data = p.do_op(op(FRR_SAVE))
    assert err is None, err
    assert "ipv6 route 2001:db8:2::/48" in data.decode()
    assert "route-map" not in data.decode() and len(data) < len(ROUTES)
    assert data.decode() == p.read("frr/frr.conf")


def test_save_cut(p):
    save_fails(p, "cut", "tool", "in the middle of a line")


def test_save_elsewhere(p):
    save_fails(p, "elsewhere", "tool", "it was not written")


def test_save_gone(p):
    save_fails(p, "gone", "tool", "wrote no file")


def test_save_refused(p):
    err = save_fails(p, "refuse", "tool", "vtysh: exit 3")
    assert err["exit_code"] == 3 and "Can't write" in err["output"], err


def test_save_hangs(p):
    begin = time.monotonic()
    save_fails(p, "hang", "timeout", "vtysh: no end within")
    assert time.monotonic() - begin < 8


def test_save_killed(p):
    save_fails(p, "killed", "tool", "killed by signal 9")


def test_save_no_vtysh(p):
    os.unlink(p.path("vtysh"))
    p.start()
    p.logged("frr.vtysh: ")
    _, _, err, _ = p.do_op(op(FRR_SAVE))
    assert err and "cannot run" in err["text"], err
    assert p.read("frr/frr.conf") == OLD


def test_save_symlink(p):
    os.rename(p.path("frr/frr.conf"), p.path("frr/real"))
    os.symlink("real", p.path("frr/frr.conf"))
    p.start()
    _, _, err, _ = p.do_op(op(FRR_SAVE))
    assert err and not os.path.exists(p.path("vtysh.args")), err


def test_save_first_ever(p):
    os.unlink(p.path("frr/frr.conf"))
    p.start()
    _, _, err, data = p.do_op(op(FRR_SAVE))
    assert err is None and data.decode() == NEW


def leave_copy(p, now, old=OLD):
    p.write("db/frr.conf.before", old)
    os.chmod(p.path("db/frr.conf.before"), 0o600)
    if now is None:
        os.unlink(p.path("frr/frr.conf"))
    else:
        p.write("frr/frr.conf", now)
    p.start()
    p.logged("engine started")


def test_recover_missing(p):
    leave_copy(p, None)
    assert p.read("frr/frr.conf") == OLD
    assert not os.path.exists(p.path("db/frr.conf.before"))
    p.logged("put back what was there before")


def test_recover_cut(p):
    leave_copy(p, "router bgp 65000\n neig")
    assert p.read("frr/frr.conf") == OLD


def test_recover_whole(p):
    leave_copy(p, NEW)
    assert p.read("frr/frr.conf") == NEW
    assert not os.path.exists(p.path("db/frr.conf.before"))


def test_recover_lost_kind(p):
    leave_copy(p, NEW, ROUTES)
    assert p.read("frr/frr.conf") == ROUTES
    p.logged('it has lost its "ipv6 route" lines: a save was cut off')


def test_recover_saved_since(p):
    # Its save is long over; an operator took the routes away and saved.
    ago = time.time() - 3600
    p.write("db/frr.conf.before", ROUTES)
    os.chmod(p.path("db/frr.conf.before"), 0o600)
    os.utime(p.path("db/frr.conf.before"), (ago, ago))
    p.write("frr/frr.conf", NEW)
    p.start()
    p.logged("was saved by hand since: left as it is")
    assert p.read("frr/frr.conf") == NEW
    assert not os.path.exists(p.path("db/frr.conf.before"))


def test_recover_forged(p):
    p.write("db/frr.conf.before", "forged\n")
    os.chmod(p.path("db/frr.conf.before"), 0o644)
    os.unlink(p.path("frr/frr.conf"))
    p.start()
    assert not os.path.exists(p.path("frr/frr.conf"))
    p.logged("not ours")


def refuses(p, words, *options):
    p.start(*options, wait=False)
    assert p.process.wait(10) == 1
    assert words in p.read("log"), p.read("log")
    assert p.events() == []


def test_refuses_open_database(p):
    os.chmod(p.path("db"), 0o777)
    refuses(p, "can be written by others")


def test_refuses_missing_program(p):
    os.unlink(p.path("libexec/multihomed-http"))
    refuses(p, "libexec_dir: ")


def test_refuses_unknown_user(p):
    if os.geteuid() != 0:
        raise Skip("needs root")
    p.settings["users.engine"] = '"nosuchuser"'
    refuses(p, "there is no user nosuchuser")


def test_refuses_root_as_user(p):
    if os.geteuid() != 0:
        raise Skip("needs root")
    p.settings["users.http"] = '"root"'
    refuses(p, "root is root")


def with_users(p):
    if os.geteuid() != 0:
        raise Skip("needs root")
    p.settings.update({"users.engine": '"nobody"', "users.http": '"daemon"',
                       "database": p.path("own/mh.db"),
                       "chroot": f'"{p.path("new/jail/")}"'})


def test_chroot_is_made(p):
    with_users(p)
    os.umask(0o077)
    try:
        p.start()
    finally:
        os.umask(0o022)
    made = os.stat(p.path("new/jail"))
    assert made.st_mode & 0o7777 == 0o555 and made.st_uid == 0, made
    assert os.stat(p.path("new")).st_mode & 0o7777 == 0o755
    p.logged("made the directory " + p.path("new/jail"))
    assert p.stop() == 0
    p.write("events", "")
    p.start()  # what it made it accepts


def test_chroot_not_made_for_nobody(p):
    p.settings["chroot"] = f'"{p.path("new/jail")}"'
    p.start()  # as who we are: no chroot
    assert not os.path.exists(p.path("new"))


def test_refuses_chroot_file(p):
    with_users(p)
    os.mkdir(p.path("new"))
    p.write("new/jail", "")
    p.settings["chroot"] = f'"{p.path("new/jail")}"'
    refuses(p, f"users.chroot: {p.path('new/jail')} is no directory")


def test_refuses_chroot_open(p):
    with_users(p)
    os.makedirs(p.path("new/jail"))
    os.chmod(p.path("new/jail"), 0o775)
    refuses(p, "can be written by others (mode 0775)")


def test_refuses_chroot_of_other(p):
    with_users(p)
    os.makedirs(p.path("new/jail"))
    os.chown(p.path("new/jail"), 1, 0)
    refuses(p, "belongs to user id 1, not to root")


def bind(path):
    s = socket.socket(socket.AF_UNIX)
    s.bind(path)
    s.listen(1)
    return s


def test_socket_removed_at_stop(p):
    p.start()
    bind(p.path("run/api.sock")).close()  # as http leaves it
    bind(p.path("run/other.sock")).close()
    assert p.stop() == 0
    assert not os.path.exists(p.path("run/api.sock"))
    assert os.path.exists(p.path("run/other.sock"))


def test_socket_file_left_at_stop(p):
    p.start()
    p.write("run/api.sock", "no socket")
    assert p.stop() == 0
    assert p.read("run/api.sock") == "no socket"


def test_socket_of_other_left_at_stop(p):
    p.start()
    with bind(p.path("run/api.sock")):
        assert p.stop() == 0
        assert os.path.exists(p.path("run/api.sock"))
    p.logged("is left: another process answers there")


def test_unix_group(p):
    group = next(g for g in grp.getgrall() if re.fullmatch(
        r"[A-Za-z0-9_][A-Za-z0-9._-]*", g.gr_name) and
        (g.gr_gid if os.geteuid() == 0 else g.gr_gid == os.getegid()))
    p.settings["unix_group"] = f'"{group.gr_name}"'
    p.start()
    data = bytes.fromhex(p.tell("http", "state")["setup"])
    assert struct.unpack("<I", data[1060:1064])[0] == group.gr_gid
    os.kill(p.pid("http"), signal.SIGKILL)
    p.joined(2)
    data = bytes.fromhex(p.tell("http", "state")["setup"])
    assert struct.unpack("<I", data[1060:1064])[0] == group.gr_gid


def test_refuses_unknown_group(p):
    p.settings["unix_group"] = '"nosuchgroup"'
    refuses(p, "listen.unix_group: there is no group nosuchgroup")


def test_refuses_foreign_group(p):
    if os.geteuid() == 0:
        raise Skip("root may give to any group")
    p.settings["unix_group"] = '"root"'
    refuses(p, "listen.unix_group: only root and members of root")


def test_pidfile_locked(p):
    p.start("-p", p.path("pid"))
    assert int(p.read("pid")) == p.process.pid
    second = subprocess.run(
        [os.path.join(p.build, "multihomed"), "-f", "-p", p.path("pid"), "-c",
         p.path("conf")], stderr=subprocess.PIPE, timeout=10, check=False)
    assert second.returncode == 1
    assert b"another multihomed runs" in second.stderr
    assert int(p.read("pid")) == p.process.pid
    p.stop()
    assert not os.path.exists(p.path("pid"))


def test_background(p):
    if os.geteuid() != 0:
        raise Skip("needs root")
    p.settings.update({"users.engine": '"nobody"', "users.http": '"daemon"',
                       "log.to": f'"{p.path("log")}"',
                       "database": p.path("new/deep/mh.db"),
                       "chroot": f'"{p.path("jail")}"'})
    done = subprocess.run(
        [os.path.join(p.build, "multihomed"), "-p", p.path("pid"), "-c",
         p.config()], env=p.environment(), timeout=20, check=False)
    assert done.returncode == 0
    pid = int(p.read("pid"))
    p.joined(1)
    made = os.stat(p.path("new/deep"))
    assert made.st_mode & 0o7777 == 0o700 and made.st_uid != 0
    data = bytes.fromhex(p.tell("engine", "state")["setup"])
    assert text_at(data, 80, 32) == "nobody"
    data = bytes.fromhex(p.tell("http", "state")["setup"])
    assert text_at(data, 0, 32) == "daemon"
    assert text_at(data, 32, 256) == p.path("jail")
    os.kill(pid, signal.SIGTERM)

    def parent_ended():
        return not os.path.exists(p.path("pid"))
    wait_for(parent_ended)
    p.logged("stopped")


def test_token_runs_engine(p):
    script = p.path("libexec/multihomed-engine")
    with open(script, "w", encoding="utf-8") as f:
        f.write('#!/bin/sh\nprintf "%s\\n" "$@"\nid -un\n')
    os.chmod(script, 0o755)
    user = ""
    if os.geteuid() == 0:
        p.settings["users.engine"] = '"nobody"'
        shutil.rmtree(p.path("db"))
        user = "nobody"
    done = subprocess.run(
        [os.path.join(p.build, "multihomed"), "token", "create", "-c",
         p.config(), "--name", "a b", "--scope", "read"],
        stdout=subprocess.PIPE, timeout=10, check=False)
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    assert lines[:-1] == ["token", p.path("db/mh.db"), "create", "--name",
                          "a b", "--scope", "read"], lines
    assert user in ("", lines[-1]), lines


KEY = "state/master.key"


def key(p, path=KEY):
    with open(p.path(path), "rb") as f:
        return f.read()


def mode(p, path=KEY):
    return os.stat(p.path(path)).st_mode & 0o7777


def test_master_key_is_made(p):
    p.start()
    first = key(p)
    assert len(first) == 32 and len(set(first)) > 8, first
    assert mode(p) == 0o600
    state = p.tell("engine", "state")
    assert bytes.fromhex(state["key"]) == first
    assert state["key_flags"] == os.O_RDONLY, "to be read only"
    for name in ("engine", "http"):
        state = p.tell(name, "state")
        told = json.dumps([state["argv"], state["env"], state["setup"]])
        assert first.hex() not in told and p.path(KEY) not in told, told
    assert not [x for x in os.listdir(p.path("state")) if x.endswith(".new")]
    os.kill(p.pid("engine"), signal.SIGKILL)
    p.joined(2)
    assert bytes.fromhex(p.tell("engine", "state")["key"]) == first
    p.stop()
    p.start()
    assert key(p) == first, "made once"


def test_master_key_elsewhere(p):
    os.mkdir(p.path("keys"), 0o700)
    config = p.config

    def named():
        path = config()
        with open(path, "a", encoding="utf-8") as f:
            f.write(f'master_key = "{p.path("keys/mine")}"\n')
        return path
    p.config = named
    p.start()
    assert len(key(p, "keys/mine")) == 32 and mode(p, "keys/mine") == 0o600
    assert not os.path.exists(p.path(KEY))


def test_refuses_master_key(p):
    path = p.path(KEY)

    def refused_with(words):
        refuses(p, f"master_key: {words}")
        p.write("log", "")
    p.start()
    p.stop()
    p.write("events", "")
    good = key(p)
    for bad in (0o644, 0o640, 0o604, 0o660):
        os.chmod(path, bad)
        refused_with(f"{path} is open to others (mode {bad:04o}): chmod 0600")
        assert key(p) == good, "left alone"
    os.chmod(path, 0o600)
    for size in (0, 31, 33, 65):
        with open(path, "wb") as f:
            f.write(bytes(size))
        refused_with(f"{path} has {size} bytes, neither 32 nor 64")
    os.unlink(path)
    p.write("state/other", "x" * 32)
    os.chmod(p.path("state/other"), 0o600)
    os.symlink(p.path("state/other"), path)
    refused_with(f"{path} is a symbolic link")
    os.unlink(path)
    os.mkfifo(path, 0o600)
    refused_with(f"{path} is no regular file")
    os.unlink(path)
    os.mkdir(p.path("open"))
    os.chmod(p.path("open"), 0o777)
    config = p.config

    def named():
        conf = config()
        with open(conf, "a", encoding="utf-8") as f:
            f.write(f'master_key = "{p.path("open/key")}"\n')
        return conf
    p.config = named
    refused_with(f"{p.path('open')} can be written by others (mode 0777)")
    assert not os.path.exists(p.path("open/key"))
    p.config = config
    if os.geteuid() == 0:
        with open(path, "wb") as f:
            f.write(good)
        os.chmod(path, 0o600)
        os.chown(path, 1, 1)
        refused_with(f"{path} belongs to user id 1, not to root")


def rekey(p, words=None, status=0):
    done = subprocess.run(
        [os.path.join(p.build, "multihomed"), "rekey", "-c", p.config()],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30,
        env=p.environment(), check=False)
    told = done.stdout.decode()
    assert done.returncode == status, (done.returncode, told)
    assert words is None or words in told, told
    return told


def rekey_engine(p, script):
    """In the place of the engine: keeps what it was handed over."""
    path = p.path("libexec/multihomed-engine")
    with open(path, "w", encoding="utf-8") as f:
        f.write(f"""#!/bin/sh
cat <&5 >"{p.path('handed')}"
echo "$@" >"{p.path('rekey.args')}"
{script}
""")
    os.chmod(path, 0o755)


def handed(p):
    with open(p.path("handed"), "rb") as f:
        return f.read()


def test_rekey_while_it_runs(p):
    p.start()
    first = key(p)
    told = rekey(p, "multihomed runs and holds the present master key: stop "
                 "it, run this again, then start it", 1)
    assert first.hex() not in told
    assert key(p) == first


def test_rekey_without_a_key(p):
    os.mkdir(p.path("state"), 0o700)
    rekey(p, f"master_key: {p.path(KEY)}: No such file", 1)
    assert not os.path.exists(p.path(KEY))


def test_rekey_dies_anywhere(p):
    p.start()
    p.stop()
    old = key(p)
    # The engine's part fails, and then the parent dies before and after it:
    # both keys are there, whatever has been sealed with either.
    rekey_engine(p, "exit 1")
    rekey(p, "Both keys are kept and nothing is lost", 1)
    both = key(p)
    assert len(both) == 64 and both[32:] == old and both[:32] != old
    assert handed(p) == both and mode(p) == 0o600
    assert p.read("rekey.args") == f"rekey {p.path('db/mh.db')}\n"
    rekey_engine(p, "kill -9 $PPID; sleep 0.2")
    rekey(p, None, -9)
    assert key(p) == both == handed(p), "no third key"
    # A daemon may be started in between, and says so.
    shutil.copy(os.path.join(HERE, "stand_in.py"),
                p.path("libexec/multihomed-engine"))
    p.start()
    p.logged('run "multihomed rekey" again')
    assert bytes.fromhex(p.tell("engine", "state")["key"]) == both
    p.stop()
    rekey_engine(p, "exit 0")
    rekey(p, "was cut off; this finishes it")
    assert key(p) == both[:32] and mode(p) == 0o600
    rekey(p, "The master key is changed.")
    assert handed(p)[32:] == both[:32] and key(p) == handed(p)[:32]
    assert not os.path.exists(p.path(KEY + ".new"))


def test_no_core(p):
    p.start()
    with open(f"/proc/{p.process.pid}/limits", encoding="ascii") as f:
        core = [x for x in f if x.startswith("Max core file size")][0]
    assert core.split()[4:6] == ["0", "0"], core


def test_tls_handed_over(p):
    for name in ("cert", "key", "ca"):
        p.write(name, f"-----BEGIN {name}-----\n" * 1000)
    config = p.config
    p.config = lambda: add(config(), f"""
tls {{ certificate = "{p.path('cert')}"; key = "{p.path('key')}";
      client_ca = "{p.path('ca')}" }}
""")

    def add(path, text):
        with open(path, "a", encoding="utf-8") as f:
            f.write(text)
        return path
    p.start()
    data = bytes.fromhex(p.tell("http", "state")["setup"])
    tls, *lens = struct.unpack("<4I", data[1068:1084])
    texts = [p.read(name) for name in ("cert", "key", "ca")]
    assert tls == 1 and lens == [len(t) for t in texts]
    assert data[1112:].decode() == "".join(texts)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=os.environ.get("BUILD", "build"))
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    build = os.path.abspath(args.build)
    tests = [(name[5:], f) for name, f in globals().items()
             if name.startswith("test_")]
    passed = failed = skipped = 0
    for name, function in tests:
        if args.names and name not in args.names:
            continue
        p = Parent(build)
        try:
            function(p)
            p.stop()
            passed += 1
            print(f"ok {name}", flush=True)
        except Skip as why:
            skipped += 1
            print(f"skip {name}: {why}", flush=True)
        except Exception as why:  # each failure is told, the others still run
            failed += 1
            print(f"FAIL {name} {type(why).__name__}: {why}"[:3000], flush=True)
            traceback.print_exc(file=sys.stdout)
            if os.path.exists(p.path("log")):
                print(p.read("log"))
        finally:
            p.clean()
    print(f"parent: {passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
