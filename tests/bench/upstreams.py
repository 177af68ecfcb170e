"""Benchmarks of whole upstreams: one added, many listed and planned, many writers."""

import multiprocessing
import statistics
import subprocess
import threading
import time

from harness import Lab
from newcomers import FAR, newcomer, order, path
from sandbox import run

WRITERS = 50
LISTS = 200


def many_conf(count):
    """A hand-written router with so many neighbors, all down."""
    lines = ["frr defaults traditional", "hostname hobgp", "service integrated-vtysh-config",
             "ipv6 prefix-list PL-MY-NET seq 5 permit 2a06:9801:1c::/48",
             "ipv6 prefix-list PL-BOGONS seq 5 deny 2a06:9801:1c::/48 le 128",
             "ipv6 prefix-list PL-BOGONS seq 10 permit 2000::/3 le 48"]
    for number in range(count):
        for side, name in (("IN", "PL-BOGONS"), ("OUT", "PL-MY-NET")):
            lines += [f"route-map RM-N{number}-{side} permit 10",
                      f" match ipv6 address prefix-list {name}", "exit"]
    lines += ["ipv6 route 2a06:9801:1c::/48 blackhole", "router bgp 201379",
              " bgp router-id 198.51.100.10", " no bgp default ipv4-unicast"]
    peers = [f"2001:db8:300:1::{0x1000 + number:x}" for number in range(count)]
    for number, peer in enumerate(peers):
        lines += [f" neighbor {peer} remote-as {65000 + number}", f" neighbor {peer} shutdown",
                  f" neighbor {peer} description N{number}"]
    lines += [" address-family ipv6 unicast", "  network 2a06:9801:1c::/48"]
    for number, peer in enumerate(peers):
        lines += [f"  neighbor {peer} activate",
                  f"  neighbor {peer} route-map RM-N{number}-IN in",
                  f"  neighbor {peer} route-map RM-N{number}-OUT out"]
    return "\n".join(lines + [" exit-address-family", "exit"]) + "\n"


def bare(lab, steps):
    """The commands of a plan as an operator's script would run them, unseen."""
    for step in steps:
        if step["subsystem"] == "frr":
            lab.frr.configure(*step["commands"])
        elif step["subsystem"] == "bgp":
            lab.frr.vtysh(*step["commands"])
        else:
            bare_tools(lab, step["commands"])


def bare_tools(lab, lines):
    """Lines that begin with "< " are the standard input of what precedes them."""
    commands = []
    for line in lines:
        if line.startswith("< ") or line == "<":
            commands[-1][1].append(line[2:])
        else:
            commands.append((line, []))
    for command, text in commands:
        if "write" in command and "memory" in command:
            lab.frr.vtysh("write memory")
        elif command.split()[0].rpartition("/")[2] in ("ip", "nft"):
            subprocess.run(command.split(), input="\n".join(text) + "\n", text=True, check=True,
                           stdout=subprocess.DEVNULL)


def bench_add(lab, rounds, figure, remark):
    """A neighbor, its route, its rules and its boot files, without the handshake."""
    run("ip", "addr", "add", "2a06:9801:1c::1/128", "dev", "lo")
    peer = newcomer(lab, FAR)
    peer.process.terminate()
    lab.daemon.token("configure")
    answer = lab.api("PATCH", "/v1/router", {"router_address": ["2a06:9801:1c::1"]},
                     token="configure")
    if answer.status != 200:
        raise RuntimeError(f"the router's address: {answer}")
    ours, theirs = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        answer = lab.put(path(peer), order(peer))
        ours.append((time.perf_counter() - began) * 1000)
        if answer.status != 201:
            raise RuntimeError(f"not added: {answer}")
        steps = answer["plan"]["steps"]
        if lab.delete(path(peer)).status != 200:
            raise RuntimeError("not removed")
        undo = [{**step, "commands": step["undo"]} for step in reversed(steps)]
        began = time.perf_counter()
        bare(lab, steps)
        theirs.append((time.perf_counter() - began) * 1000)
        bare(lab, undo)
        time.sleep(1.2)  # what was done by hand has been seen
    add, script = statistics.median(ours), statistics.median(theirs)
    remark(f"PUT of a new upstream {add:.0f} ms, the bare commands of its plan {script:.0f} ms "
           f"(medians of {rounds})")
    figure("upstream_add", add, "ms", "<1000", add < 1000)
    figure("upstream_add_vs_tools", add / script, "ratio", "<=2", add / script <= 2)


