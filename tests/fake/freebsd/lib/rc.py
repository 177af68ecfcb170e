"""FreeBSD's /etc/rc, as far as interfaces, routes, pf and keys go (41 to 43).

rc.conf is sourced by a shell, as rc does. What a variable says is carried out
by the fakes themselves on the state at hand.
"""

import os
import re

import ifconfig
import machine
import pfctl
import pfset
import route
import setkeys
import sysrc
from frame import Exit, Run

ON = ("yes", "true", "on", "1")
# What rc adds to every IPv6 machine.
REJECTS = (("fe80::", 10), ("ff02::", 16), ("::ffff:0.0.0.0", 96),
           ("::0.0.0.0", 96))


class Aborted(Exception):
    """The boot ends here, before the network or anything after it."""


def variables(path):
    """rc.conf's variables after the defaults'; Aborted when no shell reads
    it."""
    found = dict(sysrc.DEFAULTS)
    if not os.path.exists(path):
        return found
    why = sysrc.syntax(path)
    if why:
        raise Aborted(why)
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        names = sorted(set(re.findall(r"([A-Za-z_]\w*)=", file.read())))
    _, out, _ = sysrc.shell(
        path, '. "$1" >/dev/null 2>&1; shift; for n; do '
        'eval "x=\\${$n+set}"; [ -n "$x" ] && '
        'eval "printf \'%s=%s\\036\' $n \\"\\$$n\\""; done', *names)
    for item in out.split("\036"):
        name, equals, value = item.partition("=")
        if equals:
            found[name] = value
    return found


