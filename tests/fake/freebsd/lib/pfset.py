"""pf's anchors: which exist, and what a load does to them.

pf["anchors"] is {name: {"rules", "nat", "tables"}}, "" the main rules. An
anchor goes when its rules and its nat are empty at the end of a load or a
flush and it has no tables, no anchors below it, and no rule that names it;
emptying its tables alone does not remove it (20, 21).
"""


def fresh():
    """An anchor with nothing in it."""
    return {"rules": [], "nat": [], "tables": {}}


def parents(name):
    """a/b/c -> a, a/b."""
    parts = name.split("/")
    return ["/".join(parts[:i]) for i in range(1, len(parts))]


def make(pf, name):
    """The anchor, made with its parents where it is missing."""
    for each in parents(name) + [name]:
        pf["anchors"].setdefault(each, fresh())
    return pf["anchors"][name]


def tables(pf, name, create=False):
    """An anchor's tables; None without the anchor."""
    if name not in pf["anchors"] and not create:
        return None
    return make(pf, name)["tables"]


def referred(pf):
    """The anchors that rules name."""
    names = set()
    for anchor in pf["anchors"].values():
        for r in anchor["rules"] + anchor["nat"]:
            if "name" in r:
                base = r["name"][:-2] if r["name"].endswith("/*") else \
                    r["name"]
                names.update(parents(base) + [base])
    return names


def prune(pf):
    """Anchors without anything go, from the deepest up."""
    named = referred(pf)
    for name in sorted(pf["anchors"], key=len, reverse=True):
        anchor = pf["anchors"][name]
        if name and name not in named and not any(anchor.values()) and \
                not any(n.startswith(name + "/") for n in pf["anchors"]):
            del pf["anchors"][name]
    for name in named:
        make(pf, name)


def used_tables(anchor):
    """The tables that an anchor's rules name."""
    return {r[end]["table"] for r in anchor["rules"] + anchor["nat"]
            if "name" not in r for end in ("src", "dst") if r[end]["table"]}


def load(pf, name, parsed, rules=True, nat=True, keep=()):
    """What a successful load does. keep: anchors not to look at yet."""
    anchor = make(pf, name)
    if rules:
        anchor["rules"] = parsed.rules
    if nat:
        anchor["nat"] = parsed.nat
    for table, entry in parsed.tables.items():
        old = anchor["tables"].get(table)
        addrs = entry["addrs"]
        if addrs is None:
            addrs = old["addrs"] if old else []
        anchor["tables"][table] = {"persist": entry["persist"],
                                   "addrs": addrs}
    used = used_tables(anchor)
    for table in list(anchor["tables"]):
        if not anchor["tables"][table]["persist"] and table not in used:
            del anchor["tables"][table]
    if not name:
        pf["skip"] = []
        for what, value in parsed.options:
            if what == "skip":
                pf["skip"] += value
            elif what == "limit":
                pf["limits"][value[0]] = value[1]
        pf["limits"] = {k: v for k, v in pf["limits"].items()
                        if ("limit", (k, v)) in parsed.options}
    if not keep:
        prune(pf)
