"""sysrc: variables of rc.conf, with its (missing) escaping (40, 43, 44).

The file is read as sysrc reads it: a shell with an empty environment sources
it, so that what is written is executed, as on the real machine.
"""

import os
import re
import subprocess

import frame
import machine
from frame import Exit

DEFAULTS = {
    # /etc/defaults/rc.conf, as far as this project touches it
    "cloned_interfaces": "", "pf_enable": "NO", "pf_rules": "/etc/pf.conf",
    "kern_securelevel_enable": "NO", "kern_securelevel": "-1",
    "static_routes": "", "ipv6_static_routes": "", "gateway_enable": "NO",
    "ipv6_gateway_enable": "NO", "ipsec_enable": "NO",
    "ipsec_file": "/etc/ipsec.conf", "pflog_enable": "NO", "kld_list": "",
    "hostname": "", "defaultrouter": "NO", "ipv6_defaultrouter": "NO",
    "ifconfig_lo0": "inet 127.0.0.1/8",
}
USAGE = """Usage: sysrc [OPTIONS] {name[[+|-]=value] ... | -a | -A | -l | -L \
[name ...]}
Try `sysrc --help' for more information.
"""


def changes(argv):
    """Whether a run with these arguments changes something."""
    try:
        opts, _, rest = options(argv)
    except ValueError:
        return False
    return "c" not in opts and ("x" in opts or any("=" in w for w in rest))


def options(argv):
    """(letters, file or None, words)."""
    letters, path, rest = set(), None, list(argv)
    while rest and rest[0][:1] == "-" and len(rest[0]) > 1:
        word = rest.pop(0)
        if word[1] == "-":
            raise ValueError(word)
        body = word[1:]
        while body:
            letter, body = body[0], body[1:]
            if letter == "f":
                path = body or rest.pop(0)
                body = ""
            elif letter in "cinqvxe":
                letters.add(letter)
            else:
                raise ValueError(word)
    return letters, path, rest


