"""route: single routes (50, 51). The table itself is routes.py's."""

import frame
import inet
import machine
import routes
from frame import Exit

USAGE = "route: usage: route [-46dnqtv] command [[modifiers] args]"


def changes(argv):
    """Whether a run with these arguments changes something."""
    return any(w in ("add", "delete", "del", "change", "flush")
               for w in argv[:4])


class Route:
    """One run."""

    def __init__(self, run, state):
        self.run = run
        self.state = state
        self.quiet = self.debug = False
        self.af = 4
        self.dst = self.gateway = self.interface = None
        self.kind = ""
        self.mtu = self.plen = None
        self.force = None
        self.label = ""
        self.proto1 = False

    def fail(self, text, status):
        """Says why and ends."""
        self.run.err("route: " + text)
        raise Exit(status)

    def main(self):
        """Options, the command, its arguments."""
        argv = list(self.run.argv)
        while argv and argv[0][:1] == "-" and len(argv[0]) > 1:
            for letter in argv.pop(0)[1:]:
                if letter in "46":
                    self.af = int(letter)
                elif letter == "q":
                    self.quiet = True
                elif letter == "d":
                    self.debug = True
                elif letter != "n":
                    frame.not_implemented(self.run)
        if not argv:
            self.run.err(USAGE)
            return 64
        command = argv.pop(0)
        if command not in ("add", "delete", "del", "change", "get"):
            if command in ("flush", "monitor", "show"):
                frame.not_implemented(self.run)
            self.run.err("route: bad keyword: " + command)
            self.run.err(USAGE)
            return 64
        self.arguments(argv)
        if command == "get":
            return self.get()
        if self.debug:
            self.tell({"del": "delete"}.get(command, command), "")
            return 0
        return {"add": self.add, "delete": self.delete, "del": self.delete,
                "change": self.change}[command]()

    def arguments(self, argv):
        """The modifiers and the one or two addresses."""
        interface = False
        while argv:
            word = argv.pop(0)
            if word in ("-inet6", "-6"):
                self.af = 6
            elif word in ("-inet", "-4"):
                self.af = 4
            elif word in ("-net", "-host"):
                self.force = word[1:]
            elif word in ("-interface", "-iface"):
                interface = True
            elif word in ("-reject", "-blackhole"):
                self.kind = word[1:]
            elif word == "-static":
                pass
            elif word == "-proto1":
                self.proto1 = True
            elif word == "-mtu":
                self.mtu = int(argv.pop(0))
            elif word == "-prefixlen":
                self.plen = int(argv.pop(0))
            elif word == "-gateway":
                self.set_gateway(argv.pop(0))
            elif word[:1] == "-":
                frame.not_implemented(self.run)
            elif self.dst is None:
                self.set_destination(word)
            elif interface:
                if not machine.link(self.state, word):
                    self.fail("interface '%s' does not exist" % word, 65)
                self.interface = word
            elif self.gateway is None:
                self.set_gateway(word)
            else:
                frame.not_implemented(self.run)
        if self.dst is None:
            frame.not_implemented(self.run)

    def set_destination(self, word):
        """ADDR, ADDR/LEN or default."""
        self.label = word
        if word == "default":
            self.dst = "::" if self.af == 6 else "0.0.0.0"
            self.plen = 0
            return
        base, _, width = word.partition("/")
        found = inet.parse(base, self.af)
        if not found:
            if self.af == 4:
                self.fail("bad address: " + base, 68)
            self.fail(base + ": Name does not resolve", 71)
        if width:
            if not width.isdigit() or int(width) > inet.bits(self.af):
                self.fail("%s: invalid prefixlen" % width, 64)
            self.plen = int(width)
        self.dst = found[1]
        if self.af == 4:
            self.label = base

    def set_gateway(self, word):
        """An address, with its scope where it has one."""
        found = inet.parse(word, self.af)
        if not found or found[2] and not machine.link(self.state, found[2]):
            self.fail(word + ": Name does not resolve", 71)
        self.gateway = found

    # Words

    def prefix(self):
        """(network, length, whether it is a net)."""
        plen = self.plen
        top = inet.bits(self.af)
        if plen is None:
            plen = top
        net = self.force == "net" or self.plen is not None and (
            plen < top or self.af == 4) and self.force != "host"
        return inet.network(self.dst, plen, self.af), plen, net

    def tell(self, command, why):
        """The line on standard output."""
        if self.quiet:
            return
        text = "%s %s %s" % (command, "net" if self.prefix()[2] else "host",
                             self.label)
        if self.interface:
            text += ": gateway " + self.interface
        elif self.gateway:
            text += ": gateway " + self.gateway[1]
            if self.gateway[2]:
                text += "%" + self.gateway[2]
        if why:
            text += " fib 0: " + why
        self.run.out(text)

    def refused(self, command, why, words=None):
        """An answer of the kernel that is no."""
        if words:
            self.run.err("route: " + words)
        self.tell(command, why)
        return 1

    # Commands

    def wanted(self):
        """The route that the arguments describe, or the errno text."""
        dst, plen, net = self.prefix()
        entry = {"af": self.af, "dst": dst, "plen": plen, "net": net,
                 "gw": None, "kind": self.kind, "mtu": self.mtu,
                 "proto1": self.proto1, "ifa": None}
        if self.interface:
            link = machine.link(self.state, self.interface)
            entry["if"] = self.interface
            own = [a for a in link["addrs"] if a["af"] == self.af]
            if own:
                entry["ifa"] = own[0]["id"]
            return entry
        gateway = self.gateway
        if gateway is None and self.kind:
            gateway = (self.af, "::1" if self.af == 6 else "127.0.0.1", "")
        if gateway is None:
            return "Invalid argument"
        entry["gw"] = gateway[1] + ("%" + gateway[2] if gateway[2] else "")
        found = routes.reach(self.state, self.af, gateway[1], gateway[2])
        if not found:
            return "Network is unreachable"
        entry["if"] = found[0]["name"]
        entry["ifa"] = found[1]
        if found[0]["kind"] == "lo" and gateway[1] in ("::1", "127.0.0.1"):
            entry["if"] = "lo0"
        return entry

    def nhop(self):
        """The lowest free number: several paths are listed by it."""
        used = {r["nhop"] for r in self.state["routes"]}
        return min(set(range(1, len(used) + 2)) - used)

    def paths(self):
        """What is stored for exactly this prefix."""
        dst, plen, _ = self.prefix()
        return [r for r in self.state["routes"] if r["af"] == self.af and
                r["dst"] == dst and r["plen"] == plen]

    def add(self):
        """add."""
        entry = self.wanted()
        if isinstance(entry, str):
            return self.refused("add", entry,
                                "writing to routing socket: " + entry)
        there = self.paths()
        alike = ("gw", "if", "kind", "ifa")
        taken = any(all(r[k] == entry[k] for k in alike) for r in there)
        own = any(r["dst"] == entry["dst"] and r["plen"] == entry["plen"] and
                  r["if"] == entry["if"] for r in routes.connected(self.state))
        if taken or own or there and \
                self.state["sysctl"]["net.route.multipath"] == "0":
            return self.refused("add", "route already in table")
        entry["nhop"] = self.nhop()
        self.state["routes"].append(entry)
        self.tell("add", "")
        return 0

    def delete(self):
        """delete: with several paths only with the gateway."""
        there = self.paths()
        if self.gateway and self.gateway[1]:
            gw = self.gateway[1] + (
                "%" + self.gateway[2] if self.gateway[2] else "")
            there = [r for r in there if r["gw"] == gw][:1]
        elif self.interface:
            there = [r for r in there if r["if"] == self.interface][:1]
        if len(there) != 1:
            return self.refused("delete", "not in table",
                                "route has not been found")
        self.state["routes"].remove(there[0])
        self.tell("delete", "")
        return 0

    def change(self):
        """change: another gateway only where there is one path."""
        there = self.paths()
        entry = self.wanted()
        if isinstance(entry, str):
            frame.not_implemented(self.run)
        exact = [r for r in there if r["gw"] == entry["gw"] and
                 r["if"] == entry["if"]]
        if len(exact) == 1:
            there = exact
        if len(there) != 1:
            return self.refused("change", "not in table",
                                "route has not been found")
        if entry["mtu"] is None:
            entry["mtu"] = there[0]["mtu"]
        entry["nhop"] = self.nhop()
        there[0].update(entry)
        self.tell("change", "")
        return 0

    def get(self):
        """get: the longest match; not that of a prefix."""
        if self.plen not in (None, 0) or self.gateway:
            frame.not_implemented(self.run)
        scope = None
        base, _, name = self.label.partition("%")
        if name:
            scope = machine.link(self.state, name)
        if self.plen == 0:
            found = [r for r in routes.table(self.state, self.af)
                     if r["plen"] == 0]
        else:
            found = routes.lookup(self.state, self.af, self.dst, scope)
        if not found:
            self.run.err("route: route has not been found")
            return 1
        row = found[0]
        flags = ["UP"] + ["GATEWAY"] * bool(row["gw"]) + \
            ["HOST"] * row["host"] + ["REJECT"] * (row["kind"] == "reject") + \
            ["DONE"] + ["STATIC"] * row["static"] + \
            ["BLACKHOLE"] * (row["kind"] == "blackhole") + \
            ["PROTO1"] * bool(row.get("proto1")) + \
            ["FIXEDMTU"] * bool(row["mtu"]) + ["PINNED"] * row["pinned"]
        say = self.run.out
        if base == "default":
            base = self.dst
        say("   route to: " + self.dst)
        say("destination: " + row["dst"])
        if not row["host"]:
            say("       mask: " + inet.text(
                inet.mask(row["plen"], self.af), self.af))
        if row["gw"]:
            say("    gateway: " + row["gw"])
        say("        fib: 0")
        say("  interface: " + row["if"])
        say("      flags: <%s>" % ",".join(flags))
        say(" recvpipe  sendpipe  ssthresh  rtt,msec    mtu        weight"
            "    expire")
        mtu = row["mtu"] or machine.link(self.state, row["if"])["mtu"]
        say("       0         0         0         0 %9d %9d         0 " % (
            mtu, len(found) == 1))
        return 0


def work(run):
    """The whole run."""
    with machine.Machine(run.dir) as host:
        return Route(run, host.state).main()
