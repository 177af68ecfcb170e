"""The routes that the providers announce: always the same ones for a given size.

Lines for a BIRD static protocol, one file a provider. The first three each get
COUNT prefixes out of a pool that is a third larger, so that they overlap without
being equal; vultr gets a third of COUNT (a partial table). As on the internet, a
network has a handful of prefixes, and all of them come along the same path. A few
well-known ones are in all four, for people to look at.
"""

import ipaddress
import os
import random

SEED = 201379
KNOWN = [
    ("2606:4700::/32", 13335),
    ("2606:4700:4700::/48", 13335),
    ("2001:4860::/32", 15169),
    ("2620:fe::/48", 19281),
    ("2a01:4f8::/32", 24940),
    ("2001:610::/32", 1103),
]
# One block per regional registry; (first 16 bits, how many of them).
BLOCKS = [(0x2400, 16), (0x2600, 16), (0x2800, 16), (0x2A00, 16), (0x2C00, 16)]
OURS = ipaddress.ip_network("2a06:9801::/32")
LENGTHS = [32, 32, 32, 36, 40, 44, 48, 48, 48]
TRANSITS = [174, 1299, 2914, 3257, 3320, 3356, 6453, 6461, 6762, 6939, 9002]


def make_pool(rng, size):
    pool = dict(KNOWN)
    origins = rng.sample(range(1000, 64000), min(size // 5, 45000))
    while len(pool) < size:
        start, count = rng.choice(BLOCKS)
        length = rng.choice(LENGTHS)
        bits = (start + rng.randrange(count)) << 112 | rng.getrandbits(112)
        net = ipaddress.ip_network((bits, length), strict=False)
        if not net.overlaps(OURS):
            pool[str(net)] = rng.choice(origins)
    return list(pool.items())


def make_path(rng, origin):
    hops = rng.sample(TRANSITS, rng.choice([0, 1, 1, 1, 2, 2, 3]))
    return hops + [origin]


def route_line(prefix, path):
    steps = " ".join(f"bgp_path.prepend({asn});" for asn in reversed(path))
    return f"route {prefix} unreachable {{ {steps} }};\n"


def write(directory, count):
    """Writes DIRECTORY/{ifog,lagrange,route64,vultr}.conf."""
    rng = random.Random(SEED)
    pool = make_pool(rng, count * 4 // 3)
    known, rest = pool[:len(KNOWN)], pool[len(KNOWN):]
    os.makedirs(directory, exist_ok=True)
    for name in ("ifog", "lagrange", "route64", "vultr"):
        wanted = count // 3 if name == "vultr" else count
        chosen = known + rng.sample(rest, wanted - len(known))
        origins = dict.fromkeys(origin for _, origin in chosen)
        paths = {origin: make_path(rng, origin) for origin in origins}
        with open(f"{directory}/{name}.conf", "w", encoding="ascii") as out:
            out.writelines(route_line(p, paths[o]) for p, o in chosen)
