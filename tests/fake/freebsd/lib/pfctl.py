"""pfctl: rules, anchors, tables, status (20, 21, 22, 23, 25).

There are no packets here, so no states: what shows or kills them is not
claimed, apart from flushing them.
"""

import os

import frame
import machine
import pfparse
import pfprint
import pfset
import pfshow
import pftable
from frame import Exit
from pflex import NotImplemented99

USAGE = """usage: pfctl [-AdeghMmNnOPqRrvz] [-a anchor] [-D macro=value] \
[-F modifier]
	[-f file] [-i interface] [-K host | network]
	[-k host | network | gateway | label | id] [-o level] [-p device]
	[-s modifier] [-t table -T command [address ...]] [-x level]
"""
SHOWS = ("nat", "rules", "labels", "Anchors", "info", "Running", "Tables",
         "memory", "timeouts", "states", "Interfaces", "all", "queue",
         "Sources", "osfp", "ether")
SHORT = {"n": "nat", "r": "rules", "l": "labels", "A": "Anchors",
         "T": "Tables", "m": "memory", "t": "timeouts", "s": "states",
         "I": "Interfaces", "a": "all"}
FLUSHES = ("nat", "rules", "states", "info", "Sources", "Tables", "all",
           "osfp", "queue", "ether")
COMMANDS = ("show", "add", "delete", "replace", "flush", "kill", "test",
            "zero", "expire", "load")
class Options:
    """pfctl's command line."""

    def __init__(self, argv):
        self.anchor = ""
        self.file = self.show = self.clear = self.table = self.tool = None
        self.enable = self.disable = self.dry = self.quiet = False
        self.rules = self.nat = True
        self.numeric = False
        self.verbose = 0
        self.macros = {}
        self.rest = []
        self.error = None
        self.beyond = False
        self.only = set()
        self.read(list(argv))
        if self.only:
            self.rules, self.nat = "R" in self.only, "N" in self.only

    def read(self, argv):
        """getopt."""
        while argv:
            word = argv.pop(0)
            if word[:1] != "-" or len(word) < 2:
                self.rest = [word] + argv
                return
            body = word[1:]
            while body:
                letter, body = body[0], body[1:]
                if letter in "aDFfstTikKopx":
                    if not body and not argv:
                        self.error = "option requires an argument -- " + \
                            letter
                        return
                    self.argument(letter, body or argv.pop(0))
                    body = ""
                else:
                    self.flag(letter)

    def flag(self, letter):
        """A letter alone."""
        if letter == "v":
            self.verbose += 1
        elif letter in "RN":
            self.only.add(letter)
        elif letter in "ednqP":
            setattr(self, {"e": "enable", "d": "disable", "n": "dry",
                           "q": "quiet", "P": "numeric"}[letter], True)
        else:
            self.beyond = True

    def argument(self, letter, value):
        """A letter with its value."""
        if letter == "a":
            self.anchor = value
        elif letter == "D":
            name, _, text = value.partition("=")
            self.macros[name] = text
        elif letter in "FfstT":
            setattr(self, {"F": "clear", "f": "file", "s": "show",
                           "t": "table", "T": "tool"}[letter], value)
        else:
            self.beyond = True


def changes(argv):
    """Whether a run with these arguments changes something."""
    o = Options(argv)
    if o.tool:
        return o.tool not in ("show", "test")
    return not o.dry and bool(o.file or o.clear or o.enable or o.disable or
                              o.beyond)


