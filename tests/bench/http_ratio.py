#!/usr/bin/python3
"""http_ratio.py - multihomed-http against bare libmicrohttpd, side by side.

usage: http_ratio.py [SECONDS [CONNECTIONS]]     BUILD=build

Requests per second of build/multihomed-http with echo_engine behind it and of
bare_mhd, alternating three times under the same wrk; the medians are compared.
"""

import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "http"))

import standin  # noqa: E402  pylint: disable=wrong-import-position

BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))


def wrk(port, seconds, connections):
    out = subprocess.run(
        ["wrk", "-t1", "-c%d" % connections, "-d%ds" % seconds,
         "-H", "Authorization: Bearer mh_" + "x" * 43,
         "http://127.0.0.1:%d/v1/sessions" % port],
        stdout=subprocess.PIPE, check=True).stdout.decode()
    if "Non-2xx" in out or "Socket errors" in out:
        sys.exit(out)
    return float(re.search(r"Requests/sec: +([0-9.]+)", out).group(1))


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    connections = int(sys.argv[2]) if len(sys.argv) > 2 else 64
    tools = os.path.join(BUILD, "tests", "bench")
    port = standin.free_port()
    bare = subprocess.Popen([os.path.join(tools, "bare_mhd"), str(port)])
    engine = None
    rates = {"http": [], "bare": []}
    with tempfile.TemporaryDirectory() as tmp:
        h = standin.Http(os.path.join(BUILD, "multihomed-http"),
                         os.path.join(tmp, "log"), engine=False, log_level=2)
        try:
            ours, theirs = socket.socketpair()
            socket.send_fds(h.parent, [b"P"], [theirs.fileno()])
            theirs.close()
            engine = subprocess.Popen(
                [os.path.join(tools, "echo_engine"), str(ours.fileno())],
                pass_fds=[ours.fileno()])
            ours.close()
            time.sleep(0.3)
            for _ in range(3):
                rates["bare"].append(wrk(port, seconds, connections))
                rates["http"].append(wrk(h.port, seconds, connections))
            with open("/proc/%d/status" % h.process.pid,
                      encoding="ascii") as f:
                rss = re.search(r"VmRSS:\s+(\d+)", f.read()).group(1)
        finally:
            bare.kill()
            h.stop()
            if engine:
                engine.wait()
    for name, values in rates.items():
        print("%s\t%.0f\trequests/s\t(%s)" % (
            name, statistics.median(values),
            " ".join("%.0f" % v for v in values)))
    print("ratio\t%.2f" % (statistics.median(rates["http"])
                           / statistics.median(rates["bare"])))
    print("resident\t%s\tkB" % rss)


if __name__ == "__main__":
    main()
