"""PF_KEY: a UNIX socket DIR/pfkey.sock in the place of the kernel's (34).

usage: python3 -IS pfkeys.py DIR      (as DIR/pfkeyd; ends with DIR or parent)

Messages as RFC 2367 and FreeBSD have them, about TCP-MD5 only. Each counts as
a run of the tool "pfkey" for the log and for faults (frame.py), with the words
of setkey and never the key. The keys are those of setkeys.py.
"""

import errno
import ipaddress
import os
import random
import socket
import struct
import sys
import time

if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

# pylint: disable=wrong-import-position
import frame  # noqa: E402
import machine  # noqa: E402
import setkeys  # noqa: E402

GETSPI, UPDATE, ADD, DELETE = 1, 2, 3, 4
NAMES = {GETSPI: "getspi", UPDATE: "update", ADD: "add", DELETE: "delete"}
TCP_MD5, AALG_TCP_MD5 = 11, 252
SA, SRC, DST, KEY, RANGE = 1, 5, 6, 8, 16
HEAD = struct.Struct("=BBBBHHII")
ERRNO = {setkeys.EXISTS: errno.EEXIST, setkeys.SEARCH: errno.ESRCH,
         setkeys.INVALID: errno.EINVAL}


class Quiet(frame.Run):
    """A run that has nobody to talk to."""

    def flush(self):
        said, self.said = self.said, []
        return "".join(text for _, text in said)


def message(kind, src, dst, spi, key):
    """Of a process with the number 1, as ours sends them."""
    body = b""
    if kind != GETSPI:
        body += struct.pack("=HH", 2, SA) + struct.pack(">I", spi or 0x1000) + \
            struct.pack("=BBBBI", 0, 1, AALG_TCP_MD5, 0, 0x40)
    for name, text in ((SRC, src), (DST, dst)):
        packed = ipaddress.ip_address(text).packed
        six = len(packed) == 16
        body += struct.pack("=HHBBH", 5 if six else 3, name, 255,
                            128 if six else 32, 0)
        body += struct.pack("=BBH", 28 if six else 16, 28 if six else 2, 0)
        body += bytes(4) + packed + bytes(8) if six else packed + bytes(8)
    if kind in (ADD, UPDATE):
        padded = key.encode() + bytes(-len(key) % 8)
        body += struct.pack("=HHHH", 1 + len(padded) // 8, KEY, len(key) * 8,
                            0) + padded
    return HEAD.pack(2, kind, 0, TCP_MD5, (HEAD.size + len(body)) // 8, 0, 1,
                     1) + body


def extensions(data):
    """{type: bytes}; None when the message is not one."""
    found, at = {}, HEAD.size
    while at < len(data):
        if at + 4 > len(data):
            return None
        units, kind = struct.unpack_from("=HH", data, at)
        if units == 0 or at + units * 8 > len(data) or kind in found:
            return None
        found[kind] = data[at:at + units * 8]
        at += units * 8
    return found


def address(ext):
    """The text of a BSD's sockaddr; None when it is none."""
    length, family = ext[8], ext[9]
    if ext[4] != 255:
        return None
    if (length, family, ext[5], len(ext)) == (28, 28, 128, 40):
        return str(ipaddress.IPv6Address(ext[16:32]))
    if (length, family, ext[5], len(ext)) == (16, 2, 32, 24):
        return str(ipaddress.IPv4Address(ext[12:16]))
    return None


def secret(ext):
    """The key as hexadecimal; None when the extension is wrong."""
    bits = struct.unpack_from("=H", ext, 4)[0]
    size = bits // 8
    if bits % 8 or not 1 <= size <= 80 or len(ext) != 8 + (size + 7) // 8 * 8:
        return None
    return ext[8:8 + size].hex()