class Pfctl(pfshow.Shows):
    """One run."""

    def __init__(self, run, host):
        self.run = run
        self.state = host.state
        self.pf = host.state["pf"]
        self.o = Options(run.argv)

    def usage(self, words):
        """A wrong command line."""
        if words:
            self.run.err("pfctl: " + words)
        self.run.raw(2, USAGE)
        raise Exit(1)

    def guarded(self, call):
        """What securelevel 3 forbids."""
        if int(self.state["sysctl"]["kern.securelevel"]) > 2:
            self.run.err("pfctl: %s: Operation not permitted" % call)
            raise Exit(1)

    def main(self):
        """In pfctl's order: -d, -s, -F, -T, -f, -e."""
        o = self.o
        if o.error:
            self.usage(o.error)
        if not self.run.argv:
            self.usage(None)
        self.check()
        if not o.dry and not machine.module(self.state, "pf"):
            self.run.err("pfctl: /dev/pf: No such file or directory")
            return 1
        if o.verbose and not o.dry:
            self.run.err("No ALTQ support in kernel\n"
                         "ALTQ related functions disabled")
        if o.disable:
            self.disable()
        status = self.shown() if o.show else 0
        if o.clear:
            self.cleared()
        if o.tool:
            return pftable.Tables(self.run, self.pf, o).command(
                o.tool, o.rest)
        if o.file is not None:
            self.load()
        if o.enable:
            self.enable()
        return status

    def check(self):
        """Words that are none."""
        o = self.o
        if o.show is not None:
            o.show = SHORT.get(o.show, o.show)
            full = [s for s in SHOWS if s.startswith(o.show)]
            if not o.show or not full:
                self.usage("Unknown show modifier '%s'" % o.show)
            o.show = o.show if o.show in SHOWS else full[0]
        if o.clear is not None and o.clear not in FLUSHES:
            self.usage("Unknown flush modifier '%s'" % o.clear)
        if o.tool is not None and o.tool not in COMMANDS:
            self.usage("Unknown table command '%s'" % o.tool)
        if o.table is not None and len(o.table) > 31:
            self.usage(None)
        if o.beyond or o.rest and not o.tool or o.tool == "load" or \
                o.anchor == "*" or o.clear in ("osfp", "queue", "ether") or \
                bool(o.tool) != (o.table is not None):
            frame.not_implemented(self.run)

    # On and off

    def enable(self):
        """-e."""
        self.guarded("DIOCSTART")
        if self.pf["enabled"]:
            self.run.err("pfctl: pf already enabled")
            raise Exit(1)
        self.pf.update(enabled=True, since=machine.now(self.state))
        if not self.o.quiet:
            self.run.err("pf enabled")

    def disable(self):
        """-d."""
        self.guarded("DIOCSTOP")
        if not self.pf["enabled"]:
            self.run.err("pfctl: pf not enabled")
            raise Exit(1)
        self.pf.update(enabled=False, since=machine.now(self.state))
        if not self.o.quiet:
            self.run.err("pf disabled")

    # Showing

    def anchor(self):
        """The anchor of -a; None where it does not exist."""
        name = self.o.anchor
        if name.endswith("/*"):
            name = name[:-2]
        return self.pf["anchors"].get(name)

    def shown(self):
        """-s; the exit status."""
        call = {"rules": self.show_rules, "nat": self.show_rules,
                "labels": self.show_labels, "Anchors": self.show_anchors,
                "info": self.show_info, "Running": self.show_running,
                "Tables": self.show_tables, "memory": self.show_memory,
                "timeouts": self.show_timeouts, "all": self.show_all}.get(
                    self.o.show)
        if call is None:
            frame.not_implemented(self.run)
        return call() or 0

    # Flushing

    def cleared(self):
        """-F."""
        what = self.o.clear
        if what == "all":
            self.guarded("pfctl_clear_eth_rules")
            self.tell("Ethernet rules cleared")
        if what in ("rules", "all"):
            self.guarded("pfctl_clear_rules")
            self.empty("rules")
            self.tell("rules cleared")
        if what in ("nat", "all"):
            self.guarded("pfctl_clear_nat")
            self.empty("nat")
            self.tell("nat cleared")
        if what in ("Tables", "all"):
            self.clear_tables()
        if self.o.anchor:
            if what in ("states", "info", "Sources"):
                frame.not_implemented(self.run)
            return
        if what in ("states", "all"):
            self.guarded("DIOCCLRSTATES")
            self.tell("0 states cleared")
        if what in ("Sources", "all"):
            self.tell("source tracking entries cleared")
        if what in ("info", "all"):
            self.tell("pf: statistics cleared")
        if what == "all":
            self.tell("pf: interface flags reset")

    def tell(self, words):
        """On standard error, unless -q."""
        if not self.o.quiet:
            self.run.err(words)

    def empty(self, kind):
        """An anchor's rules or nat go, and it with them when it is empty."""
        anchor = self.pf["anchors"].get(self.o.anchor)
        if anchor is not None:
            anchor[kind] = []
            pfset.prune(self.pf)

    def clear_tables(self):
        """-F Tables."""
        anchor = self.pf["anchors"].get(self.o.anchor)
        if anchor is None:
            self.run.err("pfctl: Anchor or Ruleset does not exist.")
            return
        self.tell("%d tables deleted." % len(anchor["tables"]))
        anchor["tables"] = {}

    # Loading

    def load(self):
        """-f: all or nothing, with everything that is loaded after it."""
        o = self.o
        if not o.dry and not o.anchor:
            self.guarded("DIOCOSFPFLUSH")
        if any(len(part) > 63 for part in o.anchor.split("/")):
            self.run.err("pfctl: pfctl_rules: strlcpy")
            raise Exit(1)
        try:
            parsed = self.read(o.file, o.macros)
            if o.verbose:
                self.show_parsed(parsed)
            loads = []
            for name, path in parsed.loads:
                try:
                    loads.append((name, self.read(path, {})))
                except Exit:
                    self.run.err("pfctl: load anchors")
                    raise
        except NotImplemented99 as what:
            frame.not_implemented(self.run, str(what))
        if o.dry:
            return
        if int(self.state["sysctl"]["kern.securelevel"]) > 2:
            self.run.err("pfctl: pfctl_rules")
            self.guarded("DIOCXROLLBACK")
        pfset.load(self.pf, o.anchor, parsed, o.rules, o.nat)
        for name, each in loads:
            pfset.load(self.pf, name, each)

    def read(self, path, macros):
        """The file, parsed; or its complaints and exit 1."""
        name = path
        if path == "-":
            name, text = "stdin", self.run.stdin()
        elif os.path.isdir(path):
            text = ""
        else:
            try:
                with open(path, encoding="utf-8",
                          errors="surrogateescape") as file:
                    text = file.read()
            except OSError as why:
                self.run.err("pfctl: %s: %s\npfctl: cannot open the main "
                             "config file!: %s" % (
                                 path, os.strerror(why.errno),
                                 os.strerror(why.errno)))
                self.not_loaded()
        parsed = pfparse.parse(text, name, macros)
        if parsed.errors:
            for line in parsed.errors:
                self.run.err(line)
            self.not_loaded()
        return parsed

    def not_loaded(self):
        """The last word on a wrong file."""
        if not self.o.dry:
            self.run.err("pfctl: Syntax error in config file: pf rules not "
                         "loaded")
        raise Exit(1)

    def show_parsed(self, parsed):
        """What -v prints while loading."""
        for kind, thing in parsed.shown:
            self.run.out(pfprint.rule(thing, self.o.numeric, checked=True)
                         if kind == "rule" else thing)


def work(run):
    """The whole run; of a check nothing is kept."""
    with machine.Machine(run.dir) as host:
        return Pfctl(run, host).main()
