"""multihomed under test: its configuration, processes, tokens, and a client."""

import http.client
import json
import os
import pwd
import re
import signal
import socket
import subprocess
import threading

from frr import CONF, SOCKETS
from sandbox import BUILD, Skip, end_process, wait_until

HOME = "/run/mh"
BOOT = f"{HOME}/boot"  # what the machine sets up by itself
OWNED = f"{HOME}/state"  # the parent's own
EMPTY = "/run/mh-empty"
DATABASE = f"{HOME}/db/multihomed.db"
UNIX = f"{HOME}/api.sock"
PORT = 8179
CONFIG = """name = "{name}";
libexec_dir = "{build}";
database = "{database}";
listen {{
	tcp = ["[::1]:{port}", "127.0.0.1:{port}"];
	unix = "{unix}";
	unix_mode = "0666";
}}
users {{ engine = "_multihomed"; http = "_mhhttp"; chroot = "{empty}"; }}
frr {{
	socket_dir = "{sockets}";
	vtysh = "{vtysh}";
	config_file = "{conf}";
	timeout_ms = {timeout_ms};
	vtysh_timeout_ms = {vtysh_timeout_ms};
	{frr}
}}
system {{
	boot_dir = "{boot_dir}";
	state_dir = "{state_dir}";
	{system}
}}
limits {{ {limits} }}
peers {{ {peers} }}
snapshot_ms = {snapshot_ms};
log {{ to = "stderr"; level = "info"; }}
"""
SANITIZER = re.compile(rb"(AddressSanitizer|LeakSanitizer|UndefinedBehavior|runtime error:|Can't open file)"
                       rb".*")


class Answer:
    """One reply; members of its JSON body can be read with [...]."""

    def __init__(self, method, response):
        self.method = method
        self.status = response.status
        self.body = response.read()
        self.headers = {}
        for name, value in response.getheaders():
            name = name.lower()
            if name in self.headers:
                raise AssertionError(f"the header {name} twice")
            self.headers[name] = value

    @property
    def json(self):
        return json.loads(self.body)

    def __getitem__(self, name):
        return self.json[name]

    def __repr__(self):
        return f"{self.status} {self.body[:600].decode('utf-8', 'replace')}"


