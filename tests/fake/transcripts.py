"""The transcripts: how they are read, and what one must know to replay them."""

import re

# What may differ, and why. Nothing else is changed before comparing.
NORMAL = (
    # Duplicate address detection ends after about a second.
    (re.compile(r" tentative"), ""),
    # Times since pf was switched on or off; the rest of the line is padded.
    (re.compile(r"(Enabled|Disabled) for \d+ days [\d:]{8} +"), r"\1 for T "),
    # The process that loaded a rule.
    (re.compile(r"uid 0 pid \d+"), "uid 0 pid N"),
    # There are no packets here, so no states.
    (re.compile(r"^\d+ states cleared", re.M), "N states cleared"),
    # Which line of an open quote a shell names is its own affair.
    (re.compile(r": \d+: Syntax error"), ": N: Syntax error"),
    # Lists of words in counters while pf is off for less than a second.
    (re.compile(r" 0 +(0\.0/s|)$", re.M), " 0 R"),
    # The SPI that the kernel makes up where the one that was asked is in use.
    (re.compile(r"spi=\d{6,9}(\(0x0[0-9a-f]{7}\)| replay)"), "spi=R"),
    # When keys were made, and which setkey asks.
    (re.compile(r"(created|current): \w{3} \d\d [\d:]{8} \d{4}"), r"\1: T"),
    (re.compile(r"diff: \d+\(s\)"), "diff: N(s)"),
    (re.compile(r"addtime=\d+"), "addtime=T"),
    (re.compile(r"(spi) 0x0[0-9a-f]{7}|\b\d+( us\b)"), r"\1\2"),
    (re.compile(r"(seq=\d+ )pid=[1-9]\d*"), r"\1pid=N"),
)
# Programs that commands of the transcripts may use beside the fakes.
HELPERS = {"cat", "echo", "grep", "head", "tail", "printf", "sed", "sleep",
           "rm", "wc", "awk", "md5", "jot", "chmod", "cp",
           "./pkrot"}
# Helpers of FreeBSD's that differ from those of other systems.
SCRIPTS = {
    "md5": 'md5sum | cut -d " " -f 1\n',
    "wc": '/usr/bin/wc "$@" | awk \'NF == 1 { printf "%8d\\n", $1; next } '
          '{ print }\'\n',
    "jot": 'seq -f "10.0.0.%g" 1 "$3"\n',
}
KEYS = "".join('add %s %s tcp 0x1000 -A tcp-md5 "secret1";\n' % pair
               for pair in (
    ("2001:db8:f480::20", "2001:19f0:ffff::1"),
    ("2001:19f0:ffff::1", "2001:db8:f480::20")))
