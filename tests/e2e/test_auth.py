#!/usr/bin/python3
"""Who may ask: tokens, scopes, networks, expiry, revocation, guessing."""

import datetime
import time

from harness import Suite
from sandbox import wait_until

suite = Suite("auth", limits="auth_failures_per_minute = 5;")
SOFT = {"import": {"local_preference": 151}}


def refused(answer, status, code):
    assert answer.status == status and answer["code"] == code, answer
    return answer["detail"]


def source(number):
    """Each test guesses from an address of its own: failures are counted."""
    return f"127.0.1.{number}"


@suite.test
def bad_tokens_all_look_alike(lab):
    expired = expiring(lab)
    revoked = lab.daemon.make_token("revoked", "--scope", "admin")
    assert lab.api("GET", "/v1/router", token=revoked).status == 200
    assert lab.daemon.token_command("revoke", "revoked").returncode == 0
    wait_until(lambda: lab.api("GET", "/v1/router", token=revoked,
                               source=source(30 + int(time.monotonic()) % 200)).status == 401,
               10, "the revocation is known")
    unknown = "mh_" + "A" * 43
    said = set()
    for number, secret in enumerate((None, unknown, expired, revoked, "mh_", unknown + "A")):
        answer = lab.api("GET", "/v1/router", token=secret, source=source(1 + number))
        said.add((refused(answer, 401, "unauthorized"), answer["title"],
                  answer.headers["www-authenticate"]))
    for number, header in enumerate(("Basic QTpC", "Bearer", "Bearer ", "bearer x y", "\x7f")):
        answer = lab.api("GET", "/v1/router", token=None, source=source(10 + number),
                         headers={"Authorization": header})
        if answer.status == 400:  # a control character: not HTTP at all
            continue
        said.add((refused(answer, 401, "unauthorized"), answer["title"],
                  answer.headers["www-authenticate"]))
    assert len(said) == 1, said


def expiring(lab):
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)
    secret = lab.daemon.make_token("expired", "--scope", "admin", "--expires",
                                   soon.strftime("%Y-%m-%dT%H:%M:%SZ"))
    wait_until(lambda: lab.api("GET", "/v1/router", token=secret).status == 401, 10,
               "the token has expired")
    return secret


@suite.test
def wrong_tokens_are_refused_before_anything_else(lab):
    before = lab.state()
    answer = lab.api("PATCH", "/v1/upstreams/nosuch", b"{broken", token=None,
                     source="127.0.2.1")
    refused(answer, 401, "unauthorized")
    answer = lab.api("GET", "/v1/nosuch", token=None, source="127.0.2.1")
    assert answer.status in (401, 404), answer
    assert lab.state() == before


@suite.test
def scope_network_and_glob_all_look_alike(lab):
    reader = lab.daemon.token("read")
    elsewhere = lab.daemon.make_token("elsewhere", "--scope", "operate", "--network",
                                      "192.0.2.0/24", "--network", "2001:db8:77::/48")
    narrow = lab.daemon.make_token("narrow", "--scope", "operate", "--upstream", "route*")
    before = lab.state()
    target = lab.path("ifog")
    said = {
        refused(lab.api("PATCH", target, SOFT, token=reader), 403, "forbidden"),
        refused(lab.api("PATCH", target, SOFT, token=elsewhere, source="127.0.3.1"),
                403, "forbidden"),
        refused(lab.api("PATCH", target, SOFT, token=elsewhere), 403, "forbidden"),
        refused(lab.api("PATCH", target, SOFT, token=narrow), 403, "forbidden"),
        refused(lab.api("GET", "/v1/tokens", token="operate"), 403, "forbidden"),
        refused(lab.api("POST", f"/v1/sessions/{lab.peer('ifog').address}/clear",
                        {"soft": "in"}, token=reader), 403, "forbidden"),
    }
    assert len(said) == 1, said
    assert lab.state() == before


@suite.test
def a_glob_lets_its_own_through(lab):
    narrow = lab.daemon.tokens["narrow"]
    answer = lab.patch("route64", {"import": {"local_preference": 120}}, "?dry_run=true",
                       token=narrow)
    assert answer.status == 200 and answer["changed"] is True, answer