class Rc:
    """rc on a machine whose state is loaded."""

    def __init__(self, host, run, name="/etc/rc"):
        self.name = name  # of the script that complains
        self.host = host
        self.state = host.state
        self.conf = host.conf
        self.run = run
        self.vars = variables(self.conf["rc_conf"])

    def get(self, name):
        """A variable; None when it is not set."""
        return self.vars.get(name)

    def on(self, name):
        """A yes or no variable."""
        return (self.get(name) or "").lower() in ON

    def tool(self, work, *argv):
        """Runs a fake on our state; its words join ours."""
        inner = Run(self.run.dir, "", list(argv))
        try:
            status = work(inner)
        except Exit as end:
            status = end.status
        if status == 99:
            self.run.said += inner.said
            raise Exit(99)
        return status, inner

    def ifconfig(self, *argv):
        """ifconfig; its errors are told, whatever it exits with."""
        status, inner = self.tool(
            lambda r: ifconfig.Ifconfig(r, self.state).main(), *argv)
        self.run.said += [s for s in inner.said if s[0] == 2]
        return status

    # Interfaces

    def clone(self, names):
        """Creates what is listed; tells which came about."""
        made = []
        for name in names:
            words = (self.get("create_args_" + name) or "").split()
            if self.ifconfig(name, "create", *words) == 0:
                made.append(name)
        if made:
            self.run.out("Created clone interfaces: %s." % " ".join(made))

    def configure(self, name):
        """ifconfig_X, _aliasN, _ipv6, _descr."""
        base = "ifconfig_" + re.sub(r"[^A-Za-z0-9_]", "_", name)
        words = self.get(base)
        if words:
            self.ifconfig(name, *words.split())
            self.ifconfig(name, "up")
        self.aliases(name, base, "inet")
        six = self.get(base + "_ipv6")
        if six is not None:
            self.ifconfig(name, "inet6", "-ifdisabled")
            self.ifconfig(name, "up")
            if six:
                self.ifconfig(name, *six.split())
            self.aliases(name, base, "inet6")
        elif name != "lo0":
            self.ifconfig(name, "inet6", "ifdisabled")
        else:
            self.aliases(name, base, "inet6")
        if self.get(base + "_descr"):
            self.ifconfig(name, "description", self.get(base + "_descr"))

    def aliases(self, name, base, family):
        """ifconfig_X_alias0 and on, up to the first that is missing."""
        number = 0
        while self.get("%s_alias%d" % (base, number)):
            words = self.get("%s_alias%d" % (base, number)).split()
            if words[0] == family:
                self.ifconfig(name, *(words + ["alias"]))
            number += 1

    def netif(self):
        """service netif start, at boot."""
        self.clone(self.get("cloned_interfaces").split())
        names = [i["name"] for i in self.state["links"]
                 if i["kind"] != "pflog"]
        for name in names:
            self.configure(name)
        self.run.out("Starting Network: %s." % " ".join(names))
        self.list(names)

    def list(self, names):
        """As `ifconfig X` for each."""
        for name in names:
            _, inner = self.tool(
                lambda r: ifconfig.Ifconfig(r, self.state).main(), name)
            self.run.said += inner.said

    # Routes

    def route(self, *argv):
        """route, with all its words."""
        _, inner = self.tool(
            lambda r: route.Route(r, self.state).main(), *argv)
        self.run.said += inner.said

    def routing(self):
        """service routing start."""
        out = self.run.out
        out("add host 127.0.0.1: gateway lo0 fib 0: route already in table")
        if self.get("defaultrouter").upper() != "NO":
            self.route("add", "default", self.get("defaultrouter"))
        for name in self.get("static_routes").split():
            self.route("add", *(self.get("route_" + name) or "").split())
        if self.on("gateway_enable"):
            self.state["sysctl"]["net.inet.ip.forwarding"] = "1"
            out("Additional inet routing options: gateway=YES.")
        out("add host ::1: gateway lo0 fib 0: route already in table")
        for prefix, length in REJECTS:
            self.route("add", "-inet6", prefix, "-prefixlen", str(length),
                       "::1", "-reject")
        if self.get("ipv6_defaultrouter").upper() != "NO":
            self.route("add", "-inet6", "default",
                       self.get("ipv6_defaultrouter"))
        for name in self.get("ipv6_static_routes").split():
            self.route("add", "-inet6",
                       *(self.get("ipv6_route_" + name) or "").split())
        if self.on("ipv6_gateway_enable"):
            self.state["sysctl"]["net.inet6.ip6.forwarding"] = "1"
            out("Additional inet6 routing options: gateway=YES.")

    # pf

    def rules(self):
        """The main rules' file."""
        found = self.get("pf_rules")
        return self.conf["pf_conf"] if found == "/etc/pf.conf" else found

    def pfctl(self, *argv):
        """pfctl."""
        return self.tool(lambda r: pfctl.Pfctl(r, self.host).main(), *argv)

    def pf_start(self):
        """service pf start: a wrong file leaves pf on and without rules."""
        path = self.rules()
        if not os.access(path, os.R_OK):
            self.run.err("%s: WARNING: %s is not readable." % (
                self.name, path))
            return 1
        machine.load_module(self.state, "pf")
        self.state["pf"]["anchors"][""].update(rules=[], nat=[])
        pfset.prune(self.state["pf"])
        status, inner = self.pfctl("-f", path)
        words = "".join(text for _, text in inner.said)
        if status:
            words += "%s: WARNING: Unable to load %s.\n" % (self.name, path)
        self.run.raw(1, "Enabling pf" + words + ".\n")
        if not self.state["pf"]["enabled"]:
            self.pfctl("-eq")
        return 0

    # The whole

    def ipsec_file(self):
        """The keys' file."""
        path = self.get("ipsec_file")
        return self.conf["ipsec_conf"] if path == "/etc/ipsec.conf" else path

    def setkey(self, path):
        """setkey -f."""
        machine.load_module(self.state, "ipsec")
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return setkeys.load(self.run, self.state, file.read())

    def keys(self):
        """service ipsec start: without its file the boot ends."""
        path = self.ipsec_file()
        if not os.access(path, os.R_OK):
            self.run.err("%s: WARNING: %s not readable; ipsec start "
                         "aborted." % (self.name, path))
            self.run.err("ERROR: ABORTING BOOT (sending SIGTERM to parent)!")
            raise Aborted("%s not readable" % path)
        self.run.out("Installing ipsec manual keys/policies.")
        self.setkey(path)

    def boot(self):
        """In rc's order."""
        for name in self.get("kld_list").split():
            machine.load_module(self.state, name)
        if self.on("ipsec_enable"):
            self.keys()
        self.netif()
        if self.on("pflog_enable"):
            machine.load_module(self.state, "pflog")
            pflog = machine.link(self.state, "pflog0")
            if pflog:
                pflog.update(up=True, promiscuous=True)
            self.run.out("Starting pflog.")
        self.routing()
        if self.on("pf_enable"):
            self.pf_start()
        if self.on("kern_securelevel_enable"):
            level = self.get("kern_securelevel")
            self.run.out("Raising kernel security level: \n"
                         "kern.securelevel: -1 -> " + level)
            self.state["sysctl"]["kern.securelevel"] = level