# There the second has its own SPI.
KEYS_42 = "0x1001".join(KEYS.rsplit("0x1000", 1))
KEYS_34 = KEYS_42.replace("secret1", "k1")
# The program of 34 that speaks PF_KEY by hand.
PKROT = """import sys
sys.path.insert(0, %r)
import pfkeys
how, src, dst, key = sys.argv[1:]
places, spi, failed = {}, 0, 0
kinds = {"swap": (pfkeys.GETSPI, pfkeys.UPDATE, pfkeys.DELETE),
         "deladd": (pfkeys.DELETE, pfkeys.ADD)}[how]
for kind in kinds:
    message = pfkeys.Message(pfkeys.message(kind, src, dst, spi, key))
    failed += message.carry_out(pfkeys.Quiet(%r, "pkrot", []), places) != 0
    if kind == pfkeys.GETSPI:
        spi = message.spi
        print("new SA has spi 0x%%08x" %% spi)
print("%%s: 1 change(s), %%d failed, switch took on average 1 us, at most 1 us"
      %% (how, failed))
"""
# Machines that were not fresh when their transcript began.
PF_CONF = "20-pf.txt"  # prints /etc/pf.conf, which the others use too
SETUP = {
    "12-iface-followup.txt": {
        "modules": ["if_gre"],
        "run": ["ifconfig lo0 inet 198.51.100.10/32 alias"]},
    "21-pf-tables-errors.txt": {
        "modules": ["pf"], "run": ["pfctl -ef /etc/pf.conf"]},
    "22-pf-states-service.txt": {
        "modules": ["pf"], "run": ["pfctl -ef /etc/pf.conf"]},
    "23-securelevel.txt": {
        # The second boot, of which the transcript says no more.
        "from": "######## securelevel 1",
        "modules": ["if_gre", "tcpmd5", "pf"],
        "run": ["pfctl -ef /etc/pf.conf"]},
    "25-pf-traffic.txt": {
        "modules": ["pf", "if_gre"], "from": "######## -n together with -a",
        "run": ["pfctl -ef /etc/pf.conf",
                'echo "nat on gre0 inet6 from ! 2a06:9801:1c::/48 to ! '
                '2001:db8:300::1 -> 2a06:9801:1c::1" | '
                "pfctl -a multihomed/ifog -f -"]},
    "50-route.txt": {
        "nics": ["epair0a", "epair0b"],
        "linklocal": {"epair0a": "fe80::b9:51ff:fe0a:e40a"}},
    "41-netif-routing-service.txt": {
        "until": "######## an interface not in cloned_interfaces",
        "run": ["ifconfig lo0 inet 198.51.100.10/32 alias"]},
    "51-route-followup.txt": {
        "nics": ["epair0a", "epair0b"],
        "linklocal": {"epair0a": "fe80::b9:51ff:fe0a:e40a"},
        "run": ["ifconfig epair0a inet6 2001:db8:f480::20/64 up; "
                "ifconfig epair0b up"]},
    "30-setkey.txt": {"files": {
        "/etc/rc.conf": "", "/tmp/bgp.keys": KEYS}},
    # The connections between them are no commands.
    "31-md5-connect.txt": {
        "modules": ["tcpmd5"], "from": "######## delete ignores the SPI",
        "until": "######## kernel messages",
        "files": {"/tmp/bgp.keys": KEYS},
        "run": ["setkey -f /tmp/bgp.keys"]},
    "34-md5-atomic.txt": {
        "modules": ["tcpmd5"], "files": {"/tmp/k1": KEYS_34},
        "run": ["setkey -f /tmp/k1"], "without": (
            "######## A1", "######## net.key.preferred_oldsa=0")},
    "40-sysrc.txt": {"files": {
        "/etc/rc.conf": 'hostname="rtr.example.net"\n'}},
    "44-sysrc-update.txt": {
        "from": "######## over a single", "files": {
        "/etc/rc.conf": 'hostname="rtr.example.net"\n'}},
}
# Commands whose recorded answer comes from something that is not here.
NOT_HERE = {
    ("22-pf-states-service.txt", "pfctl -s labels"): "packets were counted",
    ("22-pf-states-service.txt", "pfctl -vsr | head -8"):
        "packets were counted",
    ("22-pf-states-service.txt", "pfctl -s info | head -8"):
        "packets were counted",
    ("23-securelevel.txt", "pfctl -ss; pfctl -sn; pfctl -s labels | head -2"):
        "packets were counted",
    ("22-pf-states-service.txt", "route add -inet6 2001:19f0:ffff::1 "
     "2001:db8:f480::30"): "a jail's address",
    ("21-pf-tables-errors.txt", "pfctl -nf /etc"):
        "a folder of another system",
}
# Of a command that cannot be replayed: what it did to the machine.
INSTEAD = {
    ("50-route.txt", "route -n flush -inet6"):
        "for g in 1 7; do route -q delete -inet6 default 2001:db8:f480::$g; "
        "done; for p in 500 501; do route -q delete -inet6 "
        "2001:db8:$p::/48; done; for g in 2001:db8:f480::1 2001:db8:f480::2 "
        "fe80::99%epair0a; do route -q delete -inet6 2001:19f0:ffff::1 $g; "
        "done; for n in 1 2; do route -q delete -inet6 2a06:9801:1c::/48 "
        "::1; done",
    ("12-iface-followup.txt", "ifconfig lo0 inet 198.51.100.10 -alias; "
     "ifconfig gre0 | head -1; dmesg | tail -2"):
        "ifconfig lo0 inet 198.51.100.10 -alias",
}
# Transcripts of what is not faked.
NOT_FAKED = {
    "32-md5-rotate.txt": "connections, not commands",
    "33-md5-rotate-long.txt": "connections, not commands",
}
# What happened between two commands without being recorded.
BEFORE = {
    ("34-md5-atomic.txt", "sysctl net.key.preferred_oldsa=0"):
        "setkey -F; setkey -f /tmp/k1",
    ("22-pf-states-service.txt", "service pf start"):
        'sed -i "/pass quik/d" /etc/pf.conf',
}
# A boot: "tail -N /etc/rc.conf" prints what it starts from. One entry for
# each, in order: other files, and modules that the loader brought.
BOOTS = {
    "42-boot.txt": [{"ipsec": KEYS_42}, {"ipsec": KEYS_42},
                    {"ipsec": KEYS_42, "modules": ["tcpmd5"]}],
    "43-boot-failures.txt": [
        {},
        {"ipsec": 'add 10.0.0.1 10.0.0.2 tcp 0x1000 -A tcp-md5 "secret1";\n'
                  "toolate;\n"},
        {"pf": "pass quik\n"}, {}, {"pf": None}, {}],
}


