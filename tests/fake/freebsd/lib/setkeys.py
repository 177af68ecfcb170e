"""setkey, and the kernel's keys for TCP-MD5 behind it (30, 34).

state["sas"] is the kernel's list, the newest pair of addresses first; each has
src, dst, spi, key (hexadecimal) and at. All are for tcp and tcp-md5, mature.
"""

import ipaddress
import os
import random
import re
import time

import frame
import machine

USAGE = """usage: setkey [-v] -c
       setkey [-v] -f filename
       setkey [-Pagltv] -D
       setkey [-Pv] -F
       setkey [-h] -x"""
EXISTS, SEARCH, INVALID = "File exists", "No such process", "Invalid argument"
TOKEN = re.compile(r"#[^\n]*|[ \t\r]+|(?P<newline>\n)|(?P<string>\"[^\"\n]*\")"
                   r"|(?P<end>;)|(?P<punct>[\[/])|"
                   r"(?P<word>-[A-Za-z0-9]+|[A-Za-z0-9_.:%][^ \t\r\n;\"\[/#]*)")
COMMANDS = {"add", "get", "delete", "deleteall", "flush", "spdflush", "dump"}
# Options in front of -A that take a word.
OPTIONS = {"-m", "-u", "-lh", "-ls", "-r"}


class Wrong(Exception):
    """The text ends here: what to say, "parse failed" and its line apart."""

    def __init__(self, words, failed=True):
        Exception.__init__(self, words)
        self.words = words
        self.failed = failed


# The kernel


def same(entry, src, dst):
    """Of this direction."""
    return (entry["src"], entry["dst"]) == (src, dst)


def of(state, src, dst):
    """The keys of a direction, the oldest first."""
    return [s for s in state["sas"] if same(s, src, dst)]


def prefer_old(state):
    """Which of several is used, and deleted."""
    return state["sysctl"]["net.key.preferred_oldsa"] != "0"


def free_spi(state, wanted):
    """The wanted one unless it is in use."""
    used = {s["spi"] for s in state["sas"]}
    while wanted in used or wanted is None:
        wanted = random.randrange(0x0100000, 0x0fffffff)
    return wanted


def insert(state, src, dst, spi, key):
    """A new one: behind the others of its direction, or first of all."""
    entry = {"src": src, "dst": dst, "spi": spi, "key": key,
             "at": machine.now(state)}
    there = [i for i, s in enumerate(state["sas"]) if same(s, src, dst)]
    place = there[-1] + 1 if there else state["places"].pop(
        "%s %s" % (src, dst), 0)
    state["sas"].insert(min(place, len(state["sas"])), entry)


def add(state, src, dst, spi, key):
    """SADB_ADD; the errno's words or None."""
    if not machine.module(state, "tcpmd5"):
        return INVALID
    if spi == 0 or of(state, src, dst):
        return EXISTS
    insert(state, src, dst, free_spi(state, spi), key)
    return None


def remove(state, entry):
    """For as long as the run lasts its place is kept for another one."""
    state["places"]["%s %s" % (entry["src"], entry["dst"])] = \
        state["sas"].index(entry)
    state["sas"].remove(entry)


def delete(state, src, dst):
    """SADB_DELETE, whatever the SPI: the one that is used."""
    found = of(state, src, dst)
    if not found:
        return SEARCH
    remove(state, found[0] if prefer_old(state) else found[-1])
    return None


# The text


def address(word, number):
    """Its usual form."""
    host, percent, zone = word.partition("%")
    try:
        return str(ipaddress.ip_address(host)) + percent + zone
    except ValueError:
        pass
    if re.fullmatch(r"[A-Za-z0-9_.-]+", word):
        raise Wrong("line %d: Name does not resolve at [%s]" % (number, word))
    raise Wrong("line %d: syntax error at [%s]" % (number, word))


def addresses(words, number):
    """Pairs of source and destination."""
    if words[0] == words[1] == "localhost":
        return [("::1", "::1"), ("127.0.0.1", "127.0.0.1")]
    pair = address(words[0], number), address(words[1], number)
    if (":" in pair[0]) != (":" in pair[1]):
        raise Wrong("")
    return [pair]


