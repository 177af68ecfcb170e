"""sysctl: the values this project reads or a test sets (60, 23)."""

import time

import frame
import machine

READ_ONLY = {"kern.ostype", "kern.osreldate", "net.fibs", "hw.ncpu",
             "hw.machine_arch"}
ONLY_UP = "kern.securelevel"


def changes(argv):
    """Whether a value is set."""
    return any("=" in word for word in argv)


def boottime(state):
    """Not in the transcripts: the form is that of FreeBSD's sysctl(8)."""
    second = int(state.get("booted", 1795366397))
    return "{ sec = %d, usec = 512000 } %s" % (
        second, time.strftime("%a %b %e %H:%M:%S %Y", time.gmtime(second)))


def work(run):
    """sysctl [-n] [-q] [-i] NAME[=VALUE]..."""
    opts, argv = "", list(run.argv)
    while argv and argv[0][:1] == "-":
        opts += argv.pop(0)[1:]
    if not argv or set(opts) - set("nqi"):
        frame.not_implemented(run)
    status = 0
    with machine.Machine(run.dir) as host:
        for word in argv:
            status = max(status, one(run, host.state, opts, word))
    return status


def one(run, state, opts, word):
    """NAME or NAME=VALUE; the exit status."""
    name, sets, value = word.partition("=")
    values = dict(state["sysctl"])
    values["kern.boottime"] = boottime(state)
    if name not in values:
        under = [n for n in values if n.startswith(name + ".")]
        if under and not sets:
            for each in under:
                run.out("%s: %s" % (each, values[each]))
            return 0
        if "i" not in opts:
            run.err("sysctl: unknown oid '%s'" % name)
        return 0 if "i" in opts else 1
    old = values[name]
    label = "" if "n" in opts else name + ": "
    if not sets:
        run.out(label + old)
        return 0
    if name in READ_ONLY or name == "kern.boottime":
        run.err("sysctl: oid '%s' is read only" % name)
        return 1
    if not value:
        run.err("sysctl: empty numeric value")
        return 1
    try:
        int(value)
    except ValueError:
        run.err("sysctl: invalid integer '%s'" % value)
        return 1
    if name == ONLY_UP and int(value) < int(old):
        run.out(label + old)
        run.err("sysctl: %s: Operation not permitted" % word)
        return 1
    state["sysctl"][name] = value
    run.out("%s%s -> %s" % (label, old, value))
    return 0