def values(path):
    """44: (value, exit and words over an old value, file then, exit as new,
    file then) for each value that sysrc was given."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    return re.findall(
        r"^# value: \[(.*?)\]\n\$ sysrc -q -f /tmp/rc\.u v=first\n.*?"
        r"\[sysrc over an existing variable: exit (\d), output: (.*?)\]\n"
        r"-- file after rewriting:\n(.*?)\n"
        r"\[sysrc as new variable: exit (\d)\]\n"
        r"-- file after appending:\n(.*?)\n(?=# value|\n#####|ls: )",
        text, re.S | re.M)


class Step:
    """A command of a transcript, or a file that a remark describes."""

    def __init__(self, line, command):
        self.line = line
        self.command = command
        self.lines = []
        self.status = None
        self.file = None


def key_file(number, line):
    """30: "# file: LINE" or "# key of N bytes" says what /tmp/k is then."""
    step = Step(number, None)
    step.file = "/tmp/k"
    step.lines = [line[8:]]
    if line.startswith("# key of "):
        step.lines = ['flush; add 10.0.0.1 10.0.0.2 tcp 0x1000 -A tcp-md5 '
                      '"%s";' % ("k" * int(line.split()[3]))]
    return step


def steps(path, start=None, until=None, without=None):
    """The transcript's steps. Remarks "# file X:" make files."""
    found, step, file, on = [], None, None, start is None
    with open(path, encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            line = line.rstrip("\n")
            if start and line.startswith(start):
                on = True
            if until and line.startswith(until):
                break
            if without and line.startswith(without):
                on = line.startswith(without[1])
            if not on:
                continue
            ended = re.match(r"^\[exit (\d+)\]$", line)
            if line.startswith("$ ") and step is None:
                step, file = Step(number, line[2:]), None
            elif ended and step:
                step.status = int(ended.group(1))
                found.append(step)
                step = None
            elif step:
                step.lines.append(line)
            elif line.startswith(("# file: ", "# key of ")):
                found.append(key_file(number, line))
            elif line.startswith("# file "):
                file = Step(number, None)
                file.file = line[7:].rstrip(":")
                found.append(file)
            elif file and line.startswith("#   "):
                file.lines.append(line[4:])
    return found
