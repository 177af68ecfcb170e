"""One router with its providers and its daemon, and the tests of one file.

A test file makes a Suite, adds functions to it with @suite.test, and ends with
suite.main(). Each function gets the Lab; they run in the order in which they
are written, on one router, and leave it as they found it. A line is printed for
each: "ok NAME", "FAIL NAME reason", "skip NAME reason".
"""

import json
import os
import shutil
import signal
import sys
import time
import traceback

import sandbox
from sandbox import ROOT, SHARED, Skip, wait_until

FRESH_ROUTER = {"hobgp", "vtbgp"}


class Lab:
    """
    Everything a test needs, under one context manager: frr (the router),
    network (its providers), daemon (multihomed).
    """

    def __init__(self, name="hobgp", conf=None, daemon=True, settle=True, peers=None,
                 **settings):
        # Needs Debian's python3-yaml and python3-jsonschema: only inside, so
        # that a machine without them skips in words.
        try:
            from contract import Contract  # pylint: disable=import-outside-toplevel
        except ImportError as error:
            raise Skip(f"python: {error}") from error
        from daemon import Daemon  # pylint: disable=import-outside-toplevel
        from frr import Frr, reference_conf  # pylint: disable=import-outside-toplevel
        from network import (HOBGP_PEERS, VTBGP_PEERS,  # pylint: disable=import-outside-toplevel
                             Network)
        assert name in FRESH_ROUTER
        self.name = name
        if peers is None:
            peers = HOBGP_PEERS if name == "hobgp" else VTBGP_PEERS
        self.network = Network(peers)
        self.frr = Frr(conf if conf is not None else reference_conf(SHARED, ROOT, name))
        self.daemon = Daemon(Contract(), name=name, **settings)
        self.wants_daemon = daemon
        self.settles = settle  # False: the configuration has no neighbors yet
        self.names = None

    def __enter__(self):
        try:
            self.network.start()
            self.frr.start()
            if self.settles:
                self.wait_settled()
            if self.wants_daemon:
                self.daemon.start()
        except BaseException:
            self.close(quiet=True)
            raise
        return self

    def __exit__(self, kind, *_):
        self.close(quiet=kind is not None)

    def close(self, quiet):
        try:
            self.daemon.stop()
        except AssertionError:
            if not quiet:
                raise
        finally:
            self.frr.stop()
            self.network.stop()
            shutil.rmtree("/run/mh", ignore_errors=True)

    def wait_settled(self, seconds=40):
        wait_until(lambda: self.frr.settled(self.network.peers.values()), seconds,
                   "all sessions established, all prefixes here")
        steady = {"version": None, "since": 0.0}

        def quiet():
            summary = self.frr.vtysh_json("show bgp ipv6 unicast summary json")
            if summary["tableVersion"] != steady["version"]:
                steady.update(version=summary["tableVersion"], since=time.monotonic())
            return time.monotonic() - steady["since"] > 0.5

        wait_until(quiet, seconds, "the table does not change any more")

    def power_off(self):
        """FRR too; frr.start_daemons() and daemon.start() are the next boot."""
        self.daemon.crash()
        self.frr.kill_all()

    # Shorthand

    def api(self, *args, **named):
        return self.daemon.api(*args, **named)

    def peer(self, name):
        return self.network.peers[name]

    def upstream_name(self, peer):
        """What the API calls the upstream at this provider."""
        if self.names is None:
            answer = self.api("GET", "/v1/upstreams", token="read")
            assert answer.status == 200, answer
            self.names = {item["neighbor"]: item["name"] for item in answer["upstreams"]}
        return self.names[self.peer(peer).address]

    def path_of(self, neighbor):
        listed = self.api("GET", "/v1/upstreams", token="read")["upstreams"]
        return "/v1/upstreams/" + next(item["name"] for item in listed
                                       if item["neighbor"] == neighbor)

    def path(self, peer):
        return f"/v1/upstreams/{self.upstream_name(peer)}"

    def upstream(self, peer):
        answer = self.api("GET", self.path(peer), token="read")
        assert answer.status == 200, answer
        return answer

    def patch(self, peer, body, query="", **named):
        return self.api("PATCH", self.path(peer) + query, body, **named)

    def best_through(self, peer):
        address = self.peer(peer).address
        return sum(1 for neighbor in self.frr.best_paths().values() if neighbor == address)

    def put(self, path, body, query="", **named):
        named.setdefault("token", "configure")
        return self.api("PUT", path + query, body, **named)

    def delete(self, path, query="", **named):
        named.setdefault("token", "configure")
        return self.api("DELETE", path + query, **named)

    def state(self):
        """What 'nothing ran' means: running, saved, audited."""
        return (self.frr.running_config(), self.frr.saved_config(), self.daemon.last_seq())

    def undo_by_hand(self, plan):
        """What a plan says about its undo, as an operator would type it."""
        for step in reversed(plan["steps"]):
            if step["subsystem"] == "frr" and step["undo"]:
                self.frr.configure(*step["undo"])
            elif step["subsystem"] == "bgp" and step["undo"]:
                self.frr.vtysh(*step["undo"])

    def saved_agrees(self):
        """The saved file, loaded into FRR, would be what runs."""
        return config_lines(self.frr.saved_config()) == \
            config_lines(self.frr.running_config())


