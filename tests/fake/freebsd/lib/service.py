"""service: pf, ipsec, and netif for one interface that rc.conf clones (22, 30,
41)."""

import os

import frame
import machine
import rc

QUERIES = ("status", "check", "enabled", "onestatus", "onecheck")


def changes(argv):
    """Whether a run with these arguments changes something."""
    return len(argv) > 1 and argv[1] not in QUERIES


def work(run):
    """service NAME COMMAND [INTERFACE]."""
    argv = run.argv
    if len(argv) < 2 or argv[0][:1] == "-":
        frame.not_implemented(run)
    if argv[0] not in ("pf", "netif", "ipsec"):
        if argv[0] == "nosuch":
            run.err("nosuch does not exist in /etc/rc.d or the local startup"
                    "\ndirectories (/usr/local/etc/rc.d), or is not "
                    "executable")
            return 1
        frame.not_implemented(run)
    with machine.Machine(run.dir) as host:
        try:
            script = rc.Rc(host, run, "/etc/rc.d/" + argv[0])
        except rc.Aborted:
            frame.not_implemented(run, "rc.conf cannot be read")
        if argv[0] == "pf" and len(argv) == 2:
            return pf(run, script, argv[1])
        if argv[0] == "ipsec" and len(argv) == 2:
            return ipsec(run, script, argv[1])
        if argv[0] == "netif" and len(argv) == 3:
            return netif(run, script, argv[1], argv[2])
    return frame.not_implemented(run)


def pf(run, script, command):
    """/etc/rc.d/pf."""
    plain = command[3:] if command.startswith("one") else command
    if plain not in ("start", "stop", "restart", "reload", "check",
                     "status", "enabled"):
        frame.not_implemented(run)
    enabled = script.on("pf_enable")
    if plain == "enabled":
        return 0 if enabled else 1
    if plain == command and not enabled:
        run.out("Cannot '%s' pf. Set pf_enable to YES in /etc/rc.conf or use "
                "'one%s' instead of '%s'." % (command, command, command))
        return 0
    loaded = machine.module(script.state, "pf")
    if plain == "status":
        if not loaded:
            run.out("pf.ko is not loaded")
            return 1
        _, inner = script.pfctl("-s", "info")
        run.said += inner.said
        return 0 if script.state["pf"]["enabled"] else 1
    if plain in ("check", "reload"):
        run.out("Checking pf rules." if plain == "check" else
                "Reloading pf rules.")
        for options in (["-n", "-f"], ["-f"]):
            status, inner = script.pfctl(*(options + [script.rules()]))
            run.said += inner.said
            if status or plain == "check":
                return status
        return 0
    if plain in ("stop", "restart") and loaded and \
            script.state["pf"]["enabled"]:
        _, inner = script.pfctl("-d", "-q")
        run.raw(1, "Disabling pf" + "".join(t for _, t in inner.said) + ".\n")
    if plain == "stop":
        return 0
    return script.pf_start()


def ipsec(run, script, command):
    """/etc/rc.d/ipsec."""
    if command == "onestatus":
        run.out("ipsec is not running.")
        return 1
    if command not in ("start", "stop", "restart", "reload"):
        frame.not_implemented(run)
    if not script.on("ipsec_enable"):
        run.out("Cannot '%s' ipsec. Set ipsec_enable to YES in /etc/rc.conf "
                "or use 'one%s' instead of '%s'." % (command, command,
                                                     command))
        return 0
    if command in ("stop", "restart"):
        run.out("Clearing ipsec manual keys/policies.")
        machine.load_module(script.state, "ipsec")
        script.state["sas"].clear()
    if command == "stop":
        return 0
    path = script.ipsec_file()
    if not os.access(path, os.R_OK):
        run.err("/etc/rc.d/ipsec: WARNING: %s not readable; ipsec start "
                "aborted." % path)
        return 1
    run.out("%s ipsec manual keys/policies." % (
        "Reloading" if command == "reload" else "Installing"))
    return script.setkey(path)


def netif(run, script, command, name):
    """/etc/rc.d/netif, exit 0 whatever happens."""
    cloned = script.get("cloned_interfaces").split()
    link = machine.link(script.state, name)
    if command not in ("start", "stop", "restart", "cloneup", "clonedown"):
        frame.not_implemented(run)
    if command in ("stop", "restart", "clonedown"):
        if link is None:
            run.err("/etc/rc.d/netif: WARNING: %s does not exist.  Skipped."
                    % name)
            return 0
        if command != "clonedown":
            run.out("Stopping Network: %s." % name)
            link["addrs"] = []
            link["up"] = False
            script.list([name])
        if name in cloned:
            machine.destroy(script.state, link)
            run.out("Destroyed clone interfaces: %s." % name)
    if command in ("start", "restart", "cloneup"):
        if name in cloned and not machine.link(script.state, name):
            script.clone([name])
        if command == "cloneup":
            return 0
        if not machine.link(script.state, name):
            frame.not_implemented(run, "an interface that does not exist")
        script.configure(name)
        run.out("Starting Network: %s." % name)
        script.list([name])
    return 0