def shell(path, script, *arguments):
    """(status, out, words on standard error) of a shell without a path."""
    done = subprocess.run(
        ["/bin/sh", "-c", script, "sh", path] + list(arguments),
        env={"PATH": "/nonexistent"}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return (done.returncode, done.stdout.decode("utf-8", "surrogateescape"),
            done.stderr.decode("utf-8", "surrogateescape"))


def syntax(path):
    """The shell's complaint about the file, or None."""
    done = subprocess.run(["/bin/sh", "-n", path], check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode == 0:
        return None
    return done.stdout.decode("utf-8", "surrogateescape").strip()


def value_of(path, name):
    """The value after sourcing the file; a default's; None: unknown."""
    if os.path.exists(path):
        _, out, _ = shell(
            path, '. "$1" >/dev/null 2>&1; eval "x=\\${$2+set}"; '
            '[ -n "$x" ] && eval "printf %s \\"=\\$$2\\""', name)
        if out[:1] == "=":
            return out[1:]
    return DEFAULTS.get(name)


def assignment(name):
    """What sysrc takes for the line that sets this variable."""
    return re.compile(r"^(\s*%s=)(\"[^\"\n]*\"|'[^'\n]*'|[^\s#;]*)(.*)$"
                      % re.escape(name), re.S)


class Sysrc:
    """One run."""

    def __init__(self, run, opts, path):
        self.run = run
        self.opts = opts
        self.path = path
        self.status = 0

    def unknown(self, name):
        """Neither here nor among the defaults."""
        if not self.opts & {"i", "q"}:
            self.run.err("sysrc: unknown variable '%s'" % name)
        self.status = 1

    def words(self, rest):
        """Every word of the command line."""
        for word in rest:
            found = re.match(r"^(.*?)([+-]?=)(.*)$", word, re.S)
            name = found.group(1) if found else word
            if "x" in self.opts:
                self.remove(name)
            elif found:
                self.name(name)
                if self.assign(name, found.group(2)[:-1], found.group(3)):
                    self.status = 1
            else:
                self.name(name)
                self.show(name)
        return self.status

    def name(self, name):
        """Names the shell would not take."""
        if not name:
            raise Exit(1)
        if re.search(r"[^A-Za-z0-9_-]", name):
            self.run.err("sysrc: %s: name contains characters not allowed in "
                         "shell" % name)
            raise Exit(1)
        if "-" in name or name[0].isdigit():
            frame.not_implemented(self.run, "a name the shell cannot have")

    def show(self, name):
        """NAME."""
        value = value_of(self.path, name)
        if value is None:
            self.unknown(name)
        elif "c" not in self.opts:
            if "e" in self.opts:
                self.run.out('%s="%s"' % (name, value))
            else:
                self.run.out(self.label(name) + value)

    def label(self, name):
        """What stands before the value."""
        if "n" in self.opts:
            return ""
        where = self.path + ": " if "v" in self.opts else ""
        return where + name + ": "

    def assign(self, name, how, value):
        """NAME=VALUE, NAME+=VALUE, NAME-=VALUE; the exit status."""
        old = value_of(self.path, name) or ""
        if how:
            value = listed(old, how, value)
        if "c" in self.opts:
            return 0 if old == value else 1
        text = self.read()
        if text is None and not os.path.isdir(os.path.dirname(self.path)):
            self.run.err("/usr/sbin/sysrc: cannot create %s: No such file or "
                         "directory" % self.path)
            return 1
        lines = (text or "").split("\n")
        form = assignment(name)
        at = [i for i, line in enumerate(lines) if form.match(line)]
        if at:
            found = form.match(lines[at[-1]])
            quote = "'" if found.group(2)[:1] == "'" else '"'
            # awk -v takes backslashes for its own.
            lines[at[-1]] = found.group(1) + quote + awk(value) + quote + \
                found.group(3)
            new = "\n".join(lines)
            if "\n" in value:
                frame.not_implemented(self.run, "a newline over an old value")
            if not self.whole(new):
                self.run.err("sysrc: Not overwriting `%s' due to previous "
                             "syntax errors" % self.path)
                return 1
        else:
            new = text or ""
            if new and not new.endswith("\n"):
                new += "\n"
            new += '%s="%s"\n' % (name, value)
        self.write(new)
        self.run.out(self.label(name) + old + " -> " +
                     (value_of(self.path, name) or ""))
        return 0

    def remove(self, name):
        """-x NAME: every line that sets it."""
        if value_of(self.path, name) is None:
            self.unknown(name)
            return
        text = self.read()
        if text is None:
            return
        form = assignment(name)
        self.write("".join(line for line in text.splitlines(True)
                           if not form.match(line)))

    def read(self):
        """The file's text, None where there is none."""
        try:
            with open(self.path, encoding="utf-8", newline="",
                      errors="surrogateescape") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def whole(self, text):
        """Whether the shell can read the new file."""
        temporary = "%s/tmp.%d" % (os.path.join(self.run.dir, "state"),
                                   os.getpid())
        with open(temporary, "w", encoding="utf-8", newline="",
                  errors="surrogateescape") as file:
            file.write(text)
        why = syntax(temporary)
        os.unlink(temporary)
        return why is None

    def write(self, text):
        """A temporary file that is moved there; a link becomes a file."""
        temporary = "%s.%d" % (self.path, os.getpid())
        with open(temporary, "w", encoding="utf-8", newline="",
                  errors="surrogateescape") as file:
            file.write(text)
        if os.path.exists(self.path):
            os.chmod(temporary, os.stat(self.path).st_mode & 0o7777)
        os.rename(temporary, self.path)


def awk(value):
    """The backslashes that awk -v takes away."""
    return re.sub(r"\\(.)", lambda m: {"t": "\t", "n": "\n", "\\": "\\"}.get(
        m.group(1), "\\" + m.group(1)), value, flags=re.S)


def listed(old, how, value):
    """The list with the words added, or without them."""
    delimiter = value[0] if value and not value[0].isalnum() and \
        value[0] not in "_/.$-" else " "
    new = [w for w in old.split(delimiter) if w]
    for word in [w for w in value.split(delimiter) if w]:
        if how == "+" and word not in new:
            new.append(word)
        elif how == "-":
            new = [w for w in new if w != word]
    return delimiter.join(new)


def work(run):
    """The whole run."""
    try:
        opts, path, rest = options(run.argv)
    except (ValueError, IndexError):
        frame.not_implemented(run)
    if not rest:
        run.raw(2, USAGE)
        return 1
    path = path or machine.config(run.dir)["rc_conf"]
    # A lock the real one does not have: its writers lose each other's
    # changes (40); what is tested here is not that.
    lock = frame.locked(os.path.join(run.dir, "state"), "sysrc.lock")
    try:
        if os.path.exists(path):
            why = syntax(path)
            if why:
                run.err(why)
                run.err("sysrc: Exiting due to previous syntax errors")
                return 1
        return Sysrc(run, opts, path).words(rest)
    finally:
        os.close(lock)
