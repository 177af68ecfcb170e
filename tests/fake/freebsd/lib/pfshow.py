"""What pfctl -s shows."""

import time

import frame
import machine
import pfprint
import pfset

NAMES = ("current entries", "searches", "inserts", "removals")
COUNTERS = ("match", "bad-offset", "fragment", "short", "normalize",
            "memory", "bad-timestamp", "congestion", "ip-option",
            "proto-cksum", "state-mismatch", "state-insert", "state-limit",
            "src-limit", "synproxy", "map-failed")
LIMITS = (("states", "states        hard limit", 100000),
          ("src-nodes", "src-nodes     hard limit", 10000),
          ("frags", "frags         hard limit", 5000),
          ("table-entries", "table-entries hard limit", 200000))
TIMEOUTS = """tcp.first                   120s
tcp.opening                  30s
tcp.established           86400s
tcp.closing                 900s
tcp.finwait                  45s
tcp.closed                   90s
tcp.tsdiff                   30s
udp.first                    60s
udp.single                   30s
udp.multiple                 60s
icmp.first                   20s
icmp.error                   10s
other.first                  60s
other.single                 30s
other.multiple               60s
frag                         30s
interval                     10s
adaptive.start            60000 states
adaptive.end             120000 states
src.track                     0s"""


class Shows:
    """The part of a pfctl run (pfctl.Pfctl) that shows: it has run, state,
    pf, o and anchor()."""

    def count(self):
        """How many addresses a table has."""
        tables = self.pf["anchors"][""]["tables"]
        return lambda name: len(tables.get(name, {"addrs": ()})["addrs"])

    def show_rules(self, kind=None):
        """-s rules and -s nat."""
        anchor = self.anchor()
        if anchor is None:
            self.run.err("pfctl: DIOCGETRULES: Invalid argument")
            return
        rules = anchor["nat" if (kind or self.o.show) == "nat" else "rules"]
        numbers = {}
        for r in rules:
            kind = "rdr" if r["action"].startswith("rdr") else "nat"
            number = numbers[kind] = numbers.get(kind, -1) + 1
            text = pfprint.rule(r, self.o.numeric,
                                self.count() if self.o.verbose > 1 else None)
            self.run.out(("@%d " % number if self.o.verbose > 1 else "") +
                         text)
            if self.o.verbose:
                self.run.out("  [ Evaluations: 0         Packets: 0         "
                             "Bytes: 0           States: 0     ]\n"
                             "  [ Inserted: uid 0 pid 262 "
                             "State Creations: 0     ]")
            if self.o.verbose > 1:
                self.run.out("  [ Last Active Time: N/A ]")

    def show_labels(self):
        """-s labels."""
        for r in (self.anchor() or {"rules": ()})["rules"]:
            if r.get("label"):
                self.run.out(r["label"] + " 0" * 8)

    def show_anchors(self):
        """-s Anchors: the children, with -v all below."""
        top = self.o.anchor
        names = self.pf["anchors"]
        if top not in names:
            self.run.err("pfctl: DIOCGETRULESETS: No such file or directory")
            return 1
        if top:
            self.run.err("Anchor '%s' not found." % top)
        start = top + "/" if top else ""
        for name in sorted(names, key=lambda n: [
                p.encode("utf-8", "surrogateescape") for p in n.split("/")]):
            if name and name != top and name.startswith(start) and (
                    self.o.verbose or "/" not in name[len(start):]):
                self.run.out("  " + name)
        return 0

    def show_tables(self):
        """-s Tables."""
        anchor = self.anchor()
        if anchor is None:
            self.run.err("pfctl: Invalid argument.")
            return
        used = pfset.used_tables(anchor)
        for name in sorted(anchor["tables"]):
            if self.o.verbose:
                self.run.out("-%sa-%s--\t%s" % (
                    "p" if anchor["tables"][name]["persist"] else "-",
                    "r" if name in used else "-", name))
            else:
                self.run.out(name)

    def show_running(self):
        """-s Running: the exit status tells too."""
        self.run.out("Enabled" if self.pf["enabled"] else "Disabled")
        return 0 if self.pf["enabled"] else 1

    def show_memory(self):
        """-s memory."""
        for name, words, number in LIMITS:
            self.run.out("%s %8d" % (words,
                                     self.pf["limits"].get(name, number)))

    def show_timeouts(self):
        """-s timeouts: nobody has changed them."""
        self.run.out(TIMEOUTS)

    def show_info(self):
        """-s info."""
        since = self.pf["since"]
        text = "Status: Enabled" if self.pf["enabled"] else "Status: Disabled"
        runtime = 1
        if since is not None:
            runtime = int(machine.now(self.state) - since)
            text += " for %d days %s" % (runtime // 86400, time.strftime(
                "%H:%M:%S", time.gmtime(runtime % 86400)))
        if self.o.verbose:
            frame.not_implemented(self.run)
        rate = "%14.1f/s" % 0 if runtime else "%16s" % ""
        self.run.out("%-44s%15s\n" % (text, "Debug: Urgent"))
        self.run.out("%-27s %14s %16s" % ("State Table", "Total", "Rate"))
        for i, name in enumerate(NAMES):
            self.run.out("  %-25s %14d %s" % (name, 0,
                                              rate if i else "%14s" % ""))
        self.run.out("Counters")
        for name in COUNTERS:
            self.run.out("  %-25s %14d %s" % (name, 0, rate))

    def show_all(self):
        """-s all."""
        out = self.run.out
        out("TRANSLATION RULES:")
        self.show_rules("nat")
        out("\nFILTER RULES:")
        self.show_rules("rules")
        out("\nINFO:")
        self.show_info()
        out("\nLABEL COUNTERS:")
        self.show_labels()
        out("\nTIMEOUTS:")
        self.show_timeouts()
        out("\nLIMITS:")
        self.show_memory()
        out("\nTABLES:")
        self.show_tables()
        out("\nOS FINGERPRINTS:\n762 fingerprints loaded")
