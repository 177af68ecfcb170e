"""A stand-in for multihomed: answers the API's shapes, remembers requests.

For the tests of mhctl only. Each test may replace an answer in `answers`
({"METHOD /path": (status, body, headers)} or a function of the request) or
break a connection.
"""
import copy
import http.server
import json
import os
import socket
import socketserver
import ssl
import threading
import urllib.parse

TOKEN = "mh_" + "a" * 43


def upstream(name, asn, neighbor, preference, prepend, state="established",
             role="transit", description=None):
    up = state == "established"
    return {
        "name": name, "description": description, "role": role,
        "remote_as": asn, "neighbor": neighbor, "local_address": None,
        "ebgp_multihop": None, "next_hop_self": role == "internal",
        "capacity_mbps": 100, "families": ["ipv6-unicast"],
        "tunnel": {"kind": "gre", "interface": "gre1",
                   "local": "198.51.100.10", "remote": "198.51.100.44",
                   "prefix_length": 126, "mtu": 1476},
        "host_route": None, "firewall": {"nat": True},
        "import": {"prefix_list": "PL-BOGONS",
                   "local_preference": preference,
                   "soft_reconfiguration": True,
                   "maximum_prefix": {"limit": 250000, "warning_percent": 90,
                                      "restart_minutes": 30}},
        "export": {"prefix_list": "PL-MY-NET", "as_path_prepend": prepend},
        "tcp_md5": {"set": False, "key_id": None, "set_at": None},
        "status": {"session": state, "uptime_s": 58895 if up else None,
                   "prefixes_received": 237902 if up else 0,
                   "prefixes_sent": 1 if up else 0,
                   "route_map_in": "RM-%s-IN" % name.upper(),
                   "route_map_out": "RM-%s-OUT" % name.upper(),
                   "interface": "gre1", "managed": "multihomed",
                   "rx_bps": 1204000 if up else 0,
                   "tx_bps": 88000 if up else 0,
                   "last_error": None if up else "Hold Timer Expired",
                   "tcp_md5_age_s": None, "warnings": []},
    }


def world():
    snapshot = {"observed_at": "2026-03-01T02:00:00.000Z", "age_ms": 212,
                "stale": False}
    ups = [
        upstream("edge-vultr-frankfurt", 201379, "2a06:9801:1c:fffe::2", 200,
                 0, role="internal", description="Edge-Vultr-Frankfurt"),
        upstream("ifog", 209533, "2001:db8:300::1", 150, 0,
                 description="Upstream-iFog-Frankfurt"),
        upstream("lagrange", 209735, "fd00:ca::1", None, 2,
                 description="Upstream-Lagrange-UK"),
        upstream("route64", 212895, "2001:db8:400::1", None, 0,
                 state="active", description="Upstream-Route64-FRA"),
    ]
    sessions = [{
        "neighbor": u["neighbor"], "upstream": u["name"],
        "description": u["description"], "remote_as": u["remote_as"],
        "local_as": 201379, "state": u["status"]["session"],
        "admin_shutdown": False, "uptime_s": u["status"]["uptime_s"],
        "local_address": "2001:db8:300::2", "peer_hostname": None,
        "established_count": 1, "dropped_count": 0,
        "messages_received": 12345, "messages_sent": 678, "in_queue": 0,
        "out_queue": 0, "tcp_md5": False,
        "families": {"ipv6-unicast": {
            "prefixes_received": u["status"]["prefixes_received"],
            "prefixes_sent": u["status"]["prefixes_sent"],
            "soft_reconfiguration": True}},
        "interface": "gre1", "rx_bps": 1204000, "tx_bps": 88000,
        "rx_bytes": 98765432, "tx_bytes": 1234567, "last_reset": None,
        "last_error": u["status"]["last_error"],
        "last_shutdown_message": None} for u in ups]
    return {"snapshot": snapshot, "upstreams": ups, "sessions": sessions,
            "downstreams": [downstream("radon")], "router": router(),
            "lasting": [], "pending": None}


def router():
    return {"name": "hobgp", "platform": "linux", "securelevel": None,
            "multihomed_version": "0.1.0", "frr_version": "8.4.4",
            "local_as": 201379, "router_id": "198.51.100.10",
            "router_address": ["2a06:9801:1c::1"], "state": "in_service",
            "prefixes": ["2a06:9801:1c::/48"], "bogons": "builtin",
            "kernel_routes": "announce_only", "upstreams": 4,
            "sessions": {"configured": 4, "established": 3},
            "tables": {"ipv6-unicast": {"version": 9, "routes": 240000}},
            "rx_bps": 3612000, "tx_bps": 264000, "pending_confirm": None,
            "drift": [], "warnings": [], "writable": True}


