#!/usr/bin/python3
"""The fakes are what they say: replay, boots, faults. The last line counts."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SHARED = os.environ.get("MH_SHARED", os.path.join(HERE, "..", "..", "..",
                                                  "shared"))
REFERENCE = os.path.join(SHARED, "reference")
sys.path.insert(0, HERE)

# pylint: disable=wrong-import-position
import boot  # noqa: E402
import replay  # noqa: E402
import pfkeys  # noqa: E402

HAVE = os.path.isdir(REFERENCE)
PF = ('pass in quick inet6 proto tcp from 2001:db8::1 to any port = 179 '
      'flags S/SA keep state\n')


class Machine(unittest.TestCase):
    """A faked machine for each test."""

    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="fakes.")
        self.dir = os.path.join(self.root, "tools")
        self.addCleanup(shutil.rmtree, self.root)
        replay.INSTALL.install(self.dir, modules=["pf", "if_gre"])

    def tool(self, *argv, stdin=None):
        """(exit status, words); with no environment, as the daemon does."""
        done = subprocess.run(
            [os.path.join(self.dir, argv[0])] + list(argv[1:]), env={},
            input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", check=False, timeout=20)
        return done.returncode, done.stdout

    def ok(self, *argv, **more):
        """The words of a run that must succeed."""
        code, said = self.tool(*argv, **more)
        self.assertEqual(code, 0, said)
        return said

    def write(self, name, text):
        """A file of the machine's."""
        with open(os.path.join(self.dir, name), "w",
                  encoding="utf-8") as file:
            file.write(text)

    def log(self):
        """What ran."""
        with open(os.path.join(self.dir, "log"), encoding="utf-8") as file:
            return [json.loads(line) for line in file]


class Transcripts(unittest.TestCase):
    """Everything that a fake claims is as recorded."""

    @unittest.skipUnless(HAVE, "no transcripts beside this tree")
    def test_replay(self):
        """No transcript command differs, and enough of them are claimed."""
        good, bad, _ = replay.main([os.path.join(SHARED, "freebsd")])
        self.assertEqual(bad, 0)
        self.assertGreater(good, 1000)


