"""The kernel's routing table: static routes and what the addresses bring.

A static route: {"af", "dst", "plen", "gw": text or None, "if", "kind":
"" | "reject" | "blackhole", "ifa": id of the source address, "mtu", "proto1"}.
Routes of addresses are computed, never stored; static ones stay when the
address that they went by goes, and go with their interface (50, 51).
"""

import inet


def connected(state):
    """The routes that the addresses of the interfaces bring."""
    found = []
    for link in state["links"]:
        for a in link["addrs"]:
            af = a["af"]
            own = dict(af=af, dst=a["addr"], plen=inet.bits(af), gw=None,
                       kind="", host=True, via=link, ifa=a["id"], mtu=None,
                       pinned=True, static=True)
            own["if"] = "lo0"
            scope = link["index"] if local(a["addr"]) else 0
            own["scope"] = scope
            if af == 4 and link["kind"] == "lo":
                own["static"] = False
            found.append(own)
            if a["peer"]:
                far = dict(own, dst=a["peer"], static=False)
                far["if"] = link["name"]
                found.append(far)
            elif link["kind"] != "lo" and a["plen"] < inet.bits(af) or \
                    local(a["addr"]):
                net = dict(own, dst=inet.network(a["addr"], a["plen"], af),
                           plen=a["plen"], host=False, static=False)
                net["if"] = link["name"]
                if not any(same(net, x) for x in found):
                    found.append(net)
    return found


def same(a, b):
    """Whether two routes are for one destination and interface."""
    return all(a[k] == b[k] for k in ("af", "dst", "plen", "if", "scope"))


def local(address):
    """Link-local?"""
    return address.lower().startswith("fe80:")


def static(state):
    """The stored routes in the same form."""
    links = {i["name"]: i for i in state["links"]}
    return [dict(r, host=r["plen"] == inet.bits(r["af"]) and not r["net"],
                 via=links[r["if"]], pinned=False, static=True, scope=0)
            for r in state["routes"] if r["if"] in links]


def table(state, af):
    """All routes of a family in netstat's order."""
    rows = [r for r in connected(state) + static(state) if r["af"] == af]

    def key(row):
        number = inet.number(row["dst"], af)
        if row["scope"]:
            number |= row["scope"] << 96
        return (row["plen"] != 0, number, -row["plen"], row.get("nhop", 0))
    return sorted(rows, key=key)


def lookup(state, af, address, scope_link=None):
    """The routes of the longest prefix that covers the address."""
    best = []
    for row in table(state, af):
        if not inet.covers(row["dst"], row["plen"], address, af):
            continue
        if row["scope"] and (scope_link is None or
                             row["scope"] != scope_link["index"]):
            continue
        if not best or row["plen"] > best[0]["plen"]:
            best = [row]
        elif row["plen"] == best[0]["plen"]:
            best.append(row)
    return best


def reach(state, af, gateway, scope):
    """(link, id of the source address) for a gateway, or None."""
    for link in state["links"]:
        if local(gateway) and af == 6:
            if link["name"] != scope:
                continue
            for a in link["addrs"]:
                if local(a["addr"]):
                    return link, a["id"]
            continue
        for a in link["addrs"]:
            if a["af"] != af:
                continue
            if gateway in (a["peer"], a["addr"]):
                return link, a["id"]
            if not a["peer"] and link["kind"] != "lo" and inet.covers(
                    a["addr"], a["plen"], gateway, af):
                return link, a["id"]
    return None