def downstream(name):
    return {"name": name, "description": "Downstream-Radon",
            "tunnel": {"kind": "gif", "interface": "gif0",
                       "local": "198.51.100.10", "remote": "203.0.113.9",
                       "prefix_length": 64, "mtu": 1480},
            "address": "2a06:9801:1c:fff0::1",
            "peer": "2a06:9801:1c:fff0::2",
            "prefixes": ["2a06:9801:1c:1000::/64"],
            "firewall": {"nat": False},
            "status": {"interface": "gif0", "up": True, "rx_bps": 1200,
                       "tx_bps": 800, "managed": "multihomed",
                       "warnings": []}}


INTERFACES = [
    {"name": "gre1", "kind": "gre", "up": True, "mtu": 1476,
     "local": "198.51.100.10", "remote": "198.51.100.44",
     "addresses": ["2001:db8:300::2/126", "fe80::1/64"],
     "description": "Upstream-iFog-Frankfurt", "managed": "multihomed",
     "at_boot": True, "rx_bytes": 98765432, "tx_bytes": 1234567,
     "rx_bps": 1204000, "tx_bps": 88000, "upstream": "ifog",
     "downstream": None},
    {"name": "gif0", "kind": "gif", "up": False, "mtu": 1480,
     "local": "198.51.100.10", "remote": "203.0.113.9",
     "addresses": ["2a06:9801:1c:fff0::1 peer 2a06:9801:1c:fff0::2"],
     "description": None, "managed": "hand", "at_boot": False,
     "rx_bytes": 0, "tx_bytes": 0, "rx_bps": 0, "tx_bps": 0,
     "upstream": None, "downstream": "radon"},
    {"name": "eth0", "kind": "other", "up": True, "mtu": 1500, "local": None,
     "remote": None, "addresses": ["198.51.100.10/24"], "description": None,
     "managed": None, "at_boot": False, "rx_bytes": 1, "tx_bytes": 1,
     "rx_bps": None, "tx_bps": None, "upstream": None, "downstream": None}]

FIREWALL = {
    "platform": "linux", "enabled": True, "attached": True, "loaded": True,
    "as_set": False, "router_addresses": ["2a06:9801:1c::1"],
    "prefixes": ["2a06:9801:1c::/48"],
    "entries": [{"interface": "gre1", "peer": "2001:db8:300::1", "nat": True,
                 "kind": "gre", "local": "198.51.100.10",
                 "remote": "198.51.100.44"}],
    "listing": "table inet multihomed {\n\tchain input {\n\t}\n}\n",
    "warnings": ["the rules were changed by hand"]}

DOCTOR = {"ok": False, "checks": [
    {"name": "bgpd", "state": "ok", "detail": "answers in 0.2 ms",
     "fix": None},
    {"name": "clock", "state": "warning",
     "detail": "not synchronised", "fix": "start chrony or ntpd"},
    {"name": "packet_filter", "state": "failed",
     "detail": "/etc/pf.conf does not name our anchor",
     "fix": "add these to /etc/pf.conf, then pfctl -f /etc/pf.conf:\n"
            "nat-anchor \"multihomed\"\nanchor \"multihomed\""}]}

LINK_STEPS = {"steps": [
    {"subsystem": "links",
     "commands": ["ip link add gre1 type gre local 198.51.100.10 remote "
                  "198.51.100.77 ttl 255",
                  "ip link set dev gre1 mtu 1476",
                  "ip address add 2001:db8:400::2/64 dev gre1",
                  "ip link set dev gre1 up"],
     "undo": ["ip link del gre1"]},
    {"subsystem": "frr",
     "commands": ["router bgp 201379",
                  " neighbor 2001:db8:400::1 remote-as 212895", "exit"],
     "undo": ["router bgp 201379",
              " no neighbor 2001:db8:400::1 remote-as 212895", "exit"]},
    {"subsystem": "boot", "commands": ["write memory"], "undo": []}]}


