"""pfctl -t NAME -T COMMAND (21)."""

import os

import frame
import inet
import pfset
from frame import Exit


def entry_of(run, word):
    """[address, length, negated]; words and exit 255 for what is none."""
    negated = word.startswith("!")
    base, _, width = word.lstrip("!").partition("/")
    found = inet.parse(base)
    if not found:
        run.err("no IP address found for " + base)
        raise Exit(255)
    af = found[0]
    if width and not (width.isdigit() and int(width) <= inet.bits(af)):
        run.err("invalid netmask '/%s'" % width if af == 6 else
                "pfctl: cannot decode %s: Invalid argument" % word)
        raise Exit(255)
    plen = int(width) if width else inet.bits(af)
    return [inet.network(found[1], plen, af), plen, negated]


def order(entry):
    """How the kernel tells them: IPv4 first."""
    af = 6 if ":" in entry[0] else 4
    return af, inet.number(entry[0], af), entry[1]


def text(entry):
    """An address as -T show prints it, without its margin."""
    full = inet.bits(6 if ":" in entry[0] else 4)
    return entry[0] if entry[1] == full else "%s/%d" % (entry[0], entry[1])


def line(mark, entry):
    """An address in a list of changes."""
    return "%s  %s" % (mark, text(entry))


def matches(table, entry):
    """The most specific entry that covers it decides."""
    af = 6 if ":" in entry[0] else 4
    best = None
    for other in table:
        if (":" in other[0]) == (af == 6) and other[1] <= entry[1] and \
                inet.covers(other[0], other[1], entry[0], af) and \
                (best is None or other[1] > best[1]):
            best = other
    return best is not None and not best[2]


class Tables:
    """One -T command."""

    def __init__(self, run, pf, opts):
        self.run = run
        self.pf = pf
        self.anchor = opts.anchor
        self.name = opts.table
        self.quiet = opts.quiet
        self.verbose = opts.verbose
        self.file = opts.file

    def say(self, words):
        """Unless -q."""
        if not self.quiet:
            self.run.out(words)

    def given(self, words):
        """The addresses of the command line and of -f."""
        words = list(words)
        if self.file:
            if self.file == "-":
                body = self.run.stdin()
            else:
                try:
                    with open(self.file, encoding="utf-8") as file:
                        body = file.read()
                except OSError as why:
                    self.run.err("pfctl: cannot load %s: %s" % (
                        self.file, os.strerror(why.errno)))
                    raise Exit(255) from why
            for each in body.splitlines():
                words += each.split("#")[0].split()
        found = []
        for word in words:
            entry = entry_of(self.run, word)
            if entry not in found:
                found.append(entry)
        return found

    def table(self, create=False):
        """The table's addresses."""
        tables = pfset.tables(self.pf, self.anchor, create)
        if tables is None or self.name not in tables:
            if not create:
                self.run.err("pfctl: Table does not exist.")
                raise Exit(255)
            tables[self.name] = {"persist": True, "addrs": []}
            self.say("1 table created.")
        return tables[self.name]["addrs"]

    def command(self, name, words):
        """The exit status."""
        known = {"show": self.show, "add": self.add, "delete": self.delete,
                 "replace": self.replace, "flush": self.flush,
                 "kill": self.kill, "test": self.test, "zero": self.zero}
        if name == "expire":
            self.table()
            frame.not_implemented(self.run)
        return known[name](words)

    def show(self, _words):
        """-T show."""
        tables = pfset.tables(self.pf, self.anchor) or {}
        if self.name not in tables:
            self.run.err("pfctl: Unknown error: -1.")
            return 255
        if self.verbose:
            frame.not_implemented(self.run, "times of addresses")
        for entry in sorted(tables[self.name]["addrs"], key=order):
            self.run.out("  %s%s" % ("!" if entry[2] else " ", text(entry)))
        return 0

    def add(self, words):
        """-T add: a duplicate is no error."""
        given = self.given(words)
        there = self.table(create=True)
        new = [e for e in given if e not in there]
        there += new
        self.say("%d/%d addresses added." % (len(new), len(given)))
        if self.verbose:
            for entry in new:
                self.run.out(line("A", entry))
        return 0

    def delete(self, words):
        """-T delete."""
        given = self.given(words)
        there = self.table()
        gone = [e for e in given if e in there]
        for entry in gone:
            there.remove(entry)
        self.say("%d/%d addresses deleted." % (len(gone), len(given)))
        return 0

    def replace(self, words):
        """-T replace."""
        given = self.given(words)
        there = self.table(create=True)
        new = [e for e in given if e not in there]
        gone = [e for e in there if e not in given]
        there[:] = [e for e in there if e in given] + new
        if new:
            self.say("%d addresses added." % len(new))
        if gone:
            self.say("%d addresses deleted." % len(gone))
        if not new and not gone:
            self.say("no changes.")
        if self.verbose:
            for mark, entries in (("A", new), ("D", gone)):
                for entry in entries:
                    self.run.out(line(mark, entry))
        return 0

    def flush(self, _words):
        """-T flush."""
        there = self.table()
        self.say("%d addresses deleted." % len(there))
        there[:] = []
        return 0

    def kill(self, _words):
        """-T kill: a missing one is no error."""
        tables = pfset.tables(self.pf, self.anchor) or {}
        gone = tables.pop(self.name, None)
        self.say("%d table deleted." % (gone is not None))
        return 0

    def zero(self, _words):
        """-T zero."""
        self.say("1 table/stats cleared.")
        return 0

    def test(self, words):
        """-T test: exit 2 unless all match."""
        given = self.given(words)
        there = self.table()
        found = [e for e in given if matches(there, e)]
        self.say("%d/%d addresses match." % (len(found), len(given)))
        if self.verbose > 1:
            frame.not_implemented(self.run)
        if self.verbose:
            for entry in found:
                self.run.out(line("M", entry))
        return 0 if len(found) == len(given) else 2
