"""How ifconfig prints an interface."""

import inet
import machine

ND6 = ((0x1, "PERFORMNUD"), (0x8, "IFDISABLED"), (0x20, "AUTO_LINKLOCAL"),
       (0x100, "NO_DAD"))
DAD = 1.5  # seconds until an address stops being tentative


def show(state, link, af=None, formats=()):
    """The lines of `ifconfig X [af]`."""
    value = machine.flags(state, link)
    lines = ["%s: flags=%x<%s> metric 0 mtu %d" % (
        link["name"], value, machine.flag_names(value), link["mtu"])]
    if link["descr"]:
        lines.append("\tdescription: " + link["descr"])
    if link["kind"] == "lo":
        lines.append("\toptions=680003<RXCSUM,TXCSUM,LINKSTATE,RXCSUM_IPV6,"
                     "TXCSUM_IPV6>")
    elif link["kind"] in ("gre", "gif"):
        lines.append("\toptions=80000<LINKSTATE>")
    elif link["kind"] == "nic":
        lines.append("\toptions=8<VLAN_MTU>")
        if af in (None, "link", "ether"):
            lines.append("\tether 52:54:00:00:00:%02x" % link["index"])
    if link["tunnel"]:
        six = ":" in link["tunnel"][0]
        lines.append("\ttunnel %s %s --> %s" % (
            "inet6" if six else "inet", link["tunnel"][0], link["tunnel"][1]))
    lines += addresses(state, link, af, formats)
    if af is None:
        if link["kind"] != "nic":
            lines.append("\tgroups: " + link["kind"])
        if link["grekey"]:
            lines.append("\tgrekey: 0x%x (%d)" % (
                link["grekey"], link["grekey"]))
        if link["kind"] == "nic":
            lines.append("\tmedia: Ethernet 10Gbase-T <full-duplex>")
            lines.append("\tstatus: active")
    if af in (None, "inet6") and link["kind"] != "pflog":
        lines.append("\tnd6 options=%x<%s>" % (link["nd6"], ",".join(
            name for bit, name in ND6 if link["nd6"] & bit)))
    return lines


def addresses(state, link, af, formats):
    """Grouped by family, families in the order in which they came."""
    order = []
    for a in link["addrs"]:
        if a["af"] not in order:
            order.append(a["af"])
    lines = []
    for family in order:
        if af not in (None, "inet" if family == 4 else "inet6"):
            continue
        for a in link["addrs"]:
            if a["af"] == family:
                lines.append((inet6 if family == 6 else inet4)(
                    state, link, a, formats))
    return lines


def inet4(_state, link, a, formats):
    """One line."""
    text = "\tinet " + a["addr"]
    if a["peer"]:
        text += " --> " + a["peer"]
    if "inet:cidr" in formats:
        text = text + "/%d" % a["plen"]
    else:
        text += " netmask 0x%08x" % inet.mask(a["plen"], 4)
    if link["kind"] == "nic":
        text += " broadcast " + inet.text(
            inet.number(a["addr"], 4) | ~inet.mask(a["plen"], 4) & 0xffffffff,
            4)
    return text


def scoped(addr):
    """Whether ifconfig shows a scope with it."""
    return addr.lower().startswith("fe80:") or addr.lower().startswith("ff02:")


def tentative(state, link, a):
    """Whether duplicate address detection is still at work."""
    if link["kind"] == "lo" or link["nd6"] & 0x108:
        return False
    value = machine.flags(state, link)
    if a["since"] is not None and value & 0x41 == 0x41 and \
            machine.now(state) - a["since"] > DAD:
        a["since"] = None
    return a["since"] is not None


def inet6(state, link, a, formats):
    """One line."""
    text = "\tinet6 " + a["addr"]
    if scoped(a["addr"]):
        text += "%" + link["name"]
    if a["peer"]:
        text += " --> " + a["peer"]
    if "inet6:cidr" in formats:
        text += "/%d" % a["plen"]
    else:
        text += " prefixlen %d" % a["plen"]
    if tentative(state, link, a):
        text += " tentative"
    if a.get("deprecated"):
        text += " deprecated"
    if scoped(a["addr"]):
        text += " scopeid 0x%x" % link["index"]
    return text