class Script:
    """What setkey reads from a file or from standard input."""

    def __init__(self, run, state, text):
        self.run = run
        self.state = state
        self.text = text
        self.at = 0
        self.line = 1

    def token(self):
        """(kind, word); kind None at the end."""
        while self.at < len(self.text):
            found = TOKEN.match(self.text, self.at)
            if not found:
                raise Wrong("line %d: Syntax error at [%s]" % (
                    self.line, self.text[self.at]), False)
            self.at = found.end()
            if found.lastgroup == "newline":
                self.line += 1
            elif found.lastgroup == "word" and found.group() == "-1":
                raise Wrong("line %d: Syntax error at [-]" % self.line, False)
            elif found.lastgroup:
                return found.lastgroup, found.group()
        return None, ""

    def bad(self, word):
        """The parser's complaint."""
        return Wrong("line %d: syntax error at [%s]" % (self.line, word))

    def take(self, *kinds):
        """A token of one of these kinds."""
        kind, word = self.token()
        if kind not in kinds:
            raise self.bad(word)
        return word

    def pair(self):
        """[-4 | -6] SRC DST"""
        words = []
        while len(words) < 2:
            word = self.take("word")
            if word[0] != "-":
                words.append(word)
        return words

    def protocol(self):
        """Only tcp is faked."""
        word = self.take("word")
        if word != "tcp":
            frame.not_implemented(self.run, "keys for " + word)

    def spi(self):
        """A number; 32 bits of it count."""
        word = self.take("word")
        if not re.fullmatch(r"0x[0-9A-Fa-f]+|[0-9]+", word):
            raise self.bad(word)
        return int(word, 0) & 0xffffffff

    def key(self):
        """-A tcp-md5 KEY as hexadecimal, None for what the kernel refuses."""
        lifetime, word = False, self.take("word")
        while word in OPTIONS:
            lifetime = lifetime or word in ("-lh", "-ls")
            self.take("word")
            word = self.take("word")
        if word != "-A":
            raise self.bad(word)
        word = self.take("word")
        if word != "tcp-md5":
            raise self.bad(word)
        word = self.take("string", "word")
        if word[0] == '"':
            key = word[1:-1].encode("utf-8", "surrogateescape").hex()
        elif word[:2] == "0x":
            key = "0" * (len(word) % 2) + word[2:]
        else:
            raise self.bad(word)
        if not 1 <= len(key) // 2 <= 80:
            raise Wrong("")
        return None if lifetime else key.lower()

    def done(self, why):
        """What the kernel said to the command that ends here."""
        if why:
            self.run.err("The result of line %d: %s." % (self.line, why))

    def command(self, word):
        """One, its semicolon and all."""
        if word not in COMMANDS:
            raise self.bad(word)
        if word in ("flush", "spdflush", "dump"):
            self.take("end")
            if word == "flush":
                self.state["sas"].clear()
            elif word == "dump":
                if self.state["sas"]:
                    frame.not_implemented(self.run, "dump in a script")
                self.done("No SAD entries")
            return
        words = self.pair()
        pairs = None
        if word == "add":
            pairs = addresses(words, self.line)
        self.protocol()
        spi = self.spi() if word != "deleteall" else 0
        key = self.key() if word == "add" else None
        self.take("end")
        for src, dst in pairs or addresses(words, self.line):
            self.carry_out(word, src, dst, spi, key)

    def carry_out(self, word, src, dst, spi, key):
        """For one pair."""
        if word == "add":
            self.done(INVALID if key is None else
                      add(self.state, src, dst, spi, key))
        elif word == "delete":
            self.done(delete(self.state, src, dst))
        elif word == "deleteall":
            for entry in of(self.state, src, dst):
                remove(self.state, entry)
        else:
            found = of(self.state, src, dst)
            if not found:
                self.done(SEARCH)
            else:
                show(self.run, self.state, found[0], 0, 2)

    def main(self):
        """The exit status. Earlier commands stay when one cannot be read."""
        try:
            while True:
                kind, word = self.token()
                if kind is None:
                    return 0
                if kind == "end":
                    continue
                if kind != "word":
                    raise self.bad(word)
                self.command(word)
        except Wrong as why:
            if str(why):
                self.run.err(str(why))
            if why.failed:
                self.run.err("parse failed, line %d." % self.line)
            return 1


def load(run, state, text):
    """What setkey -f does with a file at boot."""
    state["places"] = {}
    status = Script(run, state, text).main()
    state.pop("places")
    return status


# The program


