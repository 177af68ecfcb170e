"""netstat -rn: the routing table (50, 51, 41, 42); netstat -s -p tcp: only what
it says of signatures (31), from state["signatures"]."""

import json

import frame
import machine
import routes

PRETTY = (("U", "up"), ("G", "gateway"), ("H", "host"), ("R", "reject"),
          ("S", "static"), ("B", "blackhole"), ("1", "proto1"))


def changes(_argv):
    """Never."""
    return False


SIGNATURES = (
    ("matching", "packet%s with matching signature received"),
    ("bad", "packet%s with bad signature received"),
    ("no_sa", "time%s failed to make signature due to no SA"),
    ("unexpected", "time%s unexpected signature received"),
    ("missing", "time%s no signature provided by segment"))


def signatures(run):
    """netstat -s -p tcp."""
    with machine.Machine(run.dir) as host:
        seen = host.state.get("signatures", {})
    run.out("tcp:")
    for name, words in SIGNATURES:
        number = seen.get(name, 0)
        run.out("\t%d %s" % (number, words % ("" if number == 1 else "s")))
    return 0


def row_of(row):
    """(destination, gateway, flags, interface) as printed."""
    dst = row["dst"]
    if row["scope"]:
        dst += "%" + row["via"]["name"]
    if row["plen"] == 0:
        dst = "default"
    elif not row["host"]:
        dst += "/%d" % row["plen"]
    flags = "U" + "G" * bool(row["gw"]) + "H" * row["host"] + \
        "R" * (row["kind"] == "reject") + "S" * row["static"] + \
        "B" * (row["kind"] == "blackhole") + "1" * bool(row.get("proto1"))
    gateway = row["gw"] or "link#%d" % row["via"]["index"]
    return dst, gateway, flags, row["if"]


def work(run):
    """netstat [--libxo json] -rn [-4|-6|-f FAMILY]."""
    if run.argv == ["-s", "-p", "tcp"]:
        return signatures(run)
    argv, families, libxo = list(run.argv), None, False
    seen = set()
    while argv:
        word = argv.pop(0)
        if word == "--libxo" and argv[:1] == ["json"]:
            libxo = True
            argv.pop(0)
        elif word in ("-4", "-6"):
            families = [int(word[1])]
        elif word == "-f":
            word = argv.pop(0) if argv else ""
            if word not in ("inet", "inet6"):
                run.err("netstat: %s: unknown address family" % word)
                return 1
            families = [6 if word == "inet6" else 4]
        elif word in ("-rn", "-nr", "-r", "-n"):
            seen.update(word[1:])
        else:
            frame.not_implemented(run)
    if seen != {"r", "n"}:
        frame.not_implemented(run)
    with machine.Machine(run.dir) as host:
        found = {af: [row_of(r) for r in routes.table(host.state, af)]
                 for af in families or (4, 6)}
    if libxo:
        as_json(run, found)
    else:
        as_text(run, found)
    return 0


def as_text(run, found):
    """The table for people."""
    run.out("Routing tables")
    for af, rows in found.items():
        wide = (33, 29) if af == 6 else (18, 18)
        run.out("\nInternet%s:" % ("6" if af == 6 else ""))
        form = "%%-%ds %%-%ds %%-6s%%9s" % wide
        run.out((form + " Expire") % ("Destination", "Gateway", "Flags",
                                      "Netif"))
        for row in rows:
            run.out(form % row)


def as_json(run, found):
    """The table for programs; as libxo writes it, brace for brace."""
    parts = []
    for af, rows in found.items():
        entries = []
        for dst, gateway, flags, name in rows:
            entries.append(
                '{"destination":%s,"gateway":%s,"flags":%s, '
                '"flags_pretty": [%s],"weight":1,"interface-name":%s}' % (
                    json.dumps(dst), json.dumps(gateway), json.dumps(flags),
                    ",".join('"%s"' % word for letter, word in PRETTY
                             if letter in flags), json.dumps(name)))
        parts.append('{"address-family":"Internet%s", "rt-entry": [%s]}' % (
            "6" if af == 6 else "", ", ".join(entries)))
    run.out('{"statistics": {"route-information": {"route-table": '
            '{"rt-family": [%s]}}}}' % ", ".join(parts))
