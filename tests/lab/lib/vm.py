"""The lab as a virtual machine."""

import os
import socket
import subprocess
import tempfile

import kernel
from place import BUILD, ROOT, LabError, need_programs

QEMU = "qemu-system-x86_64"
PROGRAMS = {
    QEMU: "qemu-system-x86", "dropbear": "dropbear-bin", "dbclient": "dropbear-bin",
    "cpio": "cpio", "ip": "iproute2", "nft": "nftables", "zebra": "frr",
    "bird": "bird2", "traceroute": "traceroute",
}


def start(instance, full, api_port, say):
    """Boots; returns once qemu runs."""
    need_programs(PROGRAMS)
    if os.uname().machine != "x86_64":
        raise LabError("the lab's virtual machine is made for x86_64 machines only")
    kernel.prepare(say)
    accelerator = choose_accelerator(say)
    say("booting " + kernel.release() + (
        " under KVM" if accelerator == "kvm" else " under software emulation"))
    for name in ("host", "id"):
        quiet(["dropbearkey", "-t", "ed25519", "-f", instance.path("keys", name)],
              instance.path("keys", name + ".pub"))
    os.mkdir(instance.path("keys", ".ssh"))
    with open(instance.path("keys", "host.pub"), encoding="ascii") as key, \
            open(instance.path("keys", ".ssh", "known_hosts"), "w",
                 encoding="ascii") as known:
        known.write(" ".join(["127.0.0.1", *key.read().split()[:2]]) + "\n")
    ssh_port = free_port()
    api_port = api_port or free_port()
    command = [
        QEMU, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-machine", "pc,usb=off,vmport=off", "-cpu", "max", "-smp", "2",
        "-m", "5G" if full else "1536M", *accelerator_options(accelerator),
        "-kernel", kernel.IMAGE, "-initrd", kernel.INITRAMFS,
        "-append", "console=ttyS0 quiet panic=-1 mitigations=off audit=0 "
        "random.trust_cpu=on tsc=reliable",
        "-serial", "file:" + instance.path("console.log"),
        "-device", "virtio-rng-pci",
        *shared("host", "/", True), *shared("project", ROOT, True),
        *shared("modules", kernel.MODULES, True),
        *shared("lab", instance.directory, False),
        "-device", "virtio-net-pci,netdev=net,romfile=",
        "-netdev", "user,id=net,ipv6=off,restrict=on,"
        f"hostfwd=tcp:127.0.0.1:{ssh_port}-10.0.2.15:22,"
        f"hostfwd=tcp:127.0.0.1:{api_port}-10.0.2.15:8179",
    ]
    with open(instance.path("qemu.log"), "w", encoding="utf-8") as log:
        machine = subprocess.Popen(  # pylint: disable=consider-using-with
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True)
    try:
        instance.save(mode="vm", pid=machine.pid, ssh_port=ssh_port,
                      api_port=api_port)
    except BaseException:
        machine.kill()
        raise


def shared(tag, path, readonly):
    path = path.replace(",", ",,")
    return ["-virtfs", f"local,path={path},mount_tag={tag},security_model=none,"
            "multidevs=remap" + (",readonly=on" if readonly else "")]


def shell_command(instance, router, command, terminal):
    """The program that runs a shell command line in a router."""
    # HOME: dbclient looks for .ssh/known_hosts there.
    return ["env", "HOME=" + instance.path("keys"),
            "dbclient", "-t" if terminal else "-T",
            "-i", instance.path("keys", "id"), "-p", str(instance.state["ssh_port"]),
            "root@127.0.0.1",
            f"cd; exec /run/lab/bin/router {router} sh -c {quote(command)}"]


def quote(text):
    return "'" + text.replace("'", "'\\''") + "'"


def choose_accelerator(say):
    """KVM where it really runs a kernel: /dev/kvm may be there and not work."""
    wanted = os.environ.get("LAB_ACCEL", "")
    if wanted in ("kvm", "tcg"):
        return wanted
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "tcg"
    memory = os.path.join(BUILD, "accelerator")
    try:
        with open(memory, encoding="ascii") as file:
            return file.read().strip()
    except FileNotFoundError:
        pass
    say("trying whether KVM works here (once)")
    found = "kvm" if kvm_works() else "tcg"
    with open(memory, "w", encoding="ascii") as file:
        file.write(found + "\n")
    return found


def kvm_works():
    with tempfile.NamedTemporaryFile() as console:
        try:
            subprocess.run(
                [QEMU, "-nodefaults", "-display", "none", "-no-reboot", "-m", "512M",
                 *accelerator_options("kvm"), "-cpu", "max",
                 "-kernel", kernel.IMAGE, "-initrd", kernel.INITRAMFS,
                 "-append", "console=ttyS0 quiet panic=-1 lab.probe",
                 "-serial", "file:" + console.name],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, timeout=10, check=False)
        except subprocess.TimeoutExpired:
            pass
        return b"lab-alive" in console.read()


def accelerator_options(accelerator):
    if accelerator == "kvm":
        return ["-accel", "kvm"]
    return ["-accel", "tcg,thread=multi,tb-size=512"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def quiet(command, public_key):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    if done.returncode != 0:
        raise LabError(f"{command[0]}: {done.stdout.strip()}")
    with open(public_key, "w", encoding="ascii") as file:
        file.writelines(line + "\n" for line in done.stdout.splitlines()
                        if line.startswith("ssh-"))