def plan(value):
    return {"steps": [
        {"subsystem": "frr",
         "commands": ["route-map RM-IFOG-IN permit 10",
                      " set local-preference %s" % value, "exit"],
         "undo": ["route-map RM-IFOG-IN permit 10",
                  " set local-preference 150", "exit"]},
        {"subsystem": "bgp",
         "commands": ["clear bgp ipv6 unicast 2001:db8:300::1 soft in"],
         "undo": ["clear bgp ipv6 unicast 2001:db8:300::1 soft in"]},
        {"subsystem": "boot", "commands": ["write memory"], "undo": []}]}


def audit_row(seq, kind, about=None, outcome=None, commands=None):
    return {"seq": seq, "time": "2026-03-01T02:00:%02d.000Z" % seq,
            "kind": kind, "about": about, "actor": "alice",
            "token_id": "t1", "peer": "192.0.2.7", "request_id": "r-1",
            "method": "PATCH", "path": "/v1/upstreams/ifog",
            "resource": "upstreams/ifog", "operation": "op-AAAAAAAAAAAAAAAA",
            "reason": "provider is slow", "ticket": "CHG-1234",
            "before": {"import": {"local_preference": 150}},
            "after": {"import": {"local_preference": 250}}
            if kind == "outcome" else None,
            "commands": commands, "outcome": outcome, "detail": None,
            "hash": "ab" * 32}


AUDIT = [
    audit_row(4, "outcome", 3, "applied",
              [{"command": "route-map RM-IFOG-IN permit 10\n"
                           " set local-preference 250\nexit",
                "answer": ""},
               {"command": "write memory",
                "answer": "Building Configuration...\n[OK]\n"}]),
    audit_row(3, "intent"),
    audit_row(2, "outcome", 1, "undone"),
    audit_row(1, "intent"),
]

# What a router makes when it is asked to.
NEW_KEY = "kN3wKeyOfTheRouterItself00000000"
ROTATION = "op-RRRRRRRRRRRRRRRR"


def rotation(key, what, dry=False):
    """The answer to the order of a new key."""
    return {"operation": None if dry else ROTATION,
            "audit_seq": None if dry else 12, "dry_run": dry,
            "upstream": "ifog", "key": key, "key_id": "k0123456789",
            "method": what.get("method", "reset"),
            "effect": "the session is reset and stays down until the other "
                      "end has changed too",
            "at": what.get("at"),
            "verify_within_s": what.get("verify_within_s", 180),
            "with": {"router": what["with"], "upstream": "hobgp",
                     "operation": "op-WWWWWWWWWWWWWWWW"}
            if what.get("with") else None,
            "sessions_reset": ["2001:db8:300::1"],
            "plan": {"steps": [{
                "subsystem": "frr", "undo": ["neighbor x password ****"],
                "commands": ["neighbor 2001:db8:300::1 password ****"]}]}}


def rotating(state, text=None, phase="verify", **result):
    """Its operation, under way or ended."""
    return dict(OPERATION, id=ROTATION, kind="tcp_md5_rotation", state=state,
                phase=phase, progress=text and {
                    "text": text, "key_id": "k0123456789", "method": "reset",
                    "changed_at": None, "with": None},
                result=dict({
                    "upstream": "ifog", "key_id": "k0123456789",
                    "method": "reset", "verified": state == "done",
                    "downtime_ms": None, "return_ms": None, "why": None,
                    "with": None, "with_operation": None}, **result)
                if result else None)


OPERATION = {"id": "op-AAAAAAAAAAAAAAAA", "kind": "upstream_policy",
             "resource": "upstreams/ifog", "state": "done", "actor": "alice",
             "request_id": "r-1", "audit_seq": 3,
             "created_at": "2026-03-01T02:00:00.000Z",
             "updated_at": "2026-03-01T02:00:01.000Z", "confirm": None,
             "phase": None, "due_at": None, "progress": None,
             "error": None,
             "result": {"best_paths_moved": 1834}}


def problem(status, code, detail, **more):
    body = {"type": "https://multihomed.dev/problems/" + code,
            "title": code.replace("_", " "), "status": status, "code": code,
            "detail": detail, "request_id": "r-77"}
    body.update(more)
    return status, body, {"Content-Type": "application/problem+json"}


