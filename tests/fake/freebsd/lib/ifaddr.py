"""The addresses of an interface, as ifconfig sets them (10, 12)."""

import ifshow
import inet
import machine


class Addresses:
    """The part of an ifconfig run (ifconfig.Ifconfig) that sets addresses: it
    has run, state and fail()."""

    def address(self, af, word, words):
        """The address and, where the next word is one, the peer's."""
        number = 4 if af == "inet" else 6
        base, _, width = word.partition("/")
        found = inet.parse(base, number)
        if not found:
            self.fail(base + ": bad value")
        address = {"addr": found[1], "scope": found[2], "peer": None,
                   "plen": None}
        if width:
            if number == 4 and not (width.isdigit() and int(width) <= 32):
                self.fail(word + ": bad value (width too large)")
            self.length(address, "prefixlen", width)
        if words and inet.parse(words[0], number):
            address["peer"] = inet.parse(words.pop(0), number)[1]
        return address

    def length(self, address, word, value):
        """prefixlen N, or netmask A."""
        if word == "netmask":
            if value[:2] == "0x":
                address["plen"] = inet.mask_length(int(value, 16))
            elif inet.parse(value, 4):
                address["plen"] = inet.mask_length(inet.number(value, 4))
            else:
                self.fail(value + ": bad value")
            return
        top = 128 if ":" in address["addr"] else 32
        if not value.isdigit() or int(value) > top:
            self.fail(value + ": bad value")
        address["plen"] = int(value)

    def assign(self, link, af, a):
        """Carries out what the address words add up to."""
        number = 4 if af == "inet" else 6
        same = [x for x in link["addrs"]
                if x["af"] == number and x["addr"] == a["addr"]]
        if "-alias" in a:
            # With a peer it must be the right one too.
            if not same or a["peer"] and a["peer"] != same[0]["peer"]:
                self.fail("ioctl (SIOCDIFADDR): Can't assign requested "
                          "address")
            link["addrs"].remove(same[0])
            return
        if a["addr"] == "::1" and link["kind"] != "lo":
            self.fail("ioctl (SIOCDIFADDR): Invalid argument")
        point = link["kind"] in ("gre", "gif")
        if number == 4:
            if point and not a["peer"]:
                self.fail("ioctl (SIOCAIFADDR): Destination address required")
            old = same if "alias" in a else \
                [x for x in link["addrs"] if x["af"] == 4][:1]
            if a["plen"] is None:
                first = int(a["addr"].split(".")[0])
                a["plen"] = 8 if first < 128 else 16 if first < 192 else 24
        else:
            a["plen"] = 64 if a["plen"] is None else a["plen"]
            old = same
        if "alias" in a and same and same[0]["plen"] == a["plen"] and \
                same[0]["peer"] == a["peer"]:
            link["up"] = True
            return
        for x in old:
            if "alias" not in a or number == 6:
                link["addrs"].remove(x)
        link["up"] = True
        if number == 6 and a["peer"] and a["plen"] != 128:
            self.fail("ioctl (SIOCAIFADDR): Invalid argument")
        if any(x["addr"] == a["addr"] and i is not link and
               not ifshow.scoped(x["addr"])
               for i in self.state["links"] for x in i["addrs"]):
            self.fail("ioctl (SIOCAIFADDR): File exists")
        self.insert(link, number, a)

    def insert(self, link, number, a):
        """The kernel's part of a new address."""
        entry = {"af": number, "addr": a["addr"], "plen": a["plen"],
                 "peer": a["peer"], "since": machine.now(self.state),
                 "id": machine.serial(self.state)}
        if a.get("deprecated"):
            entry["deprecated"] = True
        if number == 6:
            link["nd6"] &= ~0x8
        link["addrs"].append(entry)
        if number == 6 and link["kind"] != "lo" and not any(
                x["addr"].startswith("fe80:") for x in link["addrs"]):
            self.insert(link, 6, {"addr": machine.link_local(link),
                                  "plen": 64, "peer": None})

    def drop_first(self, link):
        """-alias without an address: the first IPv4 one goes."""
        four = [x for x in link["addrs"] if x["af"] == 4]
        if not four:
            self.fail("ioctl (SIOCDIFADDR): Can't assign requested address")
        link["addrs"].remove(four[0])
