#!/usr/bin/python3
"""A stream of numbered datagrams and their echoes, to count what gets lost and when.

usage: stream.py echo DIRECTORY ADDRESS PORT
       stream.py send DIRECTORY SOURCE ADDRESS PORT INTERVAL_MS
       stream.py stop DIRECTORY          ends both
       stream.py count DIRECTORY SECONDS...   between each two of these times, by
                                         /proc/uptime: one line of JSON a window
Both ends write what they saw to DIRECTORY when they end.
"""

import array
import json
import os
import select
import signal
import socket
import struct
import sys
import time

MOST = 1 << 20
NUMBER = struct.Struct("!Q192x")
SO_RCVBUFFORCE, IPV6_FREEBIND = 33, 78
BUFFER = 8 << 20  # a machine that is late for once has not lost anything


def now():
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def stopper(directory, name):
    """A list that is not empty once this process is to end."""
    asked = []
    with open(os.path.join(directory, name + ".pid"), "w", encoding="ascii") as file:
        file.write(str(os.getpid()))
    signal.signal(signal.SIGTERM, lambda *_: asked.append(True))
    return asked


def end_of(address, port):
    end = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    end.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
    # inet answers for addresses that it does not have.
    end.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
    end.bind((address, port))
    end.setblocking(False)
    return end


def save(directory, name, data):
    path = os.path.join(directory, name)
    with open(path + ".new", "wb") as file:
        file.write(bytes(data))
    os.rename(path + ".new", path)


def echo(directory, address, port):
    asked, seen = stopper(directory, "echo"), bytearray(MOST)
    end = end_of(address, int(port))
    while not asked:
        if not select.select([end], [], [], 0.2)[0]:
            continue
        try:
            while True:
                data, sender = end.recvfrom(512)
                seen[NUMBER.unpack(data)[0]] = 1
                end.sendto(data, sender)
        except BlockingIOError:
            pass
        except OSError:
            pass  # no route to the sender: that echo is lost, and counted
    save(directory, "echoed", seen)


def send(directory, source, address, port, interval_ms):
    asked, seen = stopper(directory, "send"), bytearray(MOST)
    end = end_of(source, 0)
    interval, times = float(interval_ms) / 1000, array.array("d")
    following = now()
    while not asked and len(times) < MOST:
        left = following - now()
        if left > 0:
            if select.select([end], [], [], left)[0]:
                seen[NUMBER.unpack(end.recv(512))[0]] = 1
            continue
        try:
            end.sendto(NUMBER.pack(len(times)), (address, int(port)))
        except OSError:
            pass  # no route: lost, and counted
        times.append(now())
        # No burst after a delay: the interval is the least there is.
        following = max(following + interval, now() - interval)
    until = now() + 2
    while now() < until:
        if select.select([end], [], [], 0.2)[0]:
            seen[NUMBER.unpack(end.recv(512))[0]] = 1
    save(directory, "answered", seen)
    save(directory, "sent", times.tobytes())


def stop(directory):
    for name, last in (("send", "sent"), ("echo", "echoed")):
        with open(os.path.join(directory, name + ".pid"), encoding="ascii") as file:
            os.kill(int(file.read()), signal.SIGTERM)
        while not os.path.exists(os.path.join(directory, last)):
            time.sleep(0.1)


def read(directory, name):
    with open(os.path.join(directory, name), "rb") as file:
        return file.read()


def window(times, echoed, answered, first, last):
    numbers = [i for i, at in enumerate(times) if first <= at < last]
    there = [i for i in numbers if not echoed[i]]
    back = [i for i in numbers if echoed[i] and not answered[i]]
    lost = sorted(there + back)
    return {"sent": len(numbers), "seconds": round(last - first, 1),
            "lost_there": len(there), "lost_back": len(back),
            "lost_from_s": round(times[lost[0]] - first, 3) if lost else None,
            "lost_for_ms": round((times[lost[-1]] - times[lost[0]]) * 1000) if lost else 0}


def count(directory, *marks):
    times = array.array("d", read(directory, "sent"))
    echoed, answered = read(directory, "echoed"), read(directory, "answered")
    marks = [float(mark) for mark in marks]
    for first, last in zip(marks, marks[1:]):
        print(json.dumps(window(times, echoed, answered, first, last)))


if __name__ == "__main__":
    {"echo": echo, "send": send, "stop": stop, "count": count}[sys.argv[1]](*sys.argv[2:])
