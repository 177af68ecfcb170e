#!/usr/bin/python3
"""Bad input: refused with a pointer to what is wrong, and nothing ran."""

import socket

from daemon import UNIX
from harness import Suite
from sandbox import wait_until

suite = Suite("input", limits="body_bytes = 65536; header_bytes = 8192; "
              "request_timeout_s = 2;")

# body, pointer of the complaint; None: not even JSON, so 400 and a pointer to all
# of it; a number beyond every range may be either.
BODIES = [
    (b"", None), (b"{", None), (b'{"import":{"local_preference":1}', None), (b"nonsense", None),
    (b'{"reason":"a"} {"reason":"b"}', None), (b'{"description":"\xff\xfe"}', None),
    (b'{"import":{"local_preference":010}}', None), (b'{"import":', None),
    (b'{"reason":"a","reason":"b"}', None), (b"[" * 30000, None),
    (b"[]", ""), (b'"text"', ""), (b"null", ""), (b"17", ""),
    ({"nosuch": 1}, "/nosuch"), ({"name": "other"}, "/name"), ({"remote_as": 0}, "/remote_as"),
    ({"import": {"nosuch": 1}}, "/import/nosuch"),
    ({"import": {"prefix_list": "X"}}, "/import/prefix_list"),
    ({"a/b~c": 1}, "/a~1b~0c"), ({"import": 5}, "/import"), ({"export": []}, "/export"),
    ({"import": {"local_preference": "150"}}, "/import/local_preference"),
    ({"import": {"local_preference": 150.5}}, "/import/local_preference"),
    ({"import": {"local_preference": True}}, "/import/local_preference"),
    ({"import": {"local_preference": []}}, "/import/local_preference"),
    ({"import": {"local_preference": -1}}, "/import/local_preference"),
    ({"import": {"local_preference": 4294967296}}, "/import/local_preference"),
    (b'{"import":{"local_preference":99999999999999999999}}', "/import/local_preference"),
    (b'{"import":{"local_preference":1e99999}}', "/import/local_preference"),
    ({"export": {"as_path_prepend": 11}}, "/export/as_path_prepend"),
    ({"export": {"as_path_prepend": -1}}, "/export/as_path_prepend"),
    ({"export": {"as_path_prepend": "2"}}, "/export/as_path_prepend"),
    ({"shared": "yes"}, "/shared"), ({"shared": 1}, "/shared"),
    ({"description": 5}, "/description"), ({"description": ""}, "/description"),
    ({"description": "two\nlines"}, "/description"), ({"description": 'a "quote"'}, "/description"),
    ({"description": "a | include b"}, "/description"), ({"description": "!bang"}, "/description"),
    ({"description": "null\0byte"}, "/description"), ({"description": "x" * 300}, "/description"),
    ({"description": "help?"}, "/description"), ({"description": " blank"}, "/description"),
    ({"description": "a  b"}, "/description"), ({"description": "tab\there"}, "/description"),
    ({"description": "esc\x1b[1m"}, "/description"), ({"description": "back\\slash"}, "/description"),
    ({"description": "#comment"}, "/description"), ({"description": "\u0085"}, "/description"),
    ({"reason": ""}, "/reason"), ({"reason": "x" * 201}, "/reason"),
    ({"reason": "two\nlines"}, "/reason"), ({"ticket": "x" * 65}, "/ticket"),
    ({"ticket": 7}, "/ticket"),
]
BEYOND = [b'{"import":{"local_preference":99999999999999999999}}',
          b'{"import":{"local_preference":1e99999}}']
GOOD = {"import": {"local_preference": 151}}
NAMES = ["nosuch", "ifog%0Aexit", "ifog%22", "ifog%7Cinclude", "%21", "ifog%00", "a" * 300,
         "%2e%2e", "..%2Frouter", "IFOG", "ifog'", "-ifog", "if%C3%B6g", "%ff", "ifog%20",
         "ifog%0d%0aX:%20y", "%"]