def show(run, state, entry, number, references):
    """One as setkey -D prints it."""
    stamp = time.strftime("%b %d %H:%M:%S %Y", time.gmtime(entry["at"]))
    now = machine.now(state)
    age = int(now) - int(entry["at"])
    groups = " ".join(entry["key"][i:i + 8]
                      for i in range(0, len(entry["key"]), 8))
    out = run.out
    out("%s %s" % (entry["src"], entry["dst"]))
    out("\ttcp mode=any spi=%d(0x%08x) reqid=0(0x00000000)" % (
        entry["spi"], entry["spi"]))
    out("\tA: tcp-md5  " + groups)
    out("\tseq=0x00000000 replay=0 flags=0x00000040 state=mature ")
    out("\tcreated: %s\tcurrent: %s" % (stamp, time.strftime(
        "%b %d %H:%M:%S %Y", time.gmtime(now))))
    out("\tdiff: %d(s)\thard: 0(s)\tsoft: 0(s)" % age)
    out("\tlast:                     \thard: 0(s)\tsoft: 0(s)")
    out("\tcurrent: 0(bytes)\thard: 0(bytes)\tsoft: 0(bytes)")
    out("\tallocated: 0\thard: 0\tsoft: 0")
    out("\tsadb_seq=%d pid=%d refcnt=%d" % (number, os.getpid(), references))


def verbose(run, entry, number):
    """The message that told of it, as setkey -Dv prints it."""
    out = run.out
    bytes_ = len(entry["key"]) // 2
    six = ":" in entry["src"]
    length = 22 if six else 18
    out("sadb_msg{ version=2 type=10(DUMP) errno=0 satype=11")
    out("  len=%d reserved=1 seq=%d pid=%d" % (
        length + (bytes_ - 1) // 8, number, os.getpid()))
    out("sadb_ext{ len=2 type=1(SA) }")
    out("sadb_sa{ spi=%d replay=0 state=1" % entry["spi"])
    out("  auth=252 encrypt=0 flags=0x00000040 }")
    out("sadb_ext{ len=2 type=19(SA2) }")
    out("sadb_x_sa2{ mode=0 reqid=0")
    out("  reserved1=0 reserved2=0 sequence=0 }")
    out("sadb_ext{ len=4 type=2(LIFETIME_CURRENT) }")
    out("sadb_lifetime{ alloc=0, bytes=0")
    out("  addtime=%d, usetime=0 }" % entry["at"])
    for kind, name in ((5, "SRC"), (6, "DST")):
        out("sadb_ext{ len=%d type=%d(ADDRESS_%s) }" % (
            5 if six else 3, kind, name))
        out("sadb_address{ proto=255 prefixlen=%d reserved=0x0000 }" % (
            128 if six else 32))
        out("sockaddr{ len=%d family=%d addr=%s }" % (
            28 if six else 16, 28 if six else 2, entry[name.lower()]))
    out("sadb_ext{ len=%d type=8(KEY_AUTH) }" % (1 + (bytes_ + 7) // 8))
    out("sadb_key{ bits=%d reserved=0" % (bytes_ * 8))
    out("  key= %s }" % " ".join(entry["key"][i:i + 8] for i in range(
        0, len(entry["key"]), 8)))
    out("")


def dump(run, state, details):
    """setkey -D."""
    if not state["sas"]:
        run.out("No SAD entries.")
        return 0
    if details:
        out = run.out
        out("sadb_msg{ version=2 type=10(DUMP) errno=0 satype=0")
        out("  len=2 reserved=0 seq=0 pid=%d" % os.getpid())
        out("")
    for i, entry in enumerate(state["sas"]):
        number = len(state["sas"]) - 1 - i
        if details:
            verbose(run, entry, number)
        show(run, state, entry, number, 1)
        if details:
            run.out("sadb_msg{ version=0 type=0(RESERVED) errno=0 satype=0")
            run.out("  len=0 reserved=0 seq=0 pid=0")
            run.out("")
    return 0


def changes(argv):
    """Whether a run with these arguments changes something."""
    return bool(argv) and argv[0] in ("-c", "-f", "-F")


def work(run):
    """setkey -D, -Dv, -DP, -aD, -F, -c, -f FILE, as recorded."""
    argv = run.argv
    if not argv:
        run.err(USAGE)
        return 1
    if argv == ["-x", "-c"]:
        return 0
    with machine.Machine(run.dir) as host:
        # Whatever it is asked, its socket brings ipsec.ko along.
        machine.load_module(host.state, "ipsec")
        if argv in (["-D"], ["-aD"], ["-Dv"]):
            return dump(run, host.state, argv == ["-Dv"])
        if argv in (["-DP"], ["-PD"], ["-D", "-P"]):
            run.out("No SPD entries.")
            return 0
        if argv == ["-F"]:
            host.state["sas"].clear()
            return 0
        if argv == ["-c"]:
            return load(run, host.state, run.stdin())
        if len(argv) == 2 and argv[0] == "-f":
            return from_file(run, host.state, argv[1])
    return frame.not_implemented(run)


def from_file(run, state, path):
    """setkey -f."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return load(run, state, file.read())
    except FileNotFoundError:
        run.err("setkey: fopen: No such file or directory")
        return 255
    except IsADirectoryError:
        run.err("input in flex scanner failed")
        return 2