def route_body(prefix):
    base = {"valid": True, "internal": False, "local": False, "med": None,
            "as_path": "209533 64500", "as_path_length": 2, "origin": "igp",
            "communities": [], "large_communities": []}
    first = dict(base, best=True, best_reason="Local Pref",
                 neighbor="2001:db8:300::1", upstream="ifog",
                 next_hop="2001:db8:300::1", local_preference=150,
                 communities=["64500:1", "64500:2"])
    second = dict(base, best=False, best_reason=None, neighbor="fd00:ca::1",
                  upstream="lagrange", next_hop="fd00:ca::1",
                  local_preference=100, as_path="209735 174 64500",
                  as_path_length=3)
    return {"prefix": prefix, "paths": [first, second]}


class Request:
    def __init__(self, method, target, headers, body):
        self.method = method
        self.target = target
        split = urllib.parse.urlsplit(target)
        self.path = split.path
        self.query = dict(urllib.parse.parse_qsl(split.query))
        self.headers = headers
        self.body = body
        self.json = json.loads(body) if body else None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args):
        pass

    def address_string(self):
        return "test"

    def answer(self):
        n = int(self.headers.get("Content-Length") or 0)
        req = Request(self.command, self.path, self.headers,
                      self.rfile.read(n))
        owner = self.server.owner
        owner.requests.append(req)
        reply = owner.reply(req)
        if reply is None:  # a broken connection
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        status, body, headers = reply
        if hasattr(body, "__next__"):
            self.stream(body)
            return
        data = body if isinstance(body, bytes) else \
            json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        headers = dict({"Content-Type": "application/json",
                        "X-Request-Id": "r-77"}, **headers)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def stream(self, pieces):
        """Server-sent events; an exception breaks the connection."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for piece in pieces:
                data = piece.encode()
                self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            self.wfile.write(b"0\r\n\r\n")
        except ConnectionError:
            self.close_connection = True
            try:
                self.connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    do_GET = do_PATCH = do_POST = do_PUT = do_DELETE = answer


class TcpServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_args):
        pass


class UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def handle_error(self, *_args):
        pass


def draining(phase, text, state="running", end=None, result=None):
    """A drain's operation."""
    return dict(OPERATION, kind="upstream_drain", phase=phase, state=state,
                progress={"text": text, "end": end, "samples": 0,
                          "samples_needed": 3, "seconds_left": 60,
                          "gates": []}, result=result)


