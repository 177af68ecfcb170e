#!/usr/bin/python3
"""Replays the transcripts of a real FreeBSD against the fakes.

usage: replay.py [-v] [DIR of the transcripts] [FILE...]

Every command of a transcript is run by sh, in its order, against one fresh
machine; what it prints and its exit status must be as recorded. A command is
left out ("not claimed") when it needs a tool that has no fake, or a form of a
tool that its fake refuses with exit status 99; each file's line says how many.
/tmp and /etc are folders of the test's.
"""

import importlib.machinery
import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import boot
from transcripts import (BEFORE, BOOTS, HELPERS, INSTEAD, NORMAL, NOT_FAKED,
                         NOT_HERE, PF_CONF, PKROT, SCRIPTS, SETUP, steps,
                         values)

HERE = os.path.dirname(os.path.abspath(__file__))
FREEBSD = os.path.join(HERE, "freebsd")
DEFAULT = os.path.join(HERE, "..", "..", "..", "shared")

def module(name, path):
    """A program's code as a module, whatever its file is called."""
    loader = importlib.machinery.SourceFileLoader(name, path)
    found = importlib.util.module_from_spec(
        importlib.util.spec_from_loader(name, loader))
    loader.exec_module(found)
    return found


INSTALL = module("install", os.path.join(FREEBSD, "install"))