class UnixConnection(http.client.HTTPConnection):
    """http.client over the daemon's UNIX socket."""

    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Daemon:
    """Start, stop, kill; and api(), whose answers are held to the contract."""

    def __init__(self, contract, name="hobgp", build=BUILD, home=HOME, netns=None, **settings):
        self.contract = contract
        self.build = build
        self.home = home
        self.netns = netns  # a named one that it runs in; None: ours
        self.settings = {
            "name": name, "build": build, "database": f"{home}/db/multihomed.db",
            "unix": f"{home}/api.sock", "port": PORT, "empty": EMPTY,
            "sockets": SOCKETS, "conf": CONF, "vtysh": "/usr/bin/vtysh",
            "timeout_ms": 1000, "vtysh_timeout_ms": 5000, "limits": "", "snapshot_ms": 200,
            "peers": "", "boot_dir": f"{home}/boot", "state_dir": f"{home}/state", "system": "", "frr": "",
            **settings}
        self.config_path = f"{home}/multihomed.conf"
        self.log_path = f"{home}/multihomed.log"
        self.process = None
        self.log = None
        self.tokens = {}
        self.armed = None  # what the last fault() said
        self.lock = threading.Lock()

    def start(self, ready=True):
        for program in ("multihomed", "multihomed-engine", "multihomed-http"):
            if not os.access(f"{self.build}/{program}", os.X_OK):
                raise Skip(f"{self.build}/{program} is not built")
        self.make_home()
        with open(self.config_path, "w", encoding="ascii") as file:
            file.write(CONFIG.format(**self.settings))
        self.log = open(self.log_path, "ab")  # pylint: disable=consider-using-with
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with
            [*inside(self.netns), f"{self.build}/multihomed", "-f", "-c", self.config_path],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        try:
            self.wait_alive()
            if ready:
                self.wait_ready()
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.log_tail(2000)}") from error
        # Making a token is audited: not in the middle of a test.
        for scope in ("read", "operate", "admin"):
            self.token(scope)

    def make_home(self):
        owner = pwd.getpwnam("_multihomed")
        os.makedirs(self.home, mode=0o755, exist_ok=True)
        os.makedirs(EMPTY, mode=0o555, exist_ok=True)
        os.makedirs(f"{self.home}/db", mode=0o700, exist_ok=True)
        os.chown(f"{self.home}/db", owner.pw_uid, owner.pw_gid)

    def wait_alive(self):
        wait_until(lambda: self.says("/livez"), 15, "multihomed is alive")

    def wait_ready(self, seconds=15):
        wait_until(lambda: self.says("/readyz"), seconds, "multihomed is ready")

    def says(self, path):
        if self.process.poll() is not None:
            raise AssertionError(f"multihomed ended: {self.process.returncode}: "
                                 f"{self.log_tail(600)}")
        try:
            return self.api("GET", path, token=None).status == 200
        except (OSError, http.client.HTTPException):
            return False

    def stop(self):
        """Ends it; complains about what sanitizers said and about leftovers."""
        if self.process is None:
            return
        status = end_process(self.process)
        self.process = None
        self.log.close()
        with open(self.log_path, "rb") as file:
            found = SANITIZER.search(file.read())
        if found:
            raise AssertionError("sanitizer: " + found.group(0).decode("utf-8", "replace"))
        if status != 0:
            raise AssertionError(f"multihomed ended with {status}: {self.log_tail(600)}")
        left = [pid for pid, _ in self.processes("multihomed")]
        assert not left, f"processes are left: {left}"

    def forget(self):
        """Removes all that it ever stored; it must not be running."""
        for entry in os.scandir(f"{self.home}/db"):
            if entry.is_file():
                os.unlink(entry.path)

    def log_tail(self, size=3000):
        with open(self.log_path, "rb") as file:
            return file.read()[-size:].decode("utf-8", "replace")

    # Its processes

    def engine_pid(self):
        found = [pid for pid, name in self.processes("multihomed-engine")
                 if name.endswith("multihomed-engine")]
        return found[0] if found else None

    def kill_engine(self):
        pid = self.engine_pid()
        os.kill(pid, signal.SIGKILL)
        self.wait_new_engine(pid)

    def wait_new_engine(self, old, seconds=30):
        wait_until(lambda: self.engine_pid() not in (None, old), seconds,
                   "a new engine was started")
        self.wait_ready(seconds)

    def crash(self):
        """All processes at once, as when the machine stops; start() is next."""
        found = [pid for pid, _ in self.processes("multihomed")]
        for number in (signal.SIGSTOP, signal.SIGKILL):  # nobody sees another one die
            for pid in found:
                self.signal(pid, number)
        self.process.wait()
        self.log.close()

    def fault(self, point, action):
        """For builds with MH_FAULT: what happens when the engine gets there."""
        with open(self.fault_path + ".new", "w", encoding="ascii") as file:
            file.write(f"{point} {action}\n")
        os.chmod(self.fault_path + ".new", 0o644)
        self.armed = action
        os.rename(self.fault_path + ".new", self.fault_path)

    def wait_fault(self, what, seconds=60):
        """Until the point is reached; an engine that is to stop there has stopped."""
        wait_until(lambda: not os.path.exists(self.fault_path), seconds, what)
        if self.armed == "stop":
            wait_until(lambda: state_of(self.engine_pid()) == "T", 10, "it stands still")

    @property
    def fault_path(self):
        """Gone when the point was reached."""
        return f"{self.home}/db/fault"

    def processes(self, word):
        return processes(word, self.netns)

    def end(self, pid):
        self.signal(pid, signal.SIGKILL)

    @staticmethod
    def signal(pid, number):
        """What has ended meanwhile needs none."""
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass

    # Tokens

    def make_token(self, name, *options):
        done = self.token_command("create", "--name", name, *options)
        assert done.returncode == 0, f"token create: {done.stderr}"
        lines = done.stdout.split("\n")
        assert len(lines) == 2 and lines[1] == "" and re.fullmatch(
            r"mh_[A-Za-z0-9_-]{43}", lines[0]), f"token create printed {done.stdout!r}"
        self.tokens[name] = lines[0]
        return lines[0]

    def token_command(self, verb, *options):
        return subprocess.run(
            [f"{self.build}/multihomed", "token", verb, "-c", self.config_path, *options],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, check=False)

    def token(self, scope):
        """A token of this scope, made when first asked for."""
        with self.lock:
            if scope not in self.tokens:
                self.make_token(scope, "--scope", scope)
            return self.tokens[scope]

    # Requests

    def api(self, method, target, body=None, headers=None, token="operate", source=None,
            timeout=40, via="unix"):
        """
        body: bytes as they are, anything else as JSON. token: a scope, a secret
        ("mh_..."), or None. source: the address to come from (TCP then).
        """
        send = {"Connection": "close"}
        if token is not None:
            secret = token if token.startswith("mh_") else self.token(token)
            send["Authorization"] = f"Bearer {secret}"
        if body is not None:
            if not isinstance(body, bytes):
                body = json.dumps(body).encode()
            send["Content-Type"] = "application/merge-patch+json" if method == "PATCH" \
                else "application/json"
        send.update(headers or {})
        send = {name: value for name, value in send.items() if value is not None}
        connection = self.connection(via, source, timeout)
        try:
            connection.request(method, target, body=body, headers=send)
            answer = Answer(method, connection.getresponse())
        finally:
            connection.close()
        with self.lock:
            self.contract.check(method, target, body, answer)
        return answer

    def connection(self, via, source, timeout):
        if source is not None:
            host = "::1" if ":" in source else "127.0.0.1"
            return http.client.HTTPConnection(host, PORT, timeout=timeout,
                                              source_address=(source, 0))
        if via == "tcp":
            return http.client.HTTPConnection("::1", PORT, timeout=timeout)
        return UnixConnection(self.settings["unix"], timeout)

    def audit(self, **filters):
        """All rows, oldest first."""
        rows, cursor = [], None
        while True:
            query = {"limit": 200, **filters, **({"cursor": cursor} if cursor else {})}
            page = self.api("GET", "/v1/audit?" + "&".join(
                f"{name}={value}" for name, value in query.items()), token="read")
            assert page.status == 200, page
            rows += page["rows"]
            cursor = page["next_cursor"]
            if cursor is None:
                return rows[::-1]

    def last_seq(self):
        rows = self.api("GET", "/v1/audit?limit=1", token="read")["rows"]
        return rows[0]["seq"] if rows else 0


def inside(netns):
    """The words before a command, for a named network namespace or ours (None)."""
    return [] if netns is None else ["ip", "netns", "exec", netns]


def state_of(pid):
    """The kernel's letter: "T" is stopped, "Z" has ended."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        return file.read().rpartition(")")[2].split()[0]


def processes(word, netns=None):
    """
    [(pid, program)] of those whose program's name has the word in it and that run
    in this network namespace (None: ours).
    """
    place = os.stat("/proc/self/ns/net" if netns is None else f"/run/netns/{netns}").st_ino
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/cmdline", "rb") as file:
                    program = file.read().split(b"\0")[0].decode()
                state = state_of(entry)
                here = state in "ZX" or os.stat(f"/proc/{entry}/ns/net").st_ino == place
            except (OSError, UnicodeDecodeError):
                continue
            if word in os.path.basename(program) and state not in "ZX" and here:
                found.append((int(entry), program))
    return sorted(found)
