"""ifconfig: interfaces, their tunnels and addresses (10, 11, 12, 23)."""

import frame
import ifaddr
import ifshow
import inet
import machine
from frame import Exit

FAMILIES = ("inet", "inet6", "link", "ether")
CLONERS = {"gre": "if_gre", "gif": "if_gif"}
# Interfaces and words that FreeBSD has and this fake does not.
OTHERS = {"vlan", "vmnet", "tap", "tun", "lo", "epair", "bridge", "lagg", "wg",
          "vxlan", "stf", "ovpn", "enc", "ipsec", "disc", "edsc", "me"}
BEYOND = {"metric", "fib", "group", "-group", "vlan", "vlandev", "addm",
          "deletem", "arp", "-arp", "eui64", "anycast", "-anycast", "pltime",
          "vltime", "broadcast", "media", "mediaopt", "lladdr", "vhid",
          "link0", "link1", "promisc", "-promisc", "monitor", "-monitor",
          "vnet", "-vnet", "autoconf", "nud", "-nud", "staticarp", "polling",
          "no_prefer_iface", "defaultif", "ignore_source",
          "ignore_if_name", "wol", "lro", "tso", "rxcsum", "txcsum",
          "-grekey", "noclamp", "-accept_rtadv", "-no_dad",
          "-auto_linklocal", "rename"}
USAGE = """usage: ifconfig [-f type:format] [-g groupname] [-C] [-L] \
interface address_family
                [address [dest_address]] [parameters]
       ifconfig interface create
       ifconfig -a [-g groupname] [-C] [-L] [-d] [-m] [-u] [-v] \
[address_family]
       ifconfig -l [-d] [-u] [address_family]
       ifconfig [-g groupname] [-C] [-L] [-d] [-m] [-u] [-v]
"""
MTU = {"gre": (576, 65535), "gif": (1280, 8192), "nic": (72, 65535),
       "lo": (1, 2147483647), "pflog": (1, 65535)}


def changes(argv):
    """Whether a run with these arguments changes something."""
    _, rest = options(argv)
    return len(rest) > 1 and not (len(rest) == 2 and rest[1] in FAMILIES)


def options(argv):
    """getopt: ({letter: value}, rest)."""
    found, rest = {}, list(argv)
    while rest and rest[0][:1] == "-" and len(rest[0]) > 1:
        word = rest.pop(0)
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter in "fg":
                found[letter] = letters or (rest.pop(0) if rest else "")
                letters = ""
            else:
                found[letter] = True
                if letter not in "aldunkvLmC":
                    return found, rest
    return found, rest


