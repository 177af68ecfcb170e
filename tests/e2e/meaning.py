"""Do two FRR configurations say the same? Names of route maps may differ.

Each configuration becomes a set of statements in which a route map is called by
what it is for ("in of 2001:db8:300::1"); what the two do not share must be in the
caller's table of reasons.
"""

import re

NOISE = ("!", "Building configuration", "Current configuration", "frr version", "end",
         "exit", "hostname", "log ", "service integrated", "frr defaults",
         "no ipv6 forwarding", "no ip forwarding")
MAP_OF = re.compile(r"neighbor (\S+) route-map (\S+) (in|out)$")
ENTRY = re.compile(r"(ip|ipv6) prefix-list (\S+) seq (\d+) (.*)$")
PROTOCOL_MAP = re.compile(r"(ip|ipv6) protocol bgp route-map (\S+)$")


def lines_of(text):
    """(block, line): the block is the section that an indented line stands in."""
    section, family = "", ""
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith(NOISE):
            if line.startswith("exit-address-family"):
                family = ""
            continue
        if not raw.startswith(" "):
            section, family = line, ""
            if not line.startswith(("router bgp", "route-map")):
                yield "", line
            continue
        if line.startswith("address-family"):
            family = line
            continue
        yield " / ".join(part for part in (section, family) if part), line


def uses_of(text):
    """{map: what it is for}; one that several use is for all of them."""
    uses = {}
    for _, line in lines_of(text):
        found = MAP_OF.match(line)
        if found:
            uses.setdefault(found.group(2), set()).add(f"{found.group(3)} of {found.group(1)}")
        found = PROTOCOL_MAP.match(line)
        if found:
            uses.setdefault(found.group(2), set()).add(f"{found.group(1)} routes to the kernel")
    return uses


def statements(text):
    """The configuration as a set of sentences."""
    uses, said = uses_of(text), set()
    maps = [line for line in text.splitlines() if line.startswith("route-map ")]
    bodies, lists = {}, {}
    for block, line in lines_of(text):
        entry = ENTRY.match(line)
        if entry:
            family, name, number, what = entry.groups()
            lists.setdefault(f"{family} list {name}", []).append((int(number), what))
            continue
        if block.startswith("route-map "):
            bodies.setdefault(block, []).append(line)
            continue
        found = MAP_OF.match(line)
        if found:
            continue  # told by the map's own sentences
        if PROTOCOL_MAP.match(line):
            continue
        said.add(f"{block}: {line}" if block else line)
    for name, entries in lists.items():
        said.add(f"{name}: " + "; ".join(what for _, what in sorted(entries)))
        said.add(f"{name} is numbered " + " ".join(str(number) for number, _ in sorted(entries)))
    for head in maps:
        _, name, action, number = head.split()
        for use in sorted(uses.get(name, {f"nobody ({name})"})):
            said.add(f"map {use}: {action} {number}: " +
                     ("; ".join(sorted(bodies.get(head, []))) or "everything"))
    return said


def differences(by_hand, built, reasons):
    """
    [(sign, sentence, reason or None)]: "-" only by hand, "+" only built. reasons:
    [(pattern, reason)], tried in order on "- sentence" and "+ sentence".
    """
    one, two = statements(by_hand), statements(built)
    found = []
    for sign, left in (("-", one - two), ("+", two - one)):
        for sentence in sorted(left):
            why = next((reason for pattern, reason in reasons
                        if re.search(pattern, f"{sign} {sentence}")), None)
            found.append((sign, sentence, why))
    return found


def report(found):
    """Lines for people; a difference without a reason says so."""
    return [f"{sign} {sentence}\n      {why or 'UNEXPECTED'}" for sign, sentence, why in found]


def unexpected(found):
    return [f"{sign} {sentence}" for sign, sentence, why in found if why is None]