class Standin:
    """One server; `with Standin() as s:` serves on s.url (or s.unix)."""

    def __init__(self, unix=None, certificate=None, key=None):
        self.unix = unix
        self.requests = []
        self.answers = {}
        self.world = world()
        if unix:
            self.server = UnixServer(unix, Handler)
            self.url = "http://localhost"
        else:
            self.server = TcpServer(("127.0.0.1", 0), Handler)
            scheme = "http"
            if certificate:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(certificate, key)
                self.server.socket = context.wrap_socket(
                    self.server.socket, server_side=True)
                scheme = "https"
            self.url = "%s://127.0.0.1:%d" % (
                scheme, self.server.server_address[1])
        self.server.owner = self

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever,
                                       kwargs={"poll_interval": 0.05},
                                       daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_args):
        self.server.shutdown()
        self.server.server_close()
        if self.unix and os.path.exists(self.unix):
            os.unlink(self.unix)

    def set(self, key, *reply):
        """set("GET /v1/x", 200, body) or set("GET /v1/x", function)."""
        if callable(reply[0]):
            self.answers[key] = reply[0]
        else:
            headers = reply[2] if len(reply) > 2 else {}
            self.answers[key] = lambda _r: (reply[0], reply[1], headers)

    def reply(self, req):
        override = self.answers.get("%s %s" % (req.method, req.path))
        if override:
            return override(req)
        if req.headers.get("Authorization") != "Bearer " + TOKEN:
            return problem(401, "unauthorized", "no valid token")
        return getattr(self, "do_" + req.method.lower())(req)

    def find(self, name):
        for u in self.world["upstreams"]:
            if u["name"] == name:
                return u
        return None

    def do_get(self, req):
        w = self.world
        parts = req.path.split("/")[2:]
        if parts == ["router"]:
            return 200, dict(w["router"], snapshot=w["snapshot"],
                             pending_confirm=w["pending"] and {
                                 "operation": w["pending"],
                                 "reverts_at": "2026-03-01T02:02:00.000Z",
                                 "revert_in_s": 57}), {}
        if parts == ["router", "doctor"]:
            return 200, DOCTOR, {}
        if parts == ["interfaces"]:
            return 200, {"interfaces": INTERFACES, "snapshot": w["snapshot"],
                         "warnings": []}, {}
        if parts == ["firewall"]:
            return 200, FIREWALL, {}
        if parts == ["downstreams"]:
            return 200, {"downstreams": w["downstreams"],
                         "snapshot": w["snapshot"], "warnings": []}, {}
        if parts[0] == "downstreams" and len(parts) == 2:
            for d in w["downstreams"]:
                if d["name"] == parts[1]:
                    return 200, d, {}
        if parts == ["upstreams"]:
            return 200, {"upstreams": w["upstreams"],
                         "snapshot": w["snapshot"], "warnings": []}, {}
        if parts[0] == "upstreams" and len(parts) == 2:
            u = self.find(parts[1])
            if u:
                return 200, u, {"ETag": '"0123456789abcdef.fedcba9876543210"'}
        if parts == ["sessions"]:
            return 200, {"sessions": w["sessions"],
                         "snapshot": w["snapshot"], "warnings": []}, {}
        if parts[0] == "sessions" and len(parts) == 2:
            for s in w["sessions"]:
                if s["neighbor"] == urllib.parse.unquote(parts[1]):
                    return 200, s, {}
        if parts[0] == "routes":
            return 200, route_body(urllib.parse.unquote(parts[1])), {}
        if parts == ["operations"]:
            return 200, {"operations": [OPERATION], "next_cursor": None}, {}
        if parts == ["operations", OPERATION["id"]]:
            if w["lasting"]:
                return 200, w["lasting"].pop(0) if len(w["lasting"]) > 1 \
                    else w["lasting"][0], {}
            return 200, OPERATION, {}
        if parts == ["audit", "verify"]:
            return 200, {"intact": True, "rows": 4, "first_bad_seq": None,
                         "head": "ab" * 32, "detail": None}, {}
        if parts == ["audit"]:
            start = int(req.query.get("cursor", "0"))
            end = start + int(req.query.get("limit", "50"))
            return 200, {"rows": AUDIT[start:end],
                         "next_cursor": str(end) if end < len(AUDIT)
                         else None}, {}
        if parts[0] == "audit" and len(parts) == 2:
            for row in AUDIT:
                if str(row["seq"]) == parts[1]:
                    return 200, row, {}
        if parts == ["tokens"]:
            return 200, {"tokens": [
                {"id": "t1", "name": "alice", "scopes": ["read", "operate"],
                 "upstreams": [], "networks": [], "strict": False,
                 "created_at": "2026-03-01T02:00:00.000Z",
                 "expires_at": None, "revoked_at": None,
                 "last_used_at": "2026-03-01T02:00:00.000Z"},
                {"id": "t2", "name": "old", "scopes": ["read"],
                 "upstreams": ["ifog*"], "networks": ["192.0.2.0/24"],
                 "strict": True, "created_at": "2020-03-01T02:00:00.000Z",
                 "expires_at": "2021-03-01T02:00:00.000Z",
                 "revoked_at": None, "last_used_at": None}]}, {}
        return problem(404, "not_found", "there is no such thing here")

    def changed(self, req, member, after, steps, created=False, resets=()):
        """The answer to a change; remembers what waits for confirmation."""
        what = dict(req.json or {})
        wait = what.get("confirm", {}).get("revert_in_s") or \
            int(req.query.get("revert_in_s", "0"))
        if req.query.get("dry_run") == "true":
            return 200, {"changed": bool(steps["steps"]), "dry_run": True,
                         "sessions_reset": list(resets), "plan": steps}, {}
        if self.world["pending"]:
            return problem(409, "confirm_pending",
                           "another change waits for its confirmation",
                           retry_after_s=57)
        pending = bool(wait and steps["steps"])
        if pending:
            self.world["pending"] = OPERATION["id"]
        return 201 if created else 200, {
            "changed": bool(steps["steps"]), "dry_run": False,
            "operation": OPERATION["id"] if steps["steps"] else None,
            "audit_seq": 3 if steps["steps"] else None,
            "best_paths_moved": 1834, "sessions_reset": list(resets),
            "confirm": {"operation": OPERATION["id"], "state": "pending",
                        "revert_in_s": wait,
                        "reverts_at": "2026-03-01T02:02:00.000Z"}
            if pending else None,
            "plan": steps, member: after}, {}

    def do_patch(self, req):
        parts = req.path.split("/")[2:]
        if parts == ["router"]:
            self.world["router"].update(req.json)
            return self.changed(req, "router", self.world["router"],
                                LINK_STEPS)
        if parts[0] == "operations":
            return 200, dict(OPERATION, state="awaiting_confirm", confirm={
                "reverts_at": "2026-03-01T02:10:00.000Z",
                "revert_in_s": req.json["revert_in_s"]}), {}
        if parts[0] == "downstreams":
            return self.changed(req, "downstream", downstream(parts[1]),
                                LINK_STEPS)
        u = self.find(parts[-1])
        if not u:
            return problem(404, "not_found", "no such upstream")
        after = copy.deepcopy(u)
        for group in ("import", "export"):
            after[group].update(req.json.get(group, {}))
        for member in set(req.json) - {"import", "export", "reason",
                                       "ticket", "shared", "allow_reset",
                                       "adopt", "confirm"}:
            after[member] = req.json[member]
        value = req.json.get("import", {}).get("local_preference")
        steps = plan(value) if after != u else {"steps": []}
        if req.query.get("dry_run") != "true":
            self.world["upstreams"] = [after if x is u else x
                                       for x in self.world["upstreams"]]
        return self.changed(req, "upstream", after, steps)

    def do_put(self, req):
        parts = req.path.split("/")[2:]
        if parts == ["router"]:
            return self.changed(req, "router", self.world["router"],
                                {"steps": []})
        if parts[-1] == "drain":
            if len(parts) == 3 and not self.find(parts[1]):
                return problem(404, "not_found", "no such upstream")
            return 202, draining("signal", "begun"), {}
        if parts[0] == "downstreams":
            return self.changed(req, "downstream", downstream(parts[1]),
                                LINK_STEPS, created=True)
        if self.find(parts[1]) and req.headers.get("If-None-Match") == "*":
            return problem(412, "exists",
                           "there is an upstream %s already" % parts[1])
        after = upstream(parts[1], req.json.get("remote_as", 1),
                         req.json.get("neighbor", "2001:db8::1"), None, 0)
        after["tunnel"]["remote"] = "198.51.100.77"
        return self.changed(req, "upstream", after, LINK_STEPS, created=True)

    def do_delete(self, req):
        parts = req.path.split("/")[2:]
        if parts[-1] == "drain":
            return 202, draining("returning", "back into service"), {}
        if parts[0] == "downstreams":
            return self.changed(req, "downstream", None, LINK_STEPS)
        u = self.find(parts[1])
        if not u:
            return problem(404, "not_found", "no such upstream")
        if req.query.get("allow_reset") != "true":
            return problem(409, "reset_needed",
                           "this resets the session with " + u["neighbor"])
        return self.changed(req, "upstream", None, LINK_STEPS,
                            resets=[u["neighbor"]])

    def do_post(self, req):
        parts = req.path.split("/")[2:]
        if parts[0] == "sessions" and parts[2] == "clear":
            return 200, {"changed": True,
                         "session": urllib.parse.unquote(parts[1]),
                         "soft": req.json["soft"],
                         "operation": OPERATION["id"], "audit_seq": 5}, {}
        if parts[0] == "upstreams" and parts[2:] == ["tcp-md5", "rotations"]:
            if not self.find(parts[1]):
                return problem(404, "not_found", "no such upstream")
            if req.query.get("dry_run") == "true":
                return 200, rotation(None, req.json, dry=True), {}
            return 202, rotation(NEW_KEY if req.json.get("generate") else None,
                                 req.json), {
                "Location": "/v1/operations/" + ROTATION}
        if parts == ["operations", ROTATION, "cancel"]:
            return 200, rotating("undone", phase=None), {}
        if parts[0] == "operations" and parts[1] != OPERATION["id"]:
            return problem(404, "not_found", "there is no such operation")
        if parts[0] == "operations" and parts[2] in ("confirm", "cancel"):
            if not self.world["pending"]:
                return problem(409, "not_pending", "it does not wait")
            self.world["pending"] = None
            if parts[2] == "confirm":
                return 200, dict(OPERATION, state="done"), {}
            return 200, dict(OPERATION, state="undone",
                             error=self.world.get("left", "cancelled")), {}
        return problem(404, "not_found", "there is no such thing here")


if __name__ == "__main__":
    with Standin() as standin:
        print("MHCTL_URL=%s MHCTL_TOKEN=%s" % (standin.url, TOKEN), flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            pass