@suite.test
def bad_bodies_change_nothing(lab):
    lab.daemon.token("configure")  # to make one leaves a row
    before = lab.state()
    wrong = []
    for body, pointer in BODIES:
        answer = lab.patch("ifog", body, token="configure")
        pointers = [item["pointer"] for item in answer.json.get("errors", [])]
        if pointer is None or body in BEYOND:
            fine = answer.status == 400 and "" in pointers
        else:
            fine = False
        if pointer is not None and not fine:
            fine = answer.status in ((400, 422) if pointer == "" else (422,)) and \
                pointer in pointers
        if not fine:
            wrong.append((str(body)[:60], answer.status, pointers, answer.body[:200]))
    assert not wrong, wrong
    assert lab.state() == before


@suite.test
def every_bad_member_is_named_at_once(lab):
    answer = lab.patch("ifog", {"import": {"local_preference": -1}, "nosuch": 1,
                                "export": {"as_path_prepend": 99}})
    pointers = {item["pointer"] for item in answer["errors"]}
    assert pointers == {"/import/local_preference", "/nosuch", "/export/as_path_prepend"}, answer


@suite.test
def bad_names_are_not_found(lab):
    before = lab.state()
    for name in NAMES:
        for method, body in (("GET", None), ("PATCH", GOOD)):
            answer = lab.api(method, f"/v1/upstreams/{name}", body)
            assert answer.status in (400, 404, 422), (name, answer)
    assert lab.api("GET", "/v1/upstreams/nosuch").status == 404
    assert lab.api("PATCH", "/v1/upstreams/nosuch", GOOD).status == 404
    assert lab.state() == before


@suite.test
def bad_addresses_are_not_found(lab):
    before = lab.state()
    for address in ("2001:db8::dead", "nonsense", "2001:db8:300::1%0Aclear", "300.1.1.1", "*",
                    "2001:db8:300::1%25gre0", "a" * 300, "all"):
        for method, target, body in (
                ("GET", f"/v1/sessions/{address}", None),
                ("POST", f"/v1/sessions/{address}/clear", {"soft": "in"})):
            answer = lab.api(method, target, body)
            assert answer.status in (400, 404, 422), (target, answer)
    assert lab.state() == before


@suite.test
def bad_clears_change_nothing(lab):
    before = (lab.state(), lab.frr.fingerprint())
    target = f"/v1/sessions/{lab.peer('ifog').address}/clear"
    for body, statuses in (
            (b"", (400,)), (b"{", (400,)), (b"[]", (400, 422)), ({"soft": "hard"}, (422,)),
            ({"soft": True}, (422,)), ({"soft": "in\n"}, (422,)), ({"nosuch": 1}, (422,)),
            ({"soft": "in", "reason": ""}, (422,)), ({"soft": ["in"]}, (422,))):
        answer = lab.api("POST", target, body)
        assert answer.status in statuses, (body, answer)
    assert (lab.state(), lab.frr.fingerprint()) == before


@suite.test
def bad_queries_are_refused(lab):
    for target in ("/v1/audit?limit=0", "/v1/audit?limit=1001", "/v1/audit?limit=ten",
                   "/v1/audit?since=yesterday", "/v1/audit?outcome=great",
                   "/v1/audit?nosuch=1", "/v1/audit?limit=1&limit=2", "/v1/audit?cursor=%00",
                   "/v1/audit/0", "/v1/audit/-1", "/v1/audit/x", "/v1/audit/99999999999999999999",
                   "/v1/operations?limit=-5", "/v1/operations/op-nosuch",
                   "/v1/operations/op-0000000000000000", "/v1/operations/%00"):
        answer = lab.api("GET", target, token="read")
        assert answer.status in (400, 404, 422), (target, answer)
    before = lab.state()
    for query in ("?dry_run=maybe", "?dry_run=", "?nosuch=1", "?dry_run=true&dry_run=false",
                  "?dry_run=%00"):
        answer = lab.patch("ifog", GOOD, query)
        assert answer.status in (400, 422), (query, answer)
    assert lab.state() == before