def config_lines(text):
    """Lines that mean something, for comparing a saved with a running one."""
    noise = ("!", "Building", "Current", "frr version", "frr defaults", "end",
             "service integrated", "hostname", "log ", "no ip forwarding")
    return sorted(line.rstrip() for line in text.splitlines()
                  if line.strip() and not line.startswith(noise))


def differ(before, after):
    """The lines that two texts do not share, for messages."""
    one, two = set(before.splitlines()), set(after.splitlines())
    return [f"-{line}" for line in sorted(one - two)] + \
        [f"+{line}" for line in sorted(two - one)]


class Suite:
    """The tests of one file."""

    def __init__(self, title, seconds=90, **lab):
        self.title = title
        self.seconds = seconds
        self.lab = lab
        self.tests = []
        self.prepared = []
        self.counts = {"ok": 0, "FAIL": 0, "skip": 0}

    def test(self, function):
        self.tests.append(function)
        return function

    def prepare(self, function):
        """What must be there before the lab is started."""
        self.prepared.append(function)
        return function

    def say(self, word, test, reason=""):
        self.counts[word] += 1
        reason = " ".join(str(reason).split())[:3000]
        print(f"{word} {self.title}/{test} {reason}".rstrip(), flush=True)

    def main(self, after=None):
        """Does not return. after: called at the very end."""
        sandbox.enter()
        chosen = [test for test in self.tests
                  if not sys.argv[1:] or test.__name__ in sys.argv[1:]]
        try:
            for function in self.prepared:
                function()
            self.with_lab(chosen)
        except Skip as reason:
            self.say("skip", "all", reason)
        except Exception as error:  # pylint: disable=broad-except
            traceback.print_exc()
            self.say("FAIL", "lab", f"{type(error).__name__}: {error}")
        finally:
            if after is not None:
                after()
        sys.exit(1 if self.counts["FAIL"] else 0)

    def with_lab(self, chosen):
        with Lab(**self.lab) as lab:
            signal.signal(signal.SIGALRM, too_long)
            for test in chosen:
                self.run_one(test, lab)
            self.save_coverage(lab)

    def run_one(self, test, lab):
        name = test.__name__
        signal.alarm(self.seconds)
        try:
            test(lab)
            self.say("ok", name)
        except Skip as reason:
            self.say("skip", name, reason)
        except Exception as error:  # pylint: disable=broad-except
            signal.alarm(0)
            self.explain(lab)
            self.say("FAIL", name, f"{type(error).__name__}: {error}")
        finally:
            signal.alarm(0)

    @staticmethod
    def explain(lab):
        traceback.print_exc()
        if lab.daemon.log is not None:
            print("--- the end of multihomed's log", lab.daemon.log_tail(), "---",
                  sep="\n", file=sys.stderr, flush=True)

    @staticmethod
    def save_coverage(lab):
        """For run.py: which declared answers were really seen."""
        path = os.environ.get("MH_E2E_SEEN")
        if path:
            line = json.dumps(lab.daemon.contract.seen) + "\n"
            with open(path, "ab", buffering=0) as file:
                file.write(line.encode())  # at once: others write too


def too_long(*_):
    raise AssertionError("the test took too long")
