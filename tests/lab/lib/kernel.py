"""Debian's stock kernel, downloaded and unpacked into build/lab/kernel/ but never
installed, and an initramfs around it."""

import fcntl
import glob
import os
import re
import shutil
import subprocess

from place import BUILD, LAB, LabError

DIRECTORY = os.path.join(BUILD, "kernel")
IMAGE = os.path.join(DIRECTORY, "vmlinuz")
INITRAMFS = os.path.join(DIRECTORY, "initramfs")
MODULES = os.path.join(DIRECTORY, "lib", "modules")
META_PACKAGE = "linux-image-amd64"
# What the initramfs loads itself; all else comes later, from MODULES.
BOOT_MODULES = ["virtio_pci", "9pnet_virtio", "9p", "overlay"]
# The rest of the package (sound, graphics, disks ...) stays in the archive.
WANTED = [
    "./boot/vmlinuz-*", "./lib/modules/*/modules.*",
    "./lib/modules/*/kernel/net/*", "./lib/modules/*/kernel/lib/*",
    "./lib/modules/*/kernel/crypto/*", "./lib/modules/*/kernel/arch/*",
    "./lib/modules/*/kernel/fs/9p/*", "./lib/modules/*/kernel/fs/overlayfs/*",
    "./lib/modules/*/kernel/fs/netfs/*", "./lib/modules/*/kernel/fs/fscache/*",
    "./lib/modules/*/kernel/drivers/virtio/*",
    "./lib/modules/*/kernel/drivers/net/veth.ko",
    "./lib/modules/*/kernel/drivers/net/virtio_net.ko",
    "./lib/modules/*/kernel/drivers/net/net_failover.ko",
]


def prepare(say):
    """Has kernel, modules and initramfs ready."""
    with open(os.path.join(BUILD, "kernel.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two labs may start at once
        prepare_alone(say)


def prepare_alone(say):
    if not os.path.exists(os.path.join(DIRECTORY, "complete")):
        say("fetching Debian's kernel (about 70 MB, once)")
        shutil.rmtree(DIRECTORY, ignore_errors=True)
        os.makedirs(DIRECTORY)
        unpack(download())
        with open(os.path.join(DIRECTORY, "complete"), "w", encoding="ascii"):
            pass
    make_initramfs()


def download():
    try:
        return apt_download([])
    except LabError:
        pass
    # The machine's own package lists are missing or old: use lists of our own,
    # which needs no root and changes nothing outside the build directory.
    lists = os.path.join(DIRECTORY, "apt")
    os.makedirs(os.path.join(lists, "lists", "partial"))
    os.makedirs(os.path.join(lists, "cache", "archives", "partial"))
    options = ["-o", f"Dir::State::lists={lists}/lists",
               "-o", f"Dir::Cache={lists}/cache"]
    run(["apt-get", *options, "-qq", "update"])
    return apt_download(options)


def apt_download(options):
    depends = run(["apt-cache", *options, "depends", META_PACKAGE])
    found = re.search(r"Depends: (linux-image-\S+)", depends)
    if not found:
        raise LabError(f"apt knows no {META_PACKAGE}: run apt-get update")
    run(["apt-get", *options, "-qq", "-o", "APT::Sandbox::User=root",
         "download", found.group(1)])
    return glob.glob(os.path.join(DIRECTORY, "linux-image-*.deb"))[0]


def unpack(package):
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package],
                          stdout=subprocess.PIPE) as archive:
        run(["tar", "-x", "--wildcards", *WANTED], stdin=archive.stdout)
        archive.stdout.close()
    os.rename(glob.glob(os.path.join(DIRECTORY, "boot", "vmlinuz-*"))[0], IMAGE)
    run([busybox(), "depmod", "-b", DIRECTORY, release()])
    os.remove(package)


def make_initramfs():
    """Always made anew: it takes no time and follows the files it is made of."""
    tree = os.path.join(DIRECTORY, "initramfs.d")
    shutil.rmtree(tree, ignore_errors=True)
    os.makedirs(os.path.join(tree, "bin"))
    os.makedirs(os.path.join(tree, "modules"))
    shutil.copy(busybox(), os.path.join(tree, "bin", "busybox"))
    for name in ("init", "mounts.sh"):
        shutil.copy(os.path.join(LAB, "inside", name), tree)
    os.chmod(os.path.join(tree, "init"), 0o755)
    base = os.path.join(MODULES, release())
    order = boot_order(base)
    for path in order:
        shutil.copy(os.path.join(base, path), os.path.join(tree, "modules"))
    with open(os.path.join(tree, "modules", "order"), "w", encoding="ascii") as out:
        out.writelines(os.path.basename(path) + "\n" for path in order)
    names = "\n".join(sorted(
        os.path.relpath(os.path.join(where, name), tree)
        for where, dirs, files in os.walk(tree) for name in dirs + files)) + "\n"
    with open(INITRAMFS + ".new", "wb") as out:
        subprocess.run(["cpio", "--quiet", "-o", "-H", "newc", "-R", "0:0"],
                       cwd=tree, input=names.encode(), stdout=out, check=True)
    os.rename(INITRAMFS + ".new", INITRAMFS)
    shutil.rmtree(tree)


def boot_order(base):
    """Paths of BOOT_MODULES and all they need, the needed ones first."""
    needs = {}
    with open(os.path.join(base, "modules.dep"), encoding="ascii") as table:
        for line in table:
            path, _, rest = line.partition(":")
            needs[path] = rest.split()
    by_name = {os.path.basename(p)[:-3].replace("-", "_"): p for p in needs}
    order = []

    def add(path):
        for needed in reversed(needs[path]):
            add(needed)
        if path not in order:
            order.append(path)

    for name in BOOT_MODULES:
        if name in by_name:
            add(by_name[name])
    return order


def release():
    return os.path.basename(glob.glob(os.path.join(MODULES, "*"))[0])


def busybox():
    for path in ("/bin/busybox", "/usr/bin/busybox"):
        if os.access(path, os.X_OK):
            return path
    raise LabError("not installed: busybox-static (make deps)")


def run(command, stdin=None):
    done = subprocess.run(command, cwd=DIRECTORY, stdin=stdin, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False)
    if done.returncode != 0:
        raise LabError(f"{command[0]} failed: {done.stderr.strip()}")
    return done.stdout