@suite.test
def bad_prefixes_are_refused(lab):
    for prefix in ("nonsense", "2001:db8::%2F129", "2001:db8::%2Fx", "2001:db8::%2F", "%00",
                   "2001:db8::%2F32%20json", "::%7C", "a" * 200, "10.0.0.0%2F33"):
        answer = lab.api("GET", f"/v1/routes/{prefix}", token="read")
        assert answer.status in (400, 404, 422), (prefix, answer)


@suite.test
def unknown_paths_and_methods(lab):
    for target in ("/", "/v1", "/v1/", "/v1/nosuch", "/v1/upstreams/", "/v1/router/x", "/v2/router",
                   "/v1/upstreams/ifog/nosuch", "//v1/router", "/livez/"):
        answer = lab.api("GET", target, token="read")
        assert answer.status == 404 and answer["code"] == "not_found", (target, answer)
    for method, target in (("DELETE", "/v1/router"), ("POST", "/v1/upstreams"),
                           ("PUT", f"/v1/sessions/{lab.peer('ifog').address}"), ("POST", "/livez"),
                           ("GET", f"/v1/sessions/{lab.peer('ifog').address}/clear"),
                           ("DELETE", "/v1/audit/1"), ("BREW", "/v1/router")):
        answer = lab.api(method, target, token="admin")
        assert answer.status == 405, (method, target, answer)


@suite.test
def other_content_types_are_refused(lab):
    before = lab.state()
    for kind in ("text/plain", "application/xml", "application/jsonx",
                 "application/json-patch+json"):
        answer = lab.patch("ifog", GOOD, headers={"Content-Type": kind})
        assert answer.status == 415, (kind, answer)
    assert lab.state() == before
    answer = lab.patch("ifog", GOOD, "?dry_run=true",
                       headers={"Content-Type": "application/json; charset=utf-8"})
    assert answer.status == 200, answer


@suite.test
def too_much_is_refused(lab):
    before = lab.state()
    answer = lab.patch("ifog", {"reason": "x" * 70000})
    assert answer.status == 413, answer
    answer = lab.api("GET", "/v1/router", headers={"X-Long": "x" * 9000}, token="read")
    assert answer.status == 431, answer
    answer = lab.api("GET", "/v1/router?" + "x" * 5000, token="read")
    assert answer.status in (414, 431), answer
    assert lab.state() == before


@suite.test
def bad_idempotency_keys_are_refused(lab):
    before = lab.state()
    for key in ("x" * 256, "ü".encode(), "a b", ""):
        answer = lab.patch("ifog", GOOD, headers={"Idempotency-Key": key})
        assert answer.status in (400, 422), (key, answer)
    assert lab.state() == before


def raw(data):
    """Bytes as they are; what came back until the other side closed."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(10)
        sock.connect(UNIX)
        sock.sendall(data)
        got = b""
        while True:
            try:
                more = sock.recv(65536)
            except ConnectionResetError:
                return got
            if not more:
                return got
            got += more


@suite.test
def what_is_not_http_is_survived(lab):
    before = lab.state()
    for data in (b"\0" * 100 + b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                 b"PATCH /v1/upstreams/ifog HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                 b"PATCH /v1/upstreams/ifog HTTP/1.1\r\nHost: x\r\n"
                 b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                 b"GET /v1/router HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                 b"Authorization: Bearer a\0b\r\n\r\n"):
        got = raw(data)
        assert not got.startswith(b"HTTP/1.1 2"), (data, got)
    assert lab.api("GET", "/v1/router", token="read").status == 200
    assert lab.state() == before


@suite.test
def a_slow_request_is_ended(lab):
    got = raw(b"PATCH /v1/upstreams/ifog HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{")
    assert got == b"" or b" 408 " in got.split(b"\r\n")[0], got
    wait_until(lambda: lab.api("GET", "/livez", token=None).status == 200, 5, "alive")


suite.main()
