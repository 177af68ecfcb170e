"""pf.conf: a text becomes rules, tables and options, or pfctl's complaints.

A rule is a dict: action, dir, log, quick, ifnot, if, rt, af, proto, src, dst,
flags, type, state, label, to (translation target), file and line. Rules with
lists are expanded here, in pf's order.
"""

import itertools
import os

import inet
from pflex import Lexer, NotImplemented99, PfError
from pfwords import (BEYOND, Words, address, flags, host, icmp6_type,
                     interface_name, listed, port, protocol)

class Parsed:
    """What a file says."""

    def __init__(self):
        self.errors = []
        self.rules = []
        self.nat = []
        self.tables = {}
        self.loads = []
        self.options = []
        self.shown = []  # (kind, thing) in the file's order, for -v
        self.stage = 0


def parse(text, name, macros=None, parsed=None):
    """Parsed. macros: those of -D; they cannot be changed by the file."""
    fixed = dict(macros or {})
    lexer = Lexer(text, name, dict(fixed))
    parsed = parsed or Parsed()
    for tokens in lexer.statements():
        if isinstance(tokens, PfError):
            parsed.errors += tokens.lines
            continue
        words = Words(tokens, lexer)
        try:
            statement(words, parsed, fixed)
        except PfError as why:
            parsed.errors += why.lines
    return parsed


def statement(words, parsed, fixed):
    """One line of the file."""
    kind, first, _ = words.tokens[0]
    if kind == "word" and words.tokens[1][0] == "=":
        return macro(words, parsed, fixed)
    if first == "table" and kind == "word":
        return table(words, parsed)
    if first == "set":
        stage(words, parsed, 1)
        return option(words, parsed)
    if first in ("nat", "rdr", "no", "nat-anchor", "rdr-anchor"):
        stage(words, parsed, 5)
        return nat(words, parsed)
    if first in ("pass", "block"):
        stage(words, parsed, 6)
        return rule(words, parsed)
    if first == "anchor":
        stage(words, parsed, 6)
        return anchor(words, parsed, parsed.rules, "anchor")
    if first == "load":
        return load(words, parsed)
    if first == "include":
        return include(words, parsed)
    if first in ("scrub", "antispoof"):
        raise NotImplemented99(first)
    if first not in BEYOND:
        raise words.syntax()
    raise NotImplemented99(first)


def stage(words, parsed, number):
    """pf's order of statements."""
    if number < parsed.stage:
        raise PfError(words.where(
            "Rules must be in order: options, ethernet, normalization, "
            "queueing, translation, filtering"))
    parsed.stage = number


def macro(words, parsed, fixed):
    """name = value."""
    name = words.next()[1]
    words.next()
    values = []
    while words.tokens[words.at][0] in ("word", "string", "/"):
        values.append(words.next()[1])
    words.end()
    value = " ".join(values).replace(" / ", "/")
    parsed.shown.append(("macro", '%s = "%s"' % (name,
                                                 fixed.get(name, value))))
    if name not in fixed:
        words.lexer.macros[name] = value


def option(words, parsed):
    """set ..."""
    words.next()
    what = words.need("word")
    if what == "skip":
        if not words.take("on"):
            raise words.syntax()
        names = listed(words, interface_name)
        parsed.options.append(("skip", names))
        parsed.shown.append(("set", "set skip on { %s }" % " ".join(names)))
    elif what == "block-policy":
        value = words.need("word")
        if value != "drop":
            raise NotImplemented99(value)
        parsed.shown.append(("set", "set block-policy drop"))
    elif what == "limit":
        name, value = words.need("word"), words.need("word")
        if not value.isdigit():
            raise words.syntax()
        parsed.options.append(("limit", (name, int(value))))
        parsed.shown.append(("set", "set limit %s %s" % (name, value)))
    else:
        raise NotImplemented99("set " + what)
    words.end()


def load(words, parsed):
    """load anchor "NAME" from "FILE"."""
    words.next()
    if not words.take("anchor"):
        raise words.syntax()
    name = words.need("word", "string")
    if not words.take("from"):
        raise words.syntax()
    parsed.loads.append((name, words.need("word", "string")))
    words.end()


