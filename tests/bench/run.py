#!/usr/bin/python3
"""Measures multihomed against what it competes with, in one run, side by side.

  run.py [--build DIRECTORY] [--quick]

A real FRR with the reference configuration and four BIRD providers runs in
namespaces of its own (tests/e2e). Standard output has one line a figure, tabs
between: NAME VALUE UNIT GOAL met|short. Remarks go to standard error. It is a
measurement: it exits 0 when figures fall short, 1 when it could not measure.
"""

import argparse
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))
sys.path.insert(0, HERE)
sys.modules["run"] = sys.modules[__name__]  # for upstreams.py


def remark(text):
    print(f"# {text}", file=sys.stderr, flush=True)


def figure(name, value, unit, goal, met):
    """One line of the result."""
    print(f"{name}\t{value:.4g}\t{unit}\t{goal}\t{'met' if met else 'short'}", flush=True)


def milliseconds(function):
    began = time.perf_counter()
    function()
    return (time.perf_counter() - began) * 1000


class Connection:
    """Keep-alive HTTP with as little client as possible: the request is made
    once, the answer's end is found by its Content-Length."""

    def __init__(self, port, target, token):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request = (f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        f"Authorization: Bearer {token}\r\n\r\n").encode()

    def get(self):
        self.sock.sendall(self.request)
        data = self.sock.recv(65536)
        while b"\r\n\r\n" not in data:
            data += self.more()
        head, _, body = data.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"not 200: {head[:200]!r}")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        have = len(body)
        while have < length:
            have += len(self.more())

    def more(self):
        data = self.sock.recv(65536)
        if not data:
            raise RuntimeError("the connection was closed")
        return data


def bench_get(lab, port, rounds):
    """A cached GET of all sessions, and a vtysh process that shows the same."""
    connection = Connection(port, "/v1/sessions", lab.daemon.token("read"))
    for _ in range(100):
        connection.get()
    argv = ["vtysh", "-c", "show bgp summary json"]
    ours, theirs = [], []
    for _ in range(rounds):
        ours += [milliseconds(connection.get) for _ in range(200)]
        theirs.append(milliseconds(lambda: subprocess.run(
            argv, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=True)))
    get, vtysh = statistics.median(ours), statistics.median(theirs)
    remark(f"GET /v1/sessions {get * 1000:.0f} us (median of {len(ours)}), "
           f"{argv[0]} -c '{argv[2]}' {vtysh:.1f} ms (median of {len(theirs)})")
    figure("get_sessions_vs_vtysh", vtysh / get, "times_faster", ">=100", vtysh / get >= 100)


def wrk(url, token, seconds):
    """Requests per second that one client thread with 32 connections gets."""
    done = subprocess.run(
        ["wrk", "-t1", "-c32", f"-d{seconds}s", "-H", f"Authorization: Bearer {token}", url],
        capture_output=True, text=True, stdin=subprocess.DEVNULL, check=True)
    bad = [line for line in done.stdout.splitlines()
           if "Non-2xx" in line or "Socket errors" in line]
    if bad:
        raise RuntimeError(f"wrk {url}: {bad[0].strip()}")
    for line in done.stdout.splitlines():
        if line.startswith("Requests/sec:"):
            return float(line.split()[1])
    raise RuntimeError(f"wrk {url} said no rate:\n{done.stdout}")