def bench_many(build, counts, figure, remark):
    """Lists and plans on routers with more and more neighbors."""
    plans = {}
    for count in counts:
        with Lab(build=build, snapshot_ms=1000, conf=many_conf(count), settle=False) as lab:
            lab.daemon.token("configure")
            listed = lab.api("GET", "/v1/upstreams", token="read")["upstreams"]
            if len(listed) != count:
                raise RuntimeError(f"{len(listed)} of {count} upstreams are listed")
            get, plan = one_many(lab)
            plans[count] = plan
            remark(f"{count} upstreams: list {get:.2f} ms, plan of one more {plan:.1f} ms")
            figure(f"list_{count}_upstreams", get, "ms", "<10", get < 10)
    small, large = counts[-2], counts[-1]
    growth = (plans[large] / plans[small]) / (large / small)
    figure("plan_growth", growth, "per_upstream", "<=1.2", growth <= 1.2)


def one_many(lab):
    from run import Connection, milliseconds  # pylint: disable=import-outside-toplevel
    from daemon import PORT  # pylint: disable=import-outside-toplevel
    connection = Connection(PORT, "/v1/upstreams", lab.daemon.token("read"))
    connection.get()
    get = statistics.median(milliseconds(connection.get) for _ in range(LISTS))
    body = {"remote_as": 64499, "neighbor": "2001:db8:300::4444"}
    lab.daemon.contract = Nothing()  # checking the answers is no part of it
    answers = []
    plan = statistics.median(milliseconds(lambda: answers.append(
        lab.put("/v1/upstreams/onemore", body, "?dry_run=true"))) for _ in range(7))
    if answers[-1].status != 200:
        raise RuntimeError(f"no plan: {answers[-1]}")
    return get, plan


class Nothing:
    """In place of the contract."""
    seen = {}

    def check(self, *_):
        """Nothing."""


def read_on(token, over, result):
    """Reads all upstreams every few milliseconds; how long each took, in order."""
    from run import Connection, milliseconds  # pylint: disable=import-outside-toplevel
    from daemon import PORT  # pylint: disable=import-outside-toplevel
    reader, took = Connection(PORT, "/v1/upstreams", token), []
    while not over.is_set():
        took.append(milliseconds(reader.get))
        time.sleep(0.002)
    result.put(sorted(took))


def bench_writers(lab, figure, remark):
    """Reads while fifty clients write."""
    lab.daemon.contract, bad = Nothing(), []
    lab.daemon.token("configure")
    gate = threading.Barrier(WRITERS + 1)

    def writer(number):
        # Half of them each their own, half of them one and the same.
        name, body = (f"w{number}", {"remote_as": 64600 + number,
                                     "neighbor": f"2001:db8:300::{0x2000 + number:x}"}) \
            if number % 2 else ("shared", {"remote_as": 64599, "neighbor": "2001:db8:300::1fff",
                                           "description": f"writer {number}"})
        gate.wait()
        while True:
            answer = lab.put(f"/v1/upstreams/{name}", body, timeout=300)
            if answer.status != 429:
                break
            time.sleep(int(answer.headers["retry-after"]))
        if answer.status not in (200, 201):
            bad.append(answer)
    threads = [threading.Thread(target=writer, args=(number,)) for number in range(WRITERS)]
    # Fifty threads of ours would hold up the reader: it is a process of its own.
    fork = multiprocessing.get_context("fork")
    over, result = fork.Event(), fork.SimpleQueue()
    reader = fork.Process(target=read_on, args=(lab.daemon.token("read"), over, result))
    reader.start()
    for thread in threads:
        thread.start()
    gate.wait()
    for thread in threads:
        thread.join()
    over.set()
    took = result.get()
    reader.join()
    rows = [row for row in lab.daemon.audit() if row["outcome"] == "applied"]
    p99 = took[int(len(took) * 0.99)]
    remark(f"{len(took)} reads while {WRITERS} wrote: median {took[len(took) // 2]:.2f} ms, "
           f"p99 {p99:.2f} ms, worst {took[-1]:.1f} ms; {len(rows)} changes in the audit log")
    figure("writers_lost", len(bad), "requests", "0", not bad)
    figure("reads_p99_while_writing", p99, "ms", "<5", p99 < 5)