def include(words, parsed):
    """include "FILE"."""
    words.next()
    path = words.need("string")
    words.end()
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError as why:
        raise PfError("pfctl: %s: %s" % (path, os.strerror(why.errno)),
                      words.where("failed to include file " + path)) from why
    inner = Lexer(text, path, words.lexer.macros)
    for tokens in inner.statements():
        if isinstance(tokens, PfError):
            raise tokens
        statement(Words(tokens, inner), parsed, {})


def table(words, parsed):
    """table <name> [persist] [{ ... }] [file "..."]."""
    words.next()
    words.need("<")
    name = words.need("word")
    words.need(">")
    if len(name) > 31:
        raise PfError(words.where("table name too long, max 31 chars"))
    entry = {"persist": False, "addrs": None}
    text = "table <%s>" % name
    while words.peek() not in ("nl", "end"):
        if words.take("persist"):
            entry["persist"] = True
            text += " persist"
        elif words.take("file"):
            path = words.need("string")
            entry["addrs"] = (entry["addrs"] or []) + from_file(words, path)
            text += ' file "%s"' % path
        elif words.peek() == "{":
            hosts = listed(words, host)
            entry["addrs"] = (entry["addrs"] or []) + [
                [h["addr"], h["plen"], h["not"]] for h in hosts]
            text += " { %s }" % " ".join(
                ("! " if h["not"] else "") + address(h) for h in hosts)
        elif words.peek() in ("const", "counters"):
            raise NotImplemented99(words.peek())
        else:
            raise words.syntax()
    words.end()
    parsed.tables[name] = entry
    parsed.shown.append(("table", text))


def from_file(words, path):
    """The addresses of a table's file."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError as why:
        raise PfError(words.where('cannot load "%s": %s' % (
            path, os.strerror(why.errno)))) from why
    found = []
    for line in text.splitlines():
        for word in line.split("#")[0].split():
            base, _, width = word.lstrip("!").partition("/")
            parsed = inet.parse(base)
            if not parsed:
                raise NotImplemented99(word)
            plen = int(width) if width else inet.bits(parsed[0])
            found.append([inet.network(parsed[1], plen, parsed[0]), plen,
                          word[0] == "!"])
    return found


def ends(words):
    """(sources, source ports, destinations, destination ports)."""
    everything = [{"not": False, "af": 0, "any": True, "table": None,
                   "addr": None, "plen": None}]
    if words.take("all"):
        return everything, [None], everything, [None]
    found = []
    for word in ("from", "to"):
        hosts, ports = everything, [None]
        if words.take(word):
            if words.peek() != "port":
                hosts = listed(words, host)
            if words.take("port"):
                ports = listed(words, port)
        found += [hosts, ports]
    return found


def scope(words):
    """[in|out] [log] [quick] [on X] [route-to ...] [inet|inet6] [proto P]."""
    head = {"dir": words.take("in", "out"), "log": False, "quick": False,
            "ifnot": False, "if": [None], "rt": None, "af": 0,
            "proto": [None]}
    while True:
        if words.take("log"):
            head["log"] = True
            if words.peek() == "(":
                raise NotImplemented99("log options")
        elif words.take("quick"):
            head["quick"] = True
        else:
            break
    if words.take("on"):
        head["ifnot"] = bool(words.take("!"))
        head["if"] = listed(words, interface_name)
    way = words.take("route-to", "reply-to")
    if way:
        words.need("(")
        name = interface_name(words)
        head["rt"] = "%s (%s %s)" % (way, name, address(host(words)))
        words.need(")")
    af = words.take("inet", "inet6")
    if af:
        head["af"] = 4 if af == "inet" else 6
    if words.take("proto"):
        head["proto"] = listed(words, protocol)
    return head


def rule(words, parsed):
    """pass and block."""
    action = words.next()[1]
    if action == "block":
        words.take("drop")
    head = scope(words)
    head["action"] = action
    src, sports, dst, dports = ends(words)
    tail = options(words)
    words.end()
    types = tail.pop("type")
    expand(words, parsed, parsed.rules, head, tail,
           (head["if"], head["proto"], types, src, sports, dst, dports))


def options(words):
    """What follows the addresses of a filter rule."""
    tail = {"flags": None, "type": [None], "state": None, "label": None}
    while words.peek() not in ("nl", "end"):
        if words.take("flags"):
            tail["flags"] = flags(words)
        elif words.peek() in ("keep", "no"):
            how = words.next()[1]
            if not words.take("state"):
                raise words.syntax()
            if tail["state"]:
                raise PfError(words.where(
                    "modulate or keep cannot be redefined"))
            tail["state"] = how
            if words.peek() == "(":
                raise NotImplemented99("state options")
        elif words.take("label"):
            tail["label"] = words.need("string", "word")
            if len(tail["label"]) > 63:
                raise PfError(words.where(
                    "rule label too long (max 63 chars)"))
        elif words.take("icmp6-type"):
            tail["type"] = listed(words, icmp6_type)
        elif words.peek() in BEYOND | {"icmp-type"}:
            raise NotImplemented99(words.peek())
        else:
            raise words.syntax()
    return tail


def expand(words, parsed, into, head, tail, lists):
    """One rule for each combination that is possible, in pf's order."""
    before = len(into)
    wrong = False
    for name, proto, kind, src, sport, dst, dport in itertools.product(
            *lists):
        families = {f for f in (head["af"], src["af"], dst["af"]) if f}
        if len(families) > 1:
            continue
        if (sport or dport) and proto not in ("tcp", "udp"):
            parsed.errors += [words.where("port only applies to tcp/udp"),
                              words.where("skipping rule due to errors")]
            wrong = True
            continue
        entry = dict(head, **tail)
        entry.update({"if": name, "proto": proto, "type": kind, "src": src,
                      "sport": sport, "dst": dst, "dport": dport,
                      "af": families.pop() if families else 0})
        into.append(entry)
        parsed.shown.append(("rule", entry))
    if len(into) == before or wrong:
        raise PfError(words.where("rule expands to no valid combination"))


