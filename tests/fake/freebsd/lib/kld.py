"""kldstat, kldload, kldunload (60, 10, 11, 22, 23)."""

import frame
import machine

KERNEL = " 1   %2d 0xffffffff80200000   b3b998 kernel"


def kldstat_changes(_argv):
    """Never."""
    return False


def load_changes(_argv):
    """Always."""
    return True


def kldstat(run):
    """kldstat -q -m X, -m X, -n X, -q -n X."""
    argv = list(run.argv)
    quiet = False
    while argv and argv[0] in ("-q",):
        quiet = True
        argv.pop(0)
    if len(argv) == 1 and argv[0] == "-qm":
        argv = []
    if len(argv) != 2 or argv[0] not in ("-m", "-n"):
        frame.not_implemented(run)
    name = argv[1]
    with machine.Machine(run.dir) as host:
        loaded = machine.module(
            host.state, name[:-3] if name.endswith(".ko") and argv[0] == "-n"
            else name)
    if argv[0] == "-m":
        number = machine.BUILT_IN.get(name) or loaded and loaded["module"]
        if not number:
            if not quiet:
                run.err("kldstat: can't find module %s: No such file or "
                        "directory" % name)
            return 1
        if not quiet:
            run.out("Id  Refs Name")
            run.out("%3d %4d %s" % (number, 1, name))
        return 0
    if not loaded:
        if not quiet:
            run.err("kldstat: can't find file %s: No such file or directory"
                    % name)
        return 1
    if not quiet:
        frame.not_implemented(run, "addresses of modules")
    return 0


def kldload(run):
    """kldload [-n] X."""
    argv = list(run.argv)
    only_new = argv[:1] == ["-n"]
    if only_new:
        argv.pop(0)
    if len(argv) != 1:
        frame.not_implemented(run)
    with machine.Machine(run.dir) as host:
        why = machine.load_module(host.state, argv[0])
    if why and not (only_new and why.startswith("module already")):
        run.err("kldload: can't load %s: %s" % (argv[0], why))
        return 1
    return 0


def kldunload(run):
    """kldunload X."""
    if len(run.argv) != 1:
        frame.not_implemented(run)
    with machine.Machine(run.dir) as host:
        why = machine.unload_module(host.state, run.argv[0])
    if why == "missing":
        run.err("kldunload: can't find file " + run.argv[0])
        return 1
    if why:
        run.err("kldunload: can't unload file: " + why)
        return 1
    return 0
