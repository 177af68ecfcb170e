"""A real FRR in our namespace: zebra, staticd and bgpd, as Debian runs them."""

import json
import os
import pwd
import shutil
import signal
import subprocess

from sandbox import FRR_DAEMONS, end_process, run, wait_until

CONF = "/etc/frr/frr.conf"
SOCKETS = "/run/frr"


def daemons():
    """In the order of their start. FRR 10 keeps parts of its configuration in mgmtd."""
    first = ["mgmtd"] if os.path.exists(f"{FRR_DAEMONS}/mgmtd") else []
    return [*first, "zebra", "staticd", "bgpd"]


class Frr:
    """The daemons are our children, so that they are ended for certain."""

    def __init__(self, conf_text, pathspace=None):
        """pathspace: a second one, in the network namespace of that name."""
        self.conf_text = conf_text
        self.conf, self.sockets, self.words, self.inside = CONF, SOCKETS, [], []
        if pathspace is not None:
            self.conf, self.sockets = f"/etc/frr/{pathspace}/frr.conf", f"{SOCKETS}/{pathspace}"
            self.words, self.inside = ["-N", pathspace], ["ip", "netns", "exec", pathspace]
        self.processes = {}
        self.log = None

    def start(self):
        owner = pwd.getpwnam("frr")
        place = os.path.dirname(self.conf)
        for directory in (self.sockets, place, "/var/tmp/frr", "/var/log/frr"):
            os.makedirs(directory, exist_ok=True)
            os.chown(directory, owner.pw_uid, owner.pw_gid)
            os.chmod(directory, 0o755)
        self.log = open("/run/e2e/frr.log", "ab")  # pylint: disable=consider-using-with
        with open(f"{place}/vtysh.conf", "w", encoding="ascii") as file:
            file.write("service integrated-vtysh-config\n")
        self.write_conf(self.conf_text)
        self.start_daemons()

    def write_conf(self, text):
        with open(self.conf, "w", encoding="utf-8") as file:
            file.write(text)
        shutil.chown(self.conf, "frr", "frr")
        os.chmod(self.conf, 0o640)

    def start_daemons(self):
        for name in daemons():
            self.start_daemon(name)
        self.load()

    def start_daemon(self, name):
        socket_path = f"{self.sockets}/{name}.vty"
        if os.path.exists(socket_path):
            os.unlink(socket_path)
        more = ["-P", "0"] + (["-l", "::"] if name == "bgpd" else [])
        self.processes[name] = subprocess.Popen(  # pylint: disable=consider-using-with
            [*self.inside, f"{FRR_DAEMONS}/{name}", *self.words, *more],
            stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log)
        wait_until(lambda: os.path.exists(socket_path), 10, f"{name} answers")

    def load(self):
        """The saved configuration into the daemons, as at boot."""
        run("vtysh", *self.words, "-b", timeout=180)  # with hundreds of neighbors it takes its time

    def pid(self, name="bgpd"):
        return self.processes[name].pid

    def signal(self, number, name="bgpd"):
        os.kill(self.pid(name), number)

    def stop_bgpd(self):
        self.signal(signal.SIGSTOP)

    def cont_bgpd(self):
        self.signal(signal.SIGCONT)

    def kill_bgpd(self):
        self.processes["bgpd"].kill()
        self.processes["bgpd"].wait()

    def kill_all(self):
        """As when the power goes."""
        for process in self.processes.values():
            process.kill()
            process.wait()

    def start_bgpd(self):
        self.start_daemon("bgpd")
        self.load()

    def vtysh(self, *commands):
        argv = ["vtysh", *self.words, "-H", "/dev/null"]
        for command in commands:
            argv += ["-c", command]
        return run(*argv)

    def vtysh_json(self, command):
        return json.loads(self.vtysh(command))

    def configure(self, *lines):
        return self.vtysh("configure terminal", *lines)

    def version(self):
        return self.vtysh("show version").split()[1]

    def running_config(self):
        return self.vtysh("show running-config")

    def saved_config(self):
        with open(self.conf, encoding="utf-8") as file:
            return file.read()

    def sessions(self):
        summary = self.vtysh_json("show bgp ipv6 unicast summary json")
        return summary.get("peers", {})

    def best_paths(self):
        """{prefix: neighbor of its best path}; a small table, so we may walk it."""
        table = self.vtysh_json("show bgp ipv6 unicast json")
        best = {}
        for prefix, paths in table.get("routes", {}).items():
            for path in paths:
                if path.get("bestpath"):
                    best[prefix] = path.get("peerId", "")
        return best

    def fingerprint(self):
        """What a bounced session would change: {neighbor: (ups, downs)}."""
        return {address: (peer["connectionsEstablished"], peer["connectionsDropped"])
                for address, peer in self.sessions().items()}

    def settled(self, peers):
        """Every session established, and with what its peer announces."""
        sessions = self.sessions()
        return all(sessions.get(peer.address, {}).get("state") == "Established" and
                   sessions[peer.address].get("pfxRcd", 0) >= peer.count
                   for peer in peers)

    def stop(self):
        for name in reversed(daemons()):
            if name in self.processes:
                end_process(self.processes.pop(name))
        if self.log is not None:
            self.log.close()


def reference_conf(shared, root, name):
    """The reference router's file as it stands, or the lab's copy of it."""
    for path in (f"{shared}/reference/{name}.frr.conf",
                 f"{root}/tests/lab/conf/{name}/frr.conf"):
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                return file.read()
    raise FileNotFoundError(f"no configuration of {name}")