class Boots(Machine):
    """The machine comes up with what its files say."""

    def files(self, rc, pf=None):
        """rc.conf and pf.conf, then a boot; what boot() tells."""
        self.write("etc/rc.conf", rc)
        if pf is not None:
            self.write("etc/pf.conf", pf)
        return boot.boot(self.dir)

    @staticmethod
    def reference(name):
        """A file of the reference network's."""
        with open(os.path.join(REFERENCE, name), encoding="utf-8") as file:
            return file.read()

    @unittest.skipUnless(HAVE, "no reference network beside this tree")
    def test_core(self):
        """hobgp's files."""
        why, console = self.files(self.reference("hobgp.rc.conf"),
                                  self.reference("hobgp.pf.conf"))
        self.assertIsNone(why)
        self.assertIn("Enabling pf.\n", console)
        self.assertEqual(self.ok("ifconfig", "-l").split()[2:],
                         ["gif0", "gif1", "gre0", "gre1", "gre2"])
        said = self.ok("ifconfig", "gre0")
        self.assertIn("tunnel inet 198.51.100.10 --> 198.51.100.44", said)
        self.assertIn("inet6 2001:db8:300::2 prefixlen 126\n", said)
        self.assertIn("description: Transit-iFog-Frankfurt", said)
        self.assertEqual(len(self.ok("pfctl", "-sr").splitlines()), 8)
        self.assertEqual(len(self.ok("pfctl", "-sn").splitlines()), 4)
        self.assertEqual(self.ok("sysctl", "-n", "kern.securelevel"), "2\n")
        said = self.ok("route", "-n", "get", "-inet6", "2a06:9801:1c:1000::1")
        self.assertIn("gateway: 2a06:9801:1c:ffff::2", said)

    @unittest.skipUnless(HAVE, "no reference network beside this tree")
    def test_edge(self):
        """vtbgp's files; without ipsec.conf its boot ends before the net."""
        rc = self.reference("vtbgp.rc.conf")
        why, _ = self.files(rc, PF)
        self.assertIn("not readable", why)
        self.assertEqual(self.ok("ifconfig", "-l"), "lo0 vtnet0\n")
        self.write("etc/ipsec.conf", self.reference("vtbgp.ipsec.conf"))
        why, _ = self.files(rc, PF)
        self.assertIsNone(why)
        self.assertIn("fe80::1%vtnet0", self.ok(
            "route", "-n", "get", "-inet6", "2001:19f0:ffff::1"))

    def test_open_quote(self):
        """rc.conf that no shell reads."""
        why, _ = self.files('cloned_interfaces="gre0"\nhostname="x\n')
        self.assertIn("Syntax error", why)
        self.assertEqual(self.ok("ifconfig", "-l"), "lo0 vtnet0\n")

    def test_not_cloned(self):
        """ifconfig_X alone makes no interface."""
        why, _ = self.files('ifconfig_gre3="tunnel 198.51.100.1 '
                            '198.51.100.2"\n')
        self.assertIsNone(why)
        self.assertEqual(self.tool("ifconfig", "-n", "gre3")[0], 1)

    def test_ipv6_variable(self):
        """Without ifconfig_X_ipv6 an inet6 alias is ignored (41)."""
        rc = ('cloned_interfaces="gre3"\nifconfig_gre3="tunnel 198.51.100.1 '
              '198.51.100.2"\nifconfig_gre3_alias0="inet6 2001:db8::1/64"\n')
        self.files(rc)
        said = self.ok("ifconfig", "gre3")
        self.assertIn("IFDISABLED", said)
        self.assertNotIn("inet6 ", said)
        self.files(rc + 'ifconfig_gre3_ipv6="inet6 2001:db8:1::1/64"\n')
        said = self.ok("ifconfig", "gre3")
        self.assertIn("2001:db8::1", said)
        self.assertIn("2001:db8:1::1", said)

    def test_anchor_file(self):
        """A pf.conf that loads our anchor; without the file no rule loads."""
        anchor = os.path.join(self.dir, "pf.anchor")
        pf = ('nat-anchor "multihomed"\nanchor "multihomed"\npass all\n'
              'load anchor "multihomed" from "%s"\n' % anchor)
        _, console = self.files('pf_enable="YES"\n', pf)
        self.assertIn("Unable to load", console)
        self.assertEqual(self.ok("pfctl", "-sr"), "")
        self.assertIn("Enabled", self.ok("pfctl", "-s", "Running"))
        self.write("pf.anchor", PF)
        self.files('pf_enable="YES"\n', pf)
        self.assertEqual(len(self.ok("pfctl", "-sr").splitlines()), 2)
        self.assertIn("port = bgp", self.ok("pfctl", "-a", "multihomed",
                                            "-sr"))
        self.write("pf.anchor", "")
        self.files('pf_enable="YES"\n', pf)
        self.assertEqual(self.ok("pfctl", "-a", "multihomed", "-sr"), "")

    def test_keys(self):
        """ipsec.conf is loaded, and in vain without tcpmd5 (42)."""
        keys = ('add 10.0.0.1 10.0.0.2 tcp 0x1000 -A tcp-md5 "k";\n'
                'add 10.0.0.2 10.0.0.1 tcp 0x1000 -A tcp-md5 "k";\n')
        self.write("etc/ipsec.conf", keys)
        _, console = self.files('ipsec_enable="YES"\n')
        self.assertIn("The result of line 2: Invalid argument.\n", console)
        self.assertEqual(self.ok("setkey", "-D"), "No SAD entries.\n")
        _, console = self.files('ipsec_enable="YES"\nkld_list="tcpmd5"\n')
        self.assertNotIn("The result", console)
        self.assertEqual(self.ok("setkey", "-D").count("A: tcp-md5  6b\n"), 2)
        self.write("etc/ipsec.conf", "")
        self.files('ipsec_enable="YES"\nkld_list="tcpmd5"\n')
        self.assertEqual(self.ok("setkey", "-D"), "No SAD entries.\n")

    def test_forgets(self):
        """What is in no file is gone, and the clock tells of a boot."""
        self.ok("ifconfig", "gre0", "create")
        before = self.ok("sysctl", "-n", "kern.boottime")
        self.files("")
        self.assertEqual(self.ok("ifconfig", "-l"), "lo0 vtnet0\n")
        self.assertNotEqual(before, self.ok("sysctl", "-n", "kern.boottime"))