class Message:
    """One, and the kernel's answer to it."""

    def __init__(self, data):
        self.data = data
        self.spi = None
        self.error = 0
        head = HEAD.unpack_from(data)
        self.kind, self.satype, self.pid = head[1], head[3], head[7]
        self.ext = extensions(data) if head[0] == 2 and \
            head[4] * 8 == len(data) and self.satype == TCP_MD5 else None
        self.src = self.dst = None
        if self.ext and SRC in self.ext and DST in self.ext:
            self.src = address(self.ext[SRC])
            self.dst = address(self.ext[DST])

    def words(self):
        """As setkey would have them, without the key."""
        return [NAMES.get(self.kind, str(self.kind)), str(self.src),
                str(self.dst), "tcp"]

    def association(self):
        """(spi, auth) of the extension."""
        ext = self.ext.get(SA)
        if ext is None or len(ext) != 16:
            return None, None
        return struct.unpack_from(">I", ext, 4)[0], ext[10]

    def carry_out(self, run, places):
        """The errno. places: of what this process has deleted."""
        with machine.Machine(run.dir) as host:
            state = host.state
            state.setdefault("larval", [])
            state["places"] = places
            try:
                self.error = self.work(state)
            finally:
                state.pop("places")
        return self.error

    def work(self, state):
        """On the kernel's state."""
        if not self.src or not self.dst or self.kind not in NAMES:
            return errno.EINVAL
        if self.kind == DELETE:
            return ERRNO.get(setkeys.delete(state, self.src, self.dst), 0)
        if not machine.module(state, "tcpmd5"):
            return errno.EINVAL
        if self.kind == GETSPI:
            return self.getspi(state)
        spi, auth = self.association()
        key = secret(self.ext[KEY]) if KEY in self.ext else None
        if not spi or auth != AALG_TCP_MD5 or key is None:
            return errno.EINVAL
        if self.kind == ADD:
            self.spi = spi
            return ERRNO.get(setkeys.add(state, self.src, self.dst, spi, key),
                             0)
        return self.update(state, spi, key)

    def getspi(self, state):
        """A larval association of this process."""
        low, high = 0x100, 0x0fffffff
        if RANGE in self.ext:
            low, high = struct.unpack_from("=II", self.ext[RANGE], 4)
        if not 0 < low <= high:
            return errno.EINVAL
        self.spi = random.randint(max(low, 0x100000), high)
        state["larval"].append({"src": self.src, "dst": self.dst,
                                "spi": self.spi, "pid": self.pid,
                                "until": time.time() + 30})
        return 0

    def update(self, state, spi, key):
        """It gets its key: from now on there is another one."""
        for entry in state["larval"]:
            if (entry["src"], entry["dst"], entry["spi"], entry["pid"]) == (
                    self.src, self.dst, spi, self.pid) and \
                    entry["until"] > time.time():
                state["larval"].remove(entry)
                setkeys.insert(state, self.src, self.dst, spi, key)
                self.spi = spi
                return 0
        return errno.EINVAL

    def answer(self):
        """The kernel's bytes: the head, and the association where it has
        one."""
        tail = b""
        if self.error == 0 and self.spi:
            tail = struct.pack("=HH", 2, SA) + struct.pack(
                ">I", self.spi) + bytes(8)
        head = list(HEAD.unpack_from(self.data))
        head[2] = self.error
        head[4] = (HEAD.size + len(tail)) // 8
        return HEAD.pack(*head) + tail


def talk(folder, connection):
    """One process of ours, to its end."""
    places = {}
    while True:
        data = connection.recv(4096)
        if len(data) < HEAD.size:
            return
        message = Message(data)
        run = Quiet(folder, "pfkey", message.words())
        done = []

        def work(inner, message=message, done=done):
            done.append(True)
            return message.carry_out(inner, places)

        status = frame.perform(run, True, work)
        # Made to fail, or to lie.
        if not done:
            message.error = errno.ENOBUFS if status else 0
            message.spi = None if status else 0x0badcafe
        # What others do comes to every socket; it is not for this one.
        other = list(HEAD.unpack_from(data))
        other[7] ^= 1
        other[4] = HEAD.size // 8
        connection.send(HEAD.pack(*other))
        connection.send(message.answer())


def serve(folder):
    """Until the folder or the parent is gone."""
    path = os.path.join(folder, "pfkey.sock")
    parent = os.getppid()
    new = f"{path}.{os.getpid()}"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(new)
    os.chmod(new, 0o666)
    listener.listen(8)
    os.rename(new, path)  # who sees it can connect
    listener.settimeout(0.5)
    while os.path.exists(path) and os.getppid() == parent:
        try:
            connection, _ = listener.accept()
        except socket.timeout:
            continue
        finally:
            reap()
        if os.fork() == 0:
            listener.close()
            talk(folder, connection)
            os._exit(0)
        connection.close()


def reap():
    """Those that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


if __name__ == "__main__":
    serve(os.path.abspath(sys.argv[1]))
