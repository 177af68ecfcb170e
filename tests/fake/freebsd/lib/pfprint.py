"""Rules as pfctl prints them."""

from pfwords import PORTS, address

NAMES = {number: name for name, number in PORTS.items()}


def rule(r, numeric=False, count=None, checked=False):
    """One line. count: table -> how many addresses (-vv); checked: as -nv
    prints anchors, without their name."""
    if r["action"] in ("anchor", "nat-anchor", "rdr-anchor"):
        name = r["name"]
        if checked and name.endswith("/*"):
            name = "/*"
        return '%s "%s" all' % (r["action"], name)
    text = r["action"]
    if text == "block":
        text += " drop"
    if r["dir"]:
        text += " " + r["dir"]
    text += " log" * r["log"] + " quick" * r["quick"]
    if r["if"]:
        text += " on %s%s" % ("! " * r["ifnot"], r["if"])
    if r["rt"]:
        text += " " + r["rt"]
    if r["af"]:
        text += " inet6" if r["af"] == 6 else " inet"
    if r["proto"]:
        text += " proto " + r["proto"]
    text += ends(r, numeric, count)
    if r["action"] in ("nat", "no nat"):
        return text + (" -> " + address(r["to"]) if r["to"] else "")
    return text + tail(r)


def ends(r, numeric, count):
    """from ... to ..., or all."""
    if r["src"]["any"] and r["dst"]["any"] and not r["sport"] and \
            not r["dport"] and not r["src"]["not"] and not r["dst"]["not"]:
        return " all"
    text = ""
    for word, host, port in (("from", r["src"], r["sport"]),
                             ("to", r["dst"], r["dport"])):
        text += " %s %s%s" % (word, "! " if host["not"] else "",
                              address(host, count))
        if port:
            name = NAMES.get(port[1], port[1])
            text += " port %s %s" % (port[0], port[1] if numeric else name)
    return text


def tail(r):
    """Flags, types, state, label."""
    text = ""
    keeps = r["action"] == "pass" and r["state"] != "no"
    flags = r["flags"]
    if flags is None and keeps and r["proto"] in (None, "tcp"):
        flags = "S/SA"
    if flags:
        text += " flags " + flags
    if r["type"]:
        text += " icmp6-type " + r["type"]
    if r["action"] == "pass":
        text += " keep state" if keeps else " no state"
    if r["label"]:
        text += ' label "%s"' % r["label"]
    return text