def programs(command):
    """The programs that a command line starts; None: not to be said."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars="();<>|&")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        words = list(lexer)
    except ValueError:
        return None
    if "$(" in command and "$(jot" not in command and \
            "$(printf" not in command or "`" in command.replace("\\`", ""):
        if "'" not in command:
            return None
    found, first, redirect = [], True, False
    for word in words:
        if word and set(word) <= set("<>"):
            redirect = True
        elif word and set(word) <= set(";|&"):
            first = True
        elif word and set(word) <= set("()"):
            return None
        elif redirect:
            redirect = False
        elif first:
            found.append(word)
            first = False
    return found


class Replay:
    """One transcript on one machine."""

    def __init__(self, path, source, verbose):
        self.name = os.path.basename(path)
        self.path = path
        self.verbose = verbose
        self.setup = SETUP.get(self.name, {})
        self.root = tempfile.mkdtemp(prefix="fake.")
        self.bin = os.path.join(self.root, "bin")
        self.good = self.bad = self.left = 0
        self.boots = list(BOOTS[self.name]) if self.name in BOOTS else None
        self.said = self.rules = ""
        INSTALL.install(
            self.bin, nics=self.setup.get("nics", []),
            modules=self.setup.get("modules", []),
            linklocal=self.setup.get("linklocal", {}),
            **{n + "_conf": os.path.join(self.root, "etc", n + ".conf")
               for n in ("rc", "pf", "ipsec")})
        for folder in ("etc", "tmp"):
            os.mkdir(os.path.join(self.root, folder))
        self.files(source)
        for line in self.setup.get("run", []):
            said, status = self.sh(line)
            if status:
                raise SystemExit("%s: set-up: %s: %s" % (self.name, line,
                                                         said))

    def files(self, source):
        """pf.conf as the transcripts print it, and what SETUP says."""
        wanted = dict(self.setup.get("files", {}))
        for step in steps(os.path.join(source, PF_CONF)):
            if step.command == "cat /etc/pf.conf":
                wanted["/etc/pf.conf"] = "\n".join(step.lines) + "\n"
        printed = {}
        for step in steps(self.path):
            found = re.match(
                r"^(?:cat|tail -5) (/tmp/rc\.(?:hand|broken)|/etc/rc\.conf)$",
                step.command or "")
            if found and found.group(1) not in printed:
                printed[found.group(1)] = "\n".join(step.lines) + "\n"
        wanted.update(printed)
        for path, text in wanted.items():
            with open(self.root + path, "w", encoding="utf-8") as file:
                file.write(text)
        for name, body in SCRIPTS.items():
            self.script(name, "#!/bin/sh\n" + body)
        self.script("pkrot", "#!%s -IS\n" % sys.executable + PKROT % (
            os.path.join(FREEBSD, "lib"), self.bin))
        self.script("sleep", "#!%s -IS\nimport sys\nsys.path.insert(0, %r)\n"
                    "import machine\nwith machine.Machine(%r) as host:\n"
                    "    host.state['clock'] += float(sys.argv[1])\n" % (
                        sys.executable, os.path.join(FREEBSD, "lib"),
                        self.bin))

    def script(self, name, text):
        """An executable beside the fakes."""
        path = os.path.join(self.bin, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)

    def sh(self, command):
        """(what it prints, its exit status)."""
        command = command.replace("./pkrot ", "pkrot ")
        escaped = self.root.replace("/", "\\/")
        command = command.replace("\\/tmp\\/", escaped + "\\/tmp\\/")
        command = re.sub(r"(?<![\w\\])/(tmp|etc)/", self.root + r"/\1/",
                         command)
        done = subprocess.run(
            ["/bin/sh", "-c", command], stdin=subprocess.DEVNULL,
            env={"PATH": self.bin + ":/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        said = done.stdout.decode("utf-8", "replace")
        return said.replace(self.root, ""), done.returncode

    def refused(self):
        """Whether a fake has said that it cannot do this."""
        path = os.path.join(self.bin, "log")
        if not os.path.exists(path):
            return False
        with open(path, encoding="utf-8") as file:
            codes = [json.loads(line)["exit"] for line in file]
        os.unlink(path)
        return 99 in codes

    def step(self, step):
        """One command."""
        if self.boots is not None and step.command:
            if step.command.startswith("tail -"):
                return self.boot(step)
            if step.command == "cat /vm/out/rc.log":
                return self.console(step)
        if step.command is None:
            with open(self.root + step.file, "w", encoding="utf-8") as file:
                file.write("\n".join(step.lines) + "\n")
            return
        started = programs(step.command)
        known = set(INSTALL.TOOLS) | HELPERS
        if not started or set(started) - known or \
                not set(started) & (
                    set(INSTALL.TOOLS) | {"cat", "./pkrot"}) or \
                NOT_HERE.get((self.name, step.command)):
            if started and set(started) <= HELPERS:
                self.sh(step.command)
            return self.leave(step)
        before = BEFORE.get((self.name, step.command))
        if before:
            self.sh(before)
        said, status = self.sh(step.command)
        if self.refused():
            return self.leave(step)
        if set(started) <= HELPERS and "/vm/" in step.command:
            return self.leave(step)
        want = "".join(line + "\n" for line in step.lines)
        if normal(said) == normal(want) and status == step.status:
            self.good += 1
            return
        self.bad += 1
        print("%s:%d: $ %s" % (self.name, step.line, step.command[:300]))
        show(want, step.status, said, status)

    def boot(self, step):
        """The machine starts from the files of this moment."""
        given = self.boots.pop(0)
        if not self.rules:
            with open(os.path.join(self.root, "etc", "pf.conf"),
                      encoding="utf-8") as file:
                self.rules = file.read()
        wanted = {"rc": "\n".join(step.lines) + "\n",
                  "ipsec": given.get("ipsec"),
                  "pf": self.rules + given.get("pf", "")
                        if given.get("pf", "") is not None else None}
        for name, text in wanted.items():
            path = os.path.join(self.root, "etc", name + ".conf")
            if os.path.exists(path):
                os.unlink(path)
            if text is not None:
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
        with open(os.path.join(self.bin, "fake.conf"), "r+",
                  encoding="utf-8") as file:
            conf = json.load(file)
            conf["modules"] = given.get("modules", [])
            file.seek(0)
            file.truncate()
            json.dump(conf, file)
        self.said = boot.boot(self.bin)[1].replace(self.root, "")

    def console(self, step):
        """All that the fake's boot says is in rc's log, in this order."""
        log = [normal(line.replace("/etc/rc.orig:", "/etc/rc:"))
               for line in step.lines]
        at = 0
        for line in normal(self.said).splitlines():
            if line not in log[at:]:
                self.bad += 1
                print("%s:%d: rc's log has no %r (or not there)" % (
                    self.name, step.line, line))
                return
            at = log.index(line, at) + 1
        self.good += 1

    def leave(self, step):
        """Not claimed; what it did to the machine may matter all the same."""
        self.left += 1
        instead = INSTEAD.get((self.name, step.command))
        if instead:
            self.sh(instead)
            self.refused()
        if self.verbose:
            print("%s:%d: not claimed: %s" % (self.name, step.line,
                                              step.command[:100]))

    def sysrc(self, value):
        """(exit, words, file) of setting v."""
        path = os.path.join(self.root, "tmp", "rc.u")
        done = subprocess.run(
            [os.path.join(self.bin, "sysrc"), "-f", path, "v=" + value],
            env={}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, check=False)
        with open(path, encoding="utf-8") as file:
            return (done.returncode, done.stdout.decode().replace(
                self.root, "").rstrip("\n"), file.read().rstrip("\n"))

    def escaping(self):
        """44: what sysrc makes of a value."""
        path = os.path.join(self.root, "tmp", "rc.u")
        found = values(self.path)
        if len(found) < 10:
            raise SystemExit("%s: values not found" % self.name)
        for value, code, words, old, new_code, new in found:
            self.sysrc("first")
            over = self.sysrc(value)
            if self.refused():
                self.left += 1
                over = (int(code), words, old)
            os.unlink(path)
            first = self.sysrc(value)
            os.unlink(path)
            if over == (int(code), words, old) and \
                    (first[0], first[2]) == (int(new_code), new):
                self.good += 2
                continue
            self.bad += 1
            print("%s: value %r: %r, %r" % (self.name, value, over, first))

    def run(self):
        """All of it; the numbers."""
        if self.name.startswith("44-"):
            self.escaping()
        for step in steps(self.path, self.setup.get("from"),
                          self.setup.get("until"),
                          self.setup.get("without")):
            self.step(step)
        print("%-26s %4d replayed, %3d wrong, %3d not claimed" % (
            self.name, self.good + self.bad, self.bad, self.left))
        shutil.rmtree(self.root)
        return self.good, self.bad, self.left


def normal(text):
    """The text without what may differ."""
    for pattern, instead in NORMAL:
        text = pattern.sub(instead, text)
    return text


def show(want, want_status, got, got_status):
    """Where two answers differ."""
    a, b = normal(want).splitlines(), normal(got).splitlines()
    for i in range(max(len(a), len(b))):
        left = a[i] if i < len(a) else None
        right = b[i] if i < len(b) else None
        if left != right:
            print("    recorded: %r\n    fake:     %r" % (left, right))
            break
    if want_status != got_status:
        print("    recorded exit %s, fake exit %s" % (want_status,
                                                      got_status))


def main(argv):
    """From the command line; (passed, failed, not claimed) by commands."""
    verbose = "-v" in argv
    argv = [a for a in argv if a != "-v"]
    source = argv[0] if argv else os.path.join(
        os.environ.get("MH_SHARED", DEFAULT), "freebsd")
    names = argv[1:] or sorted(
        n for n in os.listdir(source) if n.endswith(".txt"))
    total = [0, 0, 0]
    for name in names:
        path = os.path.join(source, name)
        if name in NOT_FAKED:
            counts = (0, 0, len(steps(path)))
            print("%-26s none replayed: %s" % (name, NOT_FAKED[name]))
        else:
            counts = Replay(path, source, verbose).run()
        total = [a + b for a, b in zip(total, counts)]
    print("transcripts: %d commands as recorded, %d wrong, %d not claimed" %
          tuple(total))
    return total


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:])[1] > 0)
