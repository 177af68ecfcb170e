"""GET /v1/events with many listeners: what they cost a change, and how soon
each hears of it. Taken apart from run.py, which calls it."""

import selectors
import socket
import statistics
import threading
import time

from listening import Bustle, Events

LISTENERS = 200


class Blocked:
    """One that does not read, with as much as its socket takes lying in it."""

    def __init__(self, lab):
        self.happen = Bustle(lab)
        self.events = Events(lab, "?types=operation", reads=False)
        self.full = self.events.block(self.happen)

    def check(self):
        """Nothing more went into its socket: it was blocked all the time."""
        if self.events.unread() != self.full:
            raise RuntimeError(f"the one that does not read was not blocked: "
                               f"{self.events.unread()} bytes in its socket, {self.full} before")

    def resyncs(self):
        """Lets its backlog be dropped, reads all and returns what it was told of that."""
        self.events.overflow(self.happen)
        self.check()
        self.events.start()
        self.events.quiet()
        return [event["reason"] for event in self.events.of("resync")]

    def close(self):
        self.events.close()
        self.happen.connection.close()


class Listeners:
    """Many, read by one thread."""

    def __init__(self, unix, token, count):
        self.arrived = []  # (when, how many events)
        self.records = 0
        self.stop = False
        self.socks = []
        request = (f"GET /v1/events?types=operation HTTP/1.1\r\nHost: x\r\n"
                   f"Authorization: Bearer {token}\r\n\r\n").encode()
        for _ in range(count):
            sock = socket.socket(socket.AF_UNIX)
            sock.connect(unix)
            sock.sendall(request)
            self.socks.append(sock)
        self.selector = selectors.DefaultSelector()
        for sock in self.socks:
            while b"event: hello" not in sock.recv(65536):
                pass
            sock.setblocking(False)
            self.selector.register(sock, selectors.EVENT_READ)
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        while not self.stop:
            for key, _ in self.selector.select(0.1):
                data = key.fileobj.recv(65536)
                count = data.count(b"event: operation")
                if count:
                    self.arrived.append((time.perf_counter(), data))
                    self.records += count

    def close(self):
        self.stop = True
        self.thread.join()
        self.selector.close()
        for sock in self.socks:
            sock.close()


def change_once(lab, i, before):
    began = time.perf_counter()
    answer = lab.patch("ifog", {"import": {"local_preference": before + 10 * (i % 2 + 1)},
                                "reason": "bench"})
    took = (time.perf_counter() - began) * 1000
    if answer.status != 200 or not answer["changed"]:
        raise RuntimeError(f"the change failed: {answer}")
    return took


def drain_once(lab, path, at):
    """Begins then: (seconds until it is proven, when it was back)."""
    time.sleep(max(0.0, at - time.perf_counter()))
    began = time.perf_counter()
    answer = lab.api("PUT", path, {"reason": "bench"}, headers={"Prefer": "wait=60"})
    took = time.perf_counter() - began
    if answer.status != 200 or answer["result"]["end"] != "drained":
        raise RuntimeError(f"the drain failed: {answer}")
    back = lab.api("DELETE", path, headers={"Prefer": "wait=60"})
    if back.status != 200 or back["result"]["end"] != "returned":
        raise RuntimeError(f"the way back failed: {back}")
    return took, time.perf_counter()


def latencies(found):
    """Milliseconds from the time an event says it happened until it was read;
    found: (monotonic, bytes)."""
    offset = time.time() - time.perf_counter()
    result = []
    for when, data in found:
        for line in data.split(b"\n"):
            if line.startswith(b"data: "):
                text = line.partition(b'"time":"')[2].partition(b'"')[0].decode()
                clock, _, parts = text.rstrip("Z").partition(".")
                told = time.mktime(time.strptime(clock, "%Y-%m-%dT%H:%M:%S"))
                told += int(parts) / 1000 - time.timezone
                result.append((when + offset - told) * 1000)
    return sorted(result)


def bench_drain(lab, unix, rounds, figure, remark):
    """A drain looks once a second, and a way back ends with such a look: each begins at
    another part of a second behind it, with listeners as without; the first of them
    does not read."""
    path, token = lab.path("ifog") + "/drain", lab.daemon.token("read")
    alone, heard, lost = [], [], 0
    back = drain_once(lab, path, 0)[1]
    for i in range(rounds):
        took, back = drain_once(lab, path, back + 4 + i / rounds)
        alone.append(took)
        blocked, listeners = Blocked(lab), Listeners(unix, token, LISTENERS - 1)
        took, back = drain_once(lab, path, back + 4 + i / rounds)
        heard.append(took)
        time.sleep(0.5)
        blocked.check()
        ends = sum(data.count(b'"state":"done"') for _, data in listeners.arrived)
        # The drain, the return, and the change that each of them made.
        lost += 4 * (LISTENERS - 1) - ends
        listeners.close()
        blocked.close()
    without, with_them = statistics.mean(alone), statistics.mean(heard)
    remark(f"a drain with {LISTENERS} listeners, one of them not reading, {with_them:.2f} s, "
           f"without {without:.2f} s (means of {len(heard)})")
    figure("drain_with_200_listeners", with_them / without, "ratio", "<=1.1",
           with_them / without <= 1.1)
    figure("drain_events_lost", lost, "events", "0", lost == 0)


def bench_events(lab, unix, rounds, figure, remark):
    """Turn about, and after the same bustle, so that both see the same machine."""
    before = lab.upstream("ifog")["import"]["local_preference"]
    token = lab.daemon.token("read")
    alone, heard, found = [], [], []
    lost, resyncs = 0, []
    for i in range(rounds * 2):
        Blocked(lab).close()
        time.sleep(1.2)  # http has seen it go
        alone.append(change_once(lab, 2 * i, before))
        time.sleep(0.3)
        blocked, listeners = Blocked(lab), Listeners(unix, token, LISTENERS - 1)
        heard.append(change_once(lab, 2 * i + 1, before))
        deadline = time.monotonic() + 5
        wanted = 3 * (LISTENERS - 1)
        while listeners.records < wanted and time.monotonic() < deadline:
            time.sleep(0.01)
        lost += wanted - listeners.records
        found += listeners.arrived
        blocked.check()
        listeners.close()
        if i == 0:
            resyncs = blocked.resyncs()
        blocked.close()
        time.sleep(0.3)
    lab.patch("ifog", {"import": {"local_preference": before}})
    without, with_them = statistics.median(alone), statistics.median(heard)
    late = latencies(found)
    p50, p99 = late[len(late) // 2], late[len(late) * 99 // 100]
    remark(f"a change with {LISTENERS} listeners, one of them not reading, {with_them:.0f} ms, "
           f"without {without:.0f} ms (medians of {len(heard)}); {len(late)} events arrived "
           f"after {p50:.1f} ms (median), {p99:.1f} ms (99th percentile), {late[-1]:.1f} ms at most")
    figure("change_with_200_listeners", with_them / without, "ratio", "<=1.1",
           with_them / without <= 1.1)
    figure("event_delivery_p99", p99, "ms", "<50", p99 < 50)
    figure("events_lost", lost, "events", "0", lost == 0)
    figure("slow_reader_resyncs", len(resyncs), "events", "1", resyncs == ["slow_reader"])
    bench_drain(lab, unix, rounds // 2 + 1, figure, remark)