@contextlib.contextmanager
def bare_program(build, port):
    """libmicrohttpd alone, with a body of the same size and as many threads."""
    with subprocess.Popen([f"{build}/tests/bench/bare_mhd", str(port)],
                          stdin=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 5
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError as error:
                    if time.monotonic() > deadline or process.poll() is not None:
                        raise RuntimeError("bare_mhd does not answer") from error
                    time.sleep(0.01)
            yield
        finally:
            process.terminate()


def bench_rate(lab, build, port, rounds, seconds):
    """Requests per second, ours and the bare program's, taking turns."""
    token = lab.daemon.token("read")
    ours, bare = [], []
    with bare_program(build, port + 1):
        for _ in range(rounds):
            ours.append(wrk(f"http://127.0.0.1:{port}/v1/sessions", token, seconds))
            bare.append(wrk(f"http://127.0.0.1:{port + 1}/v1/sessions", token, seconds))
    rate, other = statistics.median(ours), statistics.median(bare)
    remark(f"GET /v1/sessions {rate:.0f} a second, bare libmicrohttpd {other:.0f} a second "
           f"(wrk -t1 -c32, median of {rounds} x {seconds} s)")
    figure("requests_vs_bare_libmicrohttpd", rate / other, "ratio", ">=0.6",
           rate / other >= 0.6)


def bare_change(lab, route_map, address, preference):
    """What an operator's script does by hand, without looking at the result."""
    for argv in (["configure terminal", f"route-map {route_map} permit 10",
                  f"set local-preference {preference}"],
                 [f"clear bgp ipv6 unicast {address} soft in"],
                 ["write memory"]):
        lab.frr.vtysh(*argv)


def bench_change(lab, rounds):
    """A change of preference, whole: until the reply, and until the script ends."""
    upstream = lab.upstream("ifog")
    before = upstream["import"]["local_preference"]
    route_map = upstream["status"]["route_map_in"]
    values = (before + 10, before)
    ours, theirs = [], []
    for i in range(rounds * 2):
        body = {"import": {"local_preference": values[i % 2]}, "reason": "bench"}
        answers = []
        ours.append(milliseconds(lambda: answers.append(lab.patch("ifog", body))))
        if answers[0].status != 200 or not answers[0]["changed"]:
            raise RuntimeError(f"the change failed: {answers[0]}")
        theirs.append(milliseconds(lambda: bare_change(
            lab, route_map, upstream["neighbor"], before + 20 + i)))
        time.sleep(0.3)
    bare_change(lab, route_map, upstream["neighbor"], before)
    change, script = statistics.median(ours), statistics.median(theirs)
    remark(f"PATCH of a preference {change:.0f} ms, the bare vtysh commands {script:.0f} ms "
           f"(medians of {rounds * 2})")
    figure("preference_change_vs_vtysh", change / script, "ratio", "<=1.5",
           change / script <= 1.5)


def kilobytes(pid, file, field):
    with open(f"/proc/{pid}/{file}", encoding="utf-8") as text:
        for line in text:
            if line.startswith(field + ":"):
                return int(line.split()[1])
    raise RuntimeError(f"no {field} in /proc/{pid}/{file}")


def bench_memory(processes):
    """Of the three processes, after all the work above."""
    resident = proportional = 0
    found = processes("multihomed")
    if len(found) != 3:
        raise RuntimeError(f"not three processes: {found}")
    for pid, program in found:
        rss = kilobytes(pid, "status", "VmRSS")
        pss = kilobytes(pid, "smaps_rollup", "Pss")
        remark(f"{os.path.basename(program)}: {rss / 1000:.1f} MB resident, "
               f"{pss / 1000:.1f} MB in proportion")
        resident += rss
        proportional += pss
    remark(f"together {proportional * 1024 / 1e6:.1f} MB in proportion (shared pages once)")
    figure("resident_memory", resident * 1024 / 1e6, "MB", "<20", resident * 1024 / 1e6 < 20)


def readiness(path):
    """One look at /readyz over the UNIX socket."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(5)
        try:
            sock.connect(path)
            sock.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return sock.recv(64).startswith(b"HTTP/1.1 200 ")
        except OSError:
            return False


def bench_start(lab, unix, rounds):
    """From exec of the parent until the first 200 of /readyz."""
    took = []
    for _ in range(rounds):
        lab.daemon.stop()
        with open(lab.daemon.log_path, "ab") as log:
            began = time.perf_counter()
            process = subprocess.Popen(  # pylint: disable=consider-using-with
                [f"{lab.daemon.build}/multihomed", "-f", "-c", lab.daemon.config_path],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            lab.daemon.process = process
            lab.daemon.log = log
            while not readiness(unix):
                if time.perf_counter() - began > 20 or process.poll() is not None:
                    raise RuntimeError("multihomed does not become ready")
                time.sleep(0.001)
            took.append((time.perf_counter() - began) * 1000)
    start = statistics.median(took)
    remark(f"start to ready: {', '.join(f'{ms:.0f}' for ms in took)} ms")
    figure("start_to_ready", start, "ms", "<150", start < 150)


def measure(options):
    import daemon  # pylint: disable=import-outside-toplevel
    from daemon import PORT, UNIX, processes  # pylint: disable=import-outside-toplevel
    from harness import Lab  # pylint: disable=import-outside-toplevel
    # As an operator runs it, not as the tests do.
    daemon.CONFIG = daemon.CONFIG.replace('level = "debug"', 'level = "info"')
    build = os.path.abspath(options.build)
    few = options.quick
    with Lab(build=build, snapshot_ms=1000) as lab:
        steps = (
            lambda: bench_get(lab, PORT, 5 if few else 15),
            lambda: bench_rate(lab, build, PORT, 1 if few else 3, 2 if few else 5),
            lambda: bench_change(lab, 2 if few else 5),
            lambda: bench_memory(processes),
            lambda: bench_start(lab, UNIX, 3 if few else 7),
        )
        failed = all_of(steps)
    return 1 if measure_upstreams(build, few) or failed else 0


def all_of(steps):
    """One after the other; True when any of them could not be measured."""
    failed = False
    for step in steps:
        try:
            step()
        except (RuntimeError, OSError, AssertionError, KeyError,
                subprocess.SubprocessError) as error:
            remark(f"could not be measured: {error}")
            failed = True
    return failed


def measure_upstreams(build, few):
    """Each on a router of its own."""
    import events  # pylint: disable=import-outside-toplevel
    import upstreams  # pylint: disable=import-outside-toplevel
    from daemon import UNIX  # pylint: disable=import-outside-toplevel
    from harness import Lab  # pylint: disable=import-outside-toplevel

    def with_lab(function, **more):
        with Lab(build=build, snapshot_ms=1000, **more) as lab:
            function(lab)
    return all_of((
        lambda: with_lab(lambda lab: upstreams.bench_add(lab, 3 if few else 7, figure, remark)),
        lambda: with_lab(lambda lab: upstreams.bench_writers(lab, figure, remark),
                         limits="queue = 64; connections_per_address = 128;"),
        lambda: with_lab(lambda lab: events.bench_events(lab, UNIX, 3 if few else 8, figure,
                                                         remark),
                         limits="connections = 512;"),
        lambda: upstreams.bench_many(build, (10, 100, 500), figure, remark),
    ))


def main():
    parser = argparse.ArgumentParser(description="Measure multihomed.")
    parser.add_argument("--build", default="build")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    options = parser.parse_args()
    import sandbox  # pylint: disable=import-outside-toplevel
    sandbox.enter()
    remark(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    return measure(options)


if __name__ == "__main__":
    sys.exit(main())
