"""The lab in namespaces of the host's own kernel (LAB_KERNEL=host)."""

import os
import subprocess
import sys

import vm
from place import LAB, LabError, need_programs

NAMESPACES = ["--mount", "--net", "--pid", "--uts", "--ipc"]


def start(instance, full, api_port, say):
    del full
    if os.geteuid() != 0:
        raise LabError("LAB_KERNEL=host needs root")
    need_programs({**vm.PROGRAMS, "unshare": "util-linux", "nsenter": "util-linux"})
    if not kernel_can():
        raise LabError("LAB_KERNEL=host: this kernel has no GRE or no SIT; "
                       "without LAB_KERNEL the lab brings its own")
    say("starting in namespaces of this machine's kernel")
    with open(instance.path("console.log"), "w", encoding="utf-8") as log:
        machine = subprocess.Popen(  # pylint: disable=consider-using-with
            ["unshare", *NAMESPACES, "--fork", "--kill-child", "--mount-proc",
             "--propagation", "private",
             "sh", os.path.join(LAB, "inside", "hostns.sh"), instance.directory],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    api_port = api_port or vm.free_port()
    relay = subprocess.Popen(  # pylint: disable=consider-using-with
        [sys.executable, os.path.join(LAB, "lib", "relay.py"), str(api_port),
         str(machine.pid)],
        stdin=subprocess.DEVNULL, start_new_session=True)
    instance.save(mode="host", pid=machine.pid, api_port=api_port, relay=relay.pid)


def kernel_can():
    tries = ("ip link add t1 type gre local 192.0.2.1 remote 192.0.2.2 && "
             "ip link add t2 type sit local 192.0.2.1 remote 192.0.2.2")
    return subprocess.run(["unshare", "--net", "sh", "-c", tries],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          check=False).returncode == 0


def shell_command(instance, router, command, terminal):
    del terminal
    child = first_child(instance.state["pid"])
    inside = ("cd /root; HOME=/root exec /run/lab/bin/router "
              f"{router} sh -c {vm.quote(command)}")
    return ["nsenter", "--target", str(child), "--mount", "--net", "--pid", "--uts",
            "--ipc", "sh", "-c", inside]


def first_child(pid):
    """unshare's child is process 1 inside."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return int(file.read().split()[0])