class Ifconfig(ifaddr.Addresses):
    """One run, with the machine's state at hand."""

    def __init__(self, run, state):
        self.run = run
        self.state = state

    def fail(self, text, status=1):
        """Says why and ends."""
        self.run.err("ifconfig: " + text)
        raise Exit(status)

    def warn(self, text):
        """As the tunnel errors do: exit 0 all the same."""
        self.run.err("ifconfig: " + text)

    def main(self):
        """Options, then an interface."""
        opts, rest = options(self.run.argv)
        for letter in opts:
            if letter not in "aldunkvLmCfg":
                self.run.err("ifconfig: illegal option -- " + letter)
                self.run.raw(2, USAGE)
                raise Exit(1)
        formats = ()
        if "f" in opts:
            formats = opts["f"].split(",")
            for form in formats:
                if form not in ("inet:cidr", "inet6:cidr"):
                    self.warn("Skipping invalid format specification: %s\n"
                              % form)
        if "C" in opts:
            frame.not_implemented(self.run)
        if "a" in opts or "l" in opts or "g" in opts and not rest:
            return self.listing(opts, rest, formats)
        if not rest:
            frame.not_implemented(self.run)
        return self.one(opts, rest[0], rest[1:], formats)

    def listing(self, opts, rest, formats):
        """-a, -l, -g."""
        af = rest[0] if rest else None
        if len(rest) > 1 or af not in (None,) + FAMILIES:
            frame.not_implemented(self.run)
        links = self.state["links"]
        if "g" in opts:
            links = [i for i in links if i["kind"] == opts["g"]]
        if "u" in opts:
            links = [i for i in links if i["up"]]
        if "d" in opts:
            links = [i for i in links if not i["up"]]
        if "l" in opts and af == "inet6":
            links = [i for i in links if any(
                a["af"] == 6 for a in i["addrs"])]
        elif "l" in opts and af:
            frame.not_implemented(self.run)
        if "g" in opts and "a" not in opts:
            for i in links:
                self.run.out(i["name"])
        elif "l" in opts:
            self.run.out(" ".join(i["name"] for i in links))
        else:
            for i in links:
                for line in ifshow.show(self.state, i, af, formats):
                    self.run.out(line)
        return 0

    def one(self, opts, name, words, formats):
        """An interface by name."""
        create = bool(words) and words[0] in ("create", "plumb")
        if "n" not in opts:
            self.maybe_load(name)
        if create:
            made = self.create(name, len(words) == 1)
            name = made["name"]
            words = words[1:]
            if made["said"]:
                renamed = len(words) == 2 and words[0] == "name"
                if not renamed:
                    self.run.out(name)
        link = machine.link(self.state, name)
        if link is None and name.rstrip("0123456789ab") == "epair":
            frame.not_implemented(self.run)
        if link is None:
            self.fail("interface %s does not exist" % name)
        if not words and not create or len(words) == 1 and \
                words[0] in FAMILIES:
            af = words[0] if words else None
            for line in ifshow.show(self.state, link, af, formats):
                self.run.out(line)
            return 0
        return self.change(link, words)

    def maybe_load(self, name):
        """Naming a gre that is not there loads the module, where it may."""
        kind = name.rstrip("0123456789")
        if kind in CLONERS and machine.link(self.state, name) is None:
            machine.load_module(self.state, CLONERS[kind])

    def create(self, name, alone):
        """{"name", "said": whether its name is printed}."""
        kind = name.rstrip("0123456789")
        unit = name[len(kind):]
        if machine.link(self.state, name) or self.made(name):
            if alone or not machine.link(self.state, name):
                self.fail("interface %s already exists" % name)
            return {"name": name, "said": False}
        if len(name) > 15:
            self.fail("%s: cloning name too long" % name)
        if kind in OTHERS:
            frame.not_implemented(self.run)
        module = CLONERS.get(kind)
        if module is None or (module not in machine.BUILT_IN and
                              not machine.module(self.state, module)):
            self.fail("SIOCIFCREATE2: Invalid argument")
        if len(unit) > 1 and unit[0] == "0":
            self.fail("SIOCIFCREATE2: Invalid argument")
        if unit and int(unit) > 32767:
            self.fail("SIOCIFCREATE2: No space left on device")
        if not unit:
            number = 0
            while self.made("%s%d" % (kind, number)):
                number += 1
            name = "%s%d" % (kind, number)
        machine.add_link(self.state, name, kind)
        return {"name": name, "said": not unit}

    def made(self, name):
        """Whether this unit is in use, perhaps under another name."""
        return any(i["made"] == name for i in self.state["links"])

    def change(self, link, words):
        """The words after the interface."""
        words = list(words)
        af = None
        if words and words[0] in FAMILIES:
            af = words.pop(0)
            if af not in ("inet", "inet6"):
                frame.not_implemented(self.run)
        address = None
        while words:
            word = words.pop(0)
            if word in ARGUMENTS:
                need = ARGUMENTS[word]
                if len(words) < need:
                    self.fail("'%s' requires %s" % (
                        word, "argument" if need == 1 else
                        "%d arguments" % need))
                given, words = words[:need], words[need:]
            else:
                given = []
            if word in ("prefixlen", "netmask") and address:
                self.length(address, word, given[0])
            elif word in ("alias", "add", "-alias", "delete", "remove",
                          "deprecated", "-deprecated") and address:
                address[{"add": "alias", "delete": "-alias",
                         "remove": "-alias"}.get(word, word)] = True
            elif word == "-alias":
                self.drop_first(link)
            elif word == "tunnel":
                self.tunnel(link, af, given)
            elif word == "name":
                self.rename(link, given[0])
            elif word in PLAIN:
                if getattr(self, PLAIN[word])(link, *given):
                    return 0
            elif address is None and af is None and word not in NOT_ADDRESS \
                    and inet.parse(word, 4):
                frame.not_implemented(self.run)
            elif word in BEYOND:
                frame.not_implemented(self.run)
            elif word in OPTIONS:
                self.option(link, word)
            elif address is None and af:
                address = self.address(af, word, words)
            else:
                self.fail(word + ": bad value")
        if address:
            self.assign(link, af, address)
        return 0

    # The rest

    def tunnel(self, link, af, ends):
        """tunnel A B: kernel errors only warn."""
        both = [inet.parse(end) for end in ends]
        if None in both:
            self.fail("error in parsing address string: Name does not "
                      "resolve")
        if both[0][0] != both[1][0]:
            self.fail("source and destination address families do not match")
        six = both[0][0] == 6
        if six != (af == "inet6"):
            self.warn("SIOCSIFPHYADDR: Invalid argument")
            return
        call = "SIOCSIFPHYADDR" + ("_IN6" if six else "")
        ends = [b[1] + ("%" + b[2] if b[2] else "") for b in both]
        taken = any(i is not link and i["kind"] == link["kind"] and
                    i["tunnel"] == ends for i in self.state["links"])
        if taken or both[0][1] in ("0.0.0.0", "::"):
            self.warn(call + ": Can't assign requested address")
            return
        link["tunnel"] = ends

    def rename(self, link, name):
        """name NEW."""
        if not name:
            self.fail("ioctl SIOCSIFNAME (set name): Invalid argument")
        if len(name) > 15:
            self.fail("ioctl SIOCSIFNAME (set name): File name too long")
        other = machine.link(self.state, name)
        if other and other is not link:
            self.fail("ioctl SIOCSIFNAME (set name): File exists")
        for route in self.state["routes"]:
            if route["if"] == link["name"]:
                route["if"] = name
        link["name"] = name
        self.run.out(name)

    def mtu(self, link, value):
        """1500x is 1500; what is no number is 0."""
        number = inet.leading_int(value) or 0
        low, high = MTU[link["kind"]]
        if not low <= number <= high:
            self.fail("ioctl SIOCSIFMTU (set mtu): Invalid argument")
        link["mtu"] = number

    def descr(self, link, value):
        """At most 1023 bytes."""
        if len(value.encode("utf-8", "surrogateescape")) > 1023:
            self.fail("ioctl SIOCSIFDESCR (set descr): File name too long")
        link["descr"] = value or None

    def no_descr(self, link):
        """-descr."""
        link["descr"] = None

    def set_up(self, link):
        """up."""
        link["up"] = True

    def set_down(self, link):
        """down."""
        link["up"] = False

    def no_tunnel(self, link):
        """deletetunnel."""
        link["tunnel"] = None

    def grekey(self, link, value):
        """grekey N."""
        link["grekey"] = int(value)

    def tunnelfib(self, _link, value):
        """Only 0 exists."""
        if value != "0":
            self.warn("ioctl (SIOCSTUNFIB): Invalid argument")

    def gone(self, link):
        """destroy."""
        if link["kind"] in ("lo", "nic"):
            self.fail("SIOCIFDESTROY: Invalid argument")
        machine.destroy(self.state, link)
        return True

    def option(self, link, word):
        """Address options and hardware features."""
        if word == "no_dad":
            link["nd6"] |= 0x100
        elif word == "ifdisabled":
            link["nd6"] |= 0x8
        elif word == "-ifdisabled":
            link["nd6"] &= ~0x8


ARGUMENTS = {"tunnel": 2, "mtu": 1, "descr": 1, "description": 1, "name": 1,
             "prefixlen": 1, "netmask": 1, "grekey": 1, "tunnelfib": 1}
PLAIN = {"mtu": "mtu", "descr": "descr", "description": "descr",
         "-descr": "no_descr", "-description": "no_descr", "up": "set_up",
         "down": "set_down", "deletetunnel": "no_tunnel",
         "-tunnel": "no_tunnel", "grekey": "grekey",
         "tunnelfib": "tunnelfib", "destroy": "gone", "unplumb": "gone"}
OPTIONS = ("no_dad", "auto_linklocal", "ifdisabled", "-ifdisabled",
           "accept_rtadv", "-lro", "-tso", "-rxcsum", "-txcsum", "-rxcsum6",
           "-tso6")
NOT_ADDRESS = set(PLAIN) | set(ARGUMENTS)


def work(run):
    """The whole run."""
    with machine.Machine(run.dir) as host:
        return Ifconfig(run, host.state).main()