@suite.test
def a_network_lets_its_own_through(lab):
    near = lab.daemon.make_token("near", "--scope", "read", "--network", "127.0.4.0/24")
    assert lab.api("GET", "/v1/router", token=near, source="127.0.4.9").status == 200
    refused(lab.api("GET", "/v1/router", token=near, source="127.0.5.9"), 403, "forbidden")
    refused(lab.api("GET", "/v1/router", token=near, source="::1"), 403, "forbidden")


@suite.test
def higher_scopes_include_reading(lab):
    for scope in ("read", "operate", "configure", "admin"):
        assert lab.api("GET", "/v1/router", token=scope).status == 200, scope
    assert lab.patch("ifog", SOFT, "?dry_run=true", token="configure").status == 200
    metrics = lab.daemon.make_token("scraper", "--scope", "metrics")
    refused(lab.api("GET", "/v1/router", token=metrics), 403, "forbidden")


@suite.test
def guessing_is_slowed_down_by_source(lab):
    guess = "mh_" + "B" * 43
    here, there = "127.0.6.1", "127.0.6.2"
    statuses = [lab.api("GET", "/v1/router", token=guess, source=here).status
                for _ in range(8)]
    assert statuses[0] == 401 and statuses[-1] == 429, statuses
    answer = lab.api("GET", "/v1/router", token=guess, source=here)
    assert answer["code"] == "too_many_failures" and int(answer.headers["retry-after"]) >= 1, answer
    assert lab.api("GET", "/v1/router", token=guess, source=there).status == 401
    assert lab.api("GET", "/v1/router", token="read", source=there).status == 200


@suite.test
def tokens_are_listed_without_secrets(lab):
    answer = lab.api("GET", "/v1/tokens", token="admin")
    tokens = {item["name"]: item for item in answer["tokens"]}
    assert tokens["narrow"]["upstreams"] == ["route*"], tokens["narrow"]
    assert tokens["near"]["networks"] == ["127.0.4.0/24"], tokens["near"]
    assert tokens["revoked"]["revoked_at"] is not None
    assert tokens["expired"]["expires_at"] is not None
    wait_until(lambda: {item["name"]: item for item in lab.api(
        "GET", "/v1/tokens", token="admin")["tokens"]}["near"]["last_used_at"],
        10, "last use is stored")
    for secret in lab.daemon.tokens.values():
        assert secret.encode() not in answer.body
    with open("/run/mh/db/multihomed.db", "rb") as file:
        stored = file.read()
    for path in ("/run/mh/db/multihomed.db-wal", lab.daemon.log_path):
        with open(path, "rb") as file:
            stored += file.read()
    assert not [name for name, secret in lab.daemon.tokens.items()
                if secret.encode() in stored or secret[3:].encode() in stored]


@suite.test
def a_strict_token_must_know_what_it_changes(lab):
    strict = lab.daemon.make_token("strict", "--scope", "operate", "--strict")
    before = lab.state()
    refused(lab.patch("ifog", SOFT, token=strict), 428, "precondition_required")
    assert lab.state() == before
    etag = lab.upstream("ifog").headers["etag"]
    answer = lab.patch("ifog", SOFT, token=strict, headers={"If-Match": etag})
    assert answer.status == 200, answer
    back = lab.patch("ifog", {"import": {"local_preference": 150}}, token=strict,
                     headers={"If-Match": answer.headers["etag"]})
    assert back.status == 200, back
    # What has no ETag cannot be known by one.
    refused(lab.api("DELETE", lab.path("ifog") + "/drain", token=strict), 404, "not_found")


@suite.test
def tokens_are_managed_offline(lab):
    again = lab.daemon.token_command("create", "--name", "near", "--scope", "read")
    assert again.returncode != 0 and "near" in again.stderr, again
    listing = lab.daemon.token_command("list")
    assert listing.returncode == 0 and "near" in listing.stdout, listing
    for options in (["--name", "Bad Name", "--scope", "read"], ["--name", "x"],
                    ["--name", "x", "--scope", "root"],
                    ["--name", "x", "--scope", "read", "--network", "nonsense"],
                    ["--name", "x", "--scope", "read", "--expires", "soon"]):
        done = lab.daemon.token_command("create", *options)
        assert done.returncode != 0 and done.stderr and not done.stdout, (options, done)
    assert lab.daemon.token_command("revoke", "nosuch").returncode != 0
    assert lab.daemon.token_command("revoke", "near").returncode == 0
    wait_until(lambda: lab.api("GET", "/v1/router", token=lab.daemon.tokens["near"],
                               source="127.0.4.9").status == 401, 10, "revoked")


suite.main()