class Faults(Machine):
    """The controls that the fault matrix turns."""

    def fault(self, words):
        """Sets one."""
        self.write("fault", words + "\n")

    def armed(self):
        """Whether the fault is still to come."""
        return os.path.exists(os.path.join(self.dir, "fault"))

    def sleeper(self, name):
        """A process in DIR/pids."""
        child = subprocess.Popen(  # pylint: disable=consider-using-with
            ["/bin/sleep", "60"])
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        self.write("pids/" + name, "%d\n" % child.pid)
        return child

    def test_fail(self):
        """The second change fails; queries and other tools do not count."""
        self.fault("ifconfig 2 fail")
        self.ok("ifconfig", "gre0", "create")
        self.ok("ifconfig", "-a")
        self.ok("sysctl", "net.inet.ip.forwarding=1")
        code, said = self.tool("ifconfig", "gre1", "create")
        self.assertEqual(code, 1)
        self.assertIn("ifconfig: made to fail", said)
        self.assertFalse(self.armed())
        self.assertNotIn("gre1", self.ok("ifconfig", "-l"))
        self.ok("ifconfig", "gre1", "create")
        entries = self.log()
        self.assertEqual([e["fault"] for e in entries if "fault" in e],
                         ["fail"])
        self.assertEqual([e["changing"] for e in entries],
                         [True, False, True, True, False, True])

    def test_lie(self):
        """Exit 0, and nothing done."""
        self.fault("* 1 lie")
        self.ok("route", "add", "-inet6", "2001:db8::/32", "-reject")
        self.assertEqual(self.tool("route", "-n", "get", "-inet6",
                                   "2001:db8::1")[0], 1)

    def test_hang(self):
        """Until it is killed."""
        self.fault("pfctl 1 hang")
        with subprocess.Popen(
                [os.path.join(self.dir, "pfctl"), "-a", "multihomed", "-f",
                 "-"], env={}, stdin=subprocess.DEVNULL) as child:
            time.sleep(0.3)
            self.assertIsNone(child.poll())
            child.kill()
        self.assertFalse(self.armed())

    def test_kill(self):
        """Before: the parent's tool dies with it. After: it has worked."""
        parent, engine = self.sleeper("parent"), self.sleeper("engine")
        self.fault("ifconfig 1 kill-engine-before")
        self.ok("ifconfig", "gre0", "create")
        self.assertEqual(engine.wait(5), -signal.SIGKILL)
        self.assertIsNone(parent.poll())
        self.fault("ifconfig 1 kill-parent-before")
        self.assertEqual(self.tool("ifconfig", "gre1", "create")[0],
                         -signal.SIGKILL)
        self.assertEqual(parent.wait(5), -signal.SIGKILL)
        parent = self.sleeper("parent")
        self.fault("ifconfig 1 kill-all-after")
        self.ok("ifconfig", "gre2", "create")
        self.assertEqual(parent.wait(5), -signal.SIGKILL)
        self.assertEqual(self.ok("ifconfig", "-l").split()[2:],
                         ["gre0", "gre2"])

    def test_not_implemented(self):
        """Outside of what is claimed: exit 99, and loud."""
        self.ok("ifconfig", "gre0", "create")
        for words in ("ifconfig bridge0 create", "ifconfig gre0 metric 3",
                      "ifconfig gre0 inet6 2001:db8::1 eui64", "pfctl -ss",
                      "pfctl -k ::/0", "service nginx start", "route flush",
                      "route -n get -inet6 2001:db8::/32", "netstat -an",
                      "sysctl -a", "sysrc -a", "kldstat -v", "setkey -l"):
            code, said = self.tool(*words.split())
            self.assertEqual(code, 99, words)
            self.assertIn("fake: not implemented: " + words, said)
        code, said = self.tool("pfctl", "-a", "multihomed", "-f", "-",
                               stdin="antispoof for gre0\n")
        self.assertEqual(code, 99, said)

    def test_backend(self):
        """The forms that server/system/freebsd uses are all claimed."""
        x = "2001:db8:300::"
        text = ("no nat on gre3 inet6 from fe80::/10 to any\n"
                "no nat on gre3 inet6 from any to ff00::/8\n"
                "nat on gre3 inet6 from any to any -> 2001:db8::1\n" + PF +
                "pass in quick inet proto gre from 198.51.100.44 to "
                "198.51.100.10 keep state\n"
                "pass in quick inet6 proto ipv6 from 2001:db8::9 to "
                "2001:db8::8 keep state\n"
                "pass in quick inet6 from any to 2001:db8:1::/48 no state\n")
        for line in (
                "ifconfig -a", "ifconfig -l", "ifconfig gre3 create",
                "ifconfig -n gre3", "ifconfig gre3 mtu 1476",
                "ifconfig gre3 tunnel 198.51.100.10 198.51.100.44",
                "ifconfig gre3 inet6 tunnel 2001:db8::8 2001:db8::9",
                f"ifconfig gre3 inet6 {x}2 prefixlen 126 alias",
                f"ifconfig gre3 inet6 {x}5 {x}6 prefixlen 128 alias",
                "ifconfig gre3 inet 10.0.0.1 10.0.0.2 netmask "
                "255.255.255.252 alias",
                "ifconfig gre3 descr word", "ifconfig gre3 -descr",
                "ifconfig gre3 up", "ifconfig gre3 down",
                f"route add -inet6 2001:db8:5::/48 {x}1",
                "route add -inet6 2001:db8:6::1 -interface gre3",
                "route add -inet6 2001:db8:7::/48 -blackhole",
                "route add -net 203.0.113.0/24 10.0.0.2",
                "route add -host 203.0.113.9 10.0.0.2",
                "route -n get -inet6 2001:db8:5::1",
                "route -n get 203.0.113.9",
                f"route delete -inet6 2001:db8:5::/48 {x}1",
                "route delete -inet6 2001:db8:6::1",
                "route delete -inet6 2001:db8:7::/48",
                "route delete -net 203.0.113.0/24 10.0.0.2",
                "route delete -host 203.0.113.9 10.0.0.2",
                f"ifconfig gre3 inet6 {x}2 -alias",
                "ifconfig gre3 inet 10.0.0.1 -alias",
                "ifconfig gre3 destroy", "pfctl -s info", "pfctl -sr",
                "pfctl -sn", "pfctl -a multihomed -sr",
                "pfctl -n -a multihomed -f -", "pfctl -a multihomed -f -",
                "pfctl -a multihomed -sn", "pfctl -a multihomed -F rules",
                "pfctl -a multihomed -F nat", "sysctl -n kern.osreldate",
                "sysctl -n kern.boottime", "kldstat -q -m if_gif",
                "setkey -D", "sysctl -n net.key.preferred_oldsa",
                "netstat -s -p tcp"):
            self.ok(*line.split(), stdin=text)
        for listing in ("-sr", "-sn"):
            self.assertEqual(self.ok("pfctl", "-a", "multihomed", listing),
                             "pfctl: DIOCGETRULES: Invalid argument\n")
        rc = os.path.join(self.dir, "etc", "rc.conf")
        for words in ("a=b c", "a+=d", "a-=b"):
            self.ok("sysrc", "-f", rc, words)
        self.assertEqual(self.ok("sysrc", "-n", "-f", rc, "a"), "c d\n")
        self.ok("sysrc", "-f", rc, "-x", "a")

    def test_stdin_logged(self):
        """The log shows what a tool was given."""
        self.ok("pfctl", "-a", "multihomed", "-f", "-", stdin=PF)
        self.assertEqual(self.log()[-1]["stdin"], PF)