def anchor(words, parsed, into, action):
    """anchor, nat-anchor, rdr-anchor "NAME", alone on their line."""
    words.next()
    name = words.need("string", "word")
    if words.peek() not in ("nl", "end", "all"):
        if words.peek() == "{":
            raise words.syntax()
        raise NotImplemented99("anchor with a filter")
    words.take("all")
    words.end()
    entry = {"action": action, "name": name}
    into.append(entry)
    parsed.shown.append(("rule", entry))


def nat(words, parsed):
    """nat, no nat, nat-anchor, rdr-anchor."""
    first = words.peek()
    if first in ("nat-anchor", "rdr-anchor"):
        return anchor(words, parsed, parsed.nat, first)
    refuse = bool(words.take("no"))
    if not words.take("nat"):
        if words.peek() in ("rdr", "binat"):
            raise NotImplemented99(words.peek())
        raise words.syntax()
    if words.peek() in ("pass", "log"):
        raise NotImplemented99("nat " + words.peek())
    head = scope(words)
    if head["dir"] or head["quick"] or head["log"] or head["rt"]:
        raise words.syntax()
    head["action"] = "no nat" if refuse else "nat"
    src, sports, dst, dports = ends(words)
    target = None
    if not refuse:
        target = target_of(words)
    words.end()
    wanted = {f["af"] for f in src + dst} | {head["af"]}
    if target and target["af"] and target["af"] not in wanted and \
            wanted - {0}:
        raise PfError(words.where("no translation address with matching "
                                  "address family found."))
    if target and target["af"]:
        head["af"] = target["af"]
    expand(words, parsed, parsed.nat, head, {"to": target},
           (head["if"], head["proto"], [None], src, sports, dst, dports))


def target_of(words):
    """-> ADDRESS: one."""
    # The lexer gives "->" as two: ">" is a character of its own.
    if not words.take("-") or not words.take(">"):
        raise words.syntax()
    if words.peek() == "{":
        raise NotImplemented99("a pool of addresses")
    found = host(words)
    if found["any"] or found["table"] or found["not"]:
        raise NotImplemented99("translation to this")
    if words.peek() in BEYOND | {"port"}:
        raise NotImplemented99(words.peek())
    return found
