"""What `lab WORD` does, one function a word."""

import glob
import os
import shlex
import subprocess
import sys
import time

import lifecycle
from instance import Instance
from place import LAB, ROOT, LabError


PROGRAMS = ["multihomed", "multihomed-engine", "multihomed-http", "mhctl"]


def built(name):
    return os.path.join(ROOT, "build", name)


class Usage(Exception):
    pass


def call(word, args):
    function = COMMANDS.get(word)
    if function is None:
        raise Usage(f"no command {word}")
    return function(args)


def up_options(args):
    options = {}
    args = list(args)
    while args:
        option = args.pop(0)
        if option == "--full":
            options["full"] = True
        elif option == "--variant" and args:
            options["variant"] = args.pop(0)
        elif option == "--port" and args and args[0].isdigit():
            options["api_port"] = int(args.pop(0))
        else:
            raise Usage(f"unknown option {option}")
    return options


def up(args):
    instance = Instance()
    lifecycle.up(instance, **up_options(args))
    tell(instance)
    return 0


def down(args):
    no_more(args)
    Instance().end()
    return 0


def status(args):
    no_more(args)
    instance = Instance()
    if not instance.alive():
        print("no lab is running")
        return 1
    tell(instance)
    return 0


def run(args):
    if len(args) < 2:
        raise Usage("lab run ROUTER COMMAND...")
    command = args[1] if len(args) == 2 else shlex.join(args[1:])
    return lifecycle.run(Instance(), args[0], command)[0]


def shell_in(args):
    if len(args) != 1:
        raise Usage("lab sh ROUTER")
    command = f"PS1='{args[0]}# ' exec sh -i"
    return lifecycle.run(Instance(), args[0], command, terminal=True)[0]


def shell(args):
    instance = Instance()
    try:
        lifecycle.up(instance, **up_options(args))
        tell(instance)
        print("Ctrl-C ends the lab.", flush=True)
        while instance.alive():
            time.sleep(1)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        instance.end()


def tell(instance):
    lab = os.path.relpath(os.path.join(LAB, "lab"))
    print(f"  a shell in a router       {lab} sh hobgp")
    print(f"  one command               {lab} run hobgp vtysh -c 'show bgp summary'")
    if os.path.exists(instance.path("contexts.json")):
        contexts = os.path.relpath(instance.path("contexts.json"))
        print(f"  the API of hobgp          http://127.0.0.1:{instance.state['api_port']}/")
        print(f"  the command-line client   MHCTL_CONTEXTS={contexts} "
              f"{os.path.relpath(built('mhctl'))} status")
    else:
        print(f"  the API of hobgp          none (would be 127.0.0.1:"
              f"{instance.state['api_port']})")
    sys.stdout.flush()


def child_environment(instance):
    return {**os.environ, "LAB_INSTANCE": instance.name,
            "LAB": os.path.join(LAB, "lab"), "LAB_DIR": instance.directory,
            "LAB_API": f"http://127.0.0.1:{instance.state['api_port']}",
            "MHCTL": built("mhctl"),
            "MHCTL_CONTEXTS": instance.path("contexts.json")}


def demo(args):
    began = time.monotonic()
    missing = [name for name in PROGRAMS if not os.path.exists(built(name))]
    if missing:
        raise LabError("the tour needs " + ", ".join(missing) + ": run make")
    instance = Instance("demo")
    try:
        # The third provider comes by the API.
        lifecycle.up(instance, **{"variant": "no-route64", **up_options(args)})
        code = subprocess.run(
            ["sh", os.path.join(LAB, "demo.sh")], cwd=ROOT, check=False,
            env=child_environment(instance)).returncode
    finally:
        instance.end()
    print(f"\nThe whole tour, booting included, took "
          f"{time.monotonic() - began:.0f} seconds.")
    return code


def test(args):
    """One line a test on standard output: ok, FAIL or skip; before ok, what it said. A test
    is a program that exits 0, 77 for skip, or anything else; its last line of output is the
    reason."""
    names = args or sorted(
        os.path.basename(path) for end in ("sh", "py")
        for path in glob.glob(os.path.join(LAB, "test_*." + end)))
    counts = {"ok": 0, "FAIL": 0, "skip": 0}
    for variant in sorted({variant_of(name) for name in names}):
        instance = Instance("test")
        try:
            lifecycle.up(instance, variant=variant)
            for name in names:
                if variant_of(name) == variant:
                    verdict, reason = one_test(instance, name)
                    counts[verdict] += 1
                    print(f"{verdict} {name.rpartition('.')[0]} {reason}".rstrip(),
                          flush=True)
        finally:
            instance.end()
    print(f"lab: {counts['ok']} passed, {counts['FAIL']} failed, "
          f"{counts['skip']} skipped")
    return 1 if counts["FAIL"] else 0


def variant_of(name):
    """A test names its lab in a line "# lab: VARIANT"; "" is the whole network."""
    try:
        with open(os.path.join(LAB, os.path.basename(name)), encoding="utf-8") as file:
            for line in file.readlines()[:20]:
                if line.startswith("# lab: "):
                    return line.split()[2]
    except FileNotFoundError as error:
        raise LabError(f"no test {name}") from error
    return ""


def figures(args):
    """What the lab measures, in the format of `make bench`."""
    no_more(args)
    instance = Instance("figures")
    try:
        lifecycle.up(instance, variant="no-route64")
        return subprocess.run([sys.executable, os.path.join(LAB, "figures.py")], cwd=ROOT,
                              check=False, env=child_environment(instance)).returncode
    finally:
        instance.end()


def one_test(instance, name):
    path = os.path.join(LAB, os.path.basename(name))
    interpreter = sys.executable if name.endswith(".py") else "sh"
    try:
        done = subprocess.run(
            [interpreter, path], cwd=ROOT, env=child_environment(instance), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, check=False, timeout=900)
        output, code = done.stdout, done.returncode
    except subprocess.TimeoutExpired:
        output, code = "not done within 900 s", 1
    if code == 0:  # what it has measured, if it says so
        print("".join(f"# {line}\n" for line in output.splitlines()), end="")
        return "ok", ""
    lines = output.strip().splitlines() or [f"exit status {code}"]
    if code != 77:
        sys.stderr.write("".join(f"  {line}\n" for line in lines))
    return ("skip" if code == 77 else "FAIL"), lines[-1]


def no_more(args):
    if args:
        raise Usage(f"unexpected {args[0]}")


COMMANDS = {"up": up, "down": down, "status": status, "run": run, "sh": shell_in,
            "shell": shell, "demo": demo, "test": test, "figures": figures}