class Kernel(Machine):
    """PF_KEY's stand-in: the same keys as setkey's."""

    def setUp(self):
        Machine.setUp(self)
        self.ok("kldload", "tcpmd5")
        kernel = subprocess.Popen(  # pylint: disable=consider-using-with
            [os.path.join(self.dir, "pfkeyd")], env={})
        self.addCleanup(kernel.wait)
        self.addCleanup(kernel.kill)
        path = os.path.join(self.dir, "pfkey.sock")
        while not os.path.exists(path):
            time.sleep(0.01)
        self.kernel = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.addCleanup(self.kernel.close)
        self.kernel.connect(path)

    def ask(self, kind, key="", spi=0):
        """(errno, spi) of the answer to the message."""
        self.kernel.send(pfkeys.message(kind, "10.0.0.1", "10.0.0.2", spi,
                                        key))
        while True:
            head = self.kernel.recv(4096)
            if head[12:16] == b"\1\0\0\0":
                break
        found = pfkeys.extensions(head).get(pfkeys.SA)
        return head[2], int.from_bytes(found[4:8], "big") if found else None

    def keys(self):
        """What setkey shows."""
        return [line.split(None, 2)[2] for line in self.ok(
            "setkey", "-D").splitlines() if "A: tcp-md5" in line]

    def test_swap(self):
        """One more for a moment; the older one goes, or the newer (34)."""
        for old, left in (("1", "6b32"), ("0", "6b31")):
            self.ok("setkey", "-F")
            self.ok("sysctl", "net.key.preferred_oldsa=" + old)
            self.assertEqual(self.ask(pfkeys.ADD, "k1"), (0, 0x1000))
            self.assertEqual(self.ask(pfkeys.ADD, "k1")[0], 17)
            error, spi = self.ask(pfkeys.GETSPI)
            self.assertEqual(error, 0)
            self.assertEqual(self.keys(), ["6b31"])
            self.assertEqual(self.ask(pfkeys.UPDATE, "k2", spi), (0, spi))
            self.assertEqual(self.keys(), ["6b31", "6b32"])
            self.assertEqual(self.ask(pfkeys.DELETE)[0], 0)
            self.assertEqual(self.keys(), [left])
        self.assertEqual(self.ask(pfkeys.UPDATE, "k2", 4711)[0], 22)
        self.assertEqual(self.ask(pfkeys.DELETE)[0], 0)
        self.assertEqual(self.ask(pfkeys.DELETE)[0], 3)
        self.ok("kldunload", "tcpmd5")
        self.assertEqual(self.ask(pfkeys.ADD, "k1")[0], 22)
        self.assertIn({"tool": "pfkey", "argv": [
            "update", "10.0.0.1", "10.0.0.2", "tcp"]}, [
                {name: e[name] for name in ("tool", "argv")}
                for e in self.log()])

    def test_faults(self):
        """Refused, or not done and told as done."""
        self.write("fault", "pfkey 1 fail\n")
        self.assertNotEqual(self.ask(pfkeys.ADD, "k1")[0], 0)
        self.write("fault", "pfkey 1 lie\n")
        self.assertEqual(self.ask(pfkeys.ADD, "k1")[0], 0)
        self.assertEqual(self.keys(), [])


def main():
    """Counts as the other runners do."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(
        sys.modules["__main__"])
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    failed = len(result.failures) + len(result.errors)
    skipped = len(result.skipped)
    print("fakes: %d passed, %d failed, %d skipped" % (
        result.testsRun - failed - skipped, failed, skipped))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
