#!/usr/bin/python3
"""What recovery needs lies in the journal sealed, and survives a change of the key."""

import os
import shutil
import sqlite3
import subprocess
import tempfile

from daemon import DATABASE, HOME, OWNED
from harness import Suite
from machine import machine, must_be
from newcomers import NOVA, newcomer, order, path
from sandbox import wait_until

SECRET = "hush-hush-4711"
KEY = f"{OWNED}/master.key"
suite = Suite("seal", seconds=150)
there = {}


def known(lab):
    if not there:
        lab.frr.vtysh("write memory")
        lab.daemon.token("configure")
        there["nova"] = newcomer(lab, NOVA)
    return there["nova"]


def key():
    with open(KEY, "rb") as file:
        return file.read()


def password_line(lab):
    return f" neighbor {known(lab).address} password {SECRET}"


def upstream(lab):
    """There is one."""
    peer = known(lab)
    if lab.api("GET", path(peer), token="read").status != 200:
        assert lab.put(path(peer), order(peer)).status == 201
    return peer


def begin(lab):
    """The password is taken away, and that waits for a word: the journal has both."""
    peer = upstream(lab)
    lab.frr.configure("router bgp 201379", password_line(lab).strip())
    wait_until(lambda: lab.api("GET", path(peer), token="read")["tcp_md5"]["set"], 5,
               "the password is seen")
    lab.frr.vtysh("write memory")
    before = machine(lab)
    answer = lab.put(path(peer), {
        **order(peer), "tcp_md5": None, "allow_reset": True,
        "export": {"prefix_list": "PL-MY-NET", "as_path_prepend": 2},
        "confirm": {"revert_in_s": 60}})
    assert answer.status == 200 and SECRET.encode() not in answer.body, answer
    assert SECRET not in lab.frr.running_config()
    return before, answer["operation"]


def cancel(lab, before, operation):
    """The word is given: what was taken away is there again."""
    answer = lab.api("POST", f"/v1/operations/{operation}/cancel", {}, token="configure")
    assert answer.status == 200, answer
    assert password_line(lab) in lab.frr.running_config()
    must_be(lab, before)


def plan(operation):
    """As it lies in the table; the files are copied, so that nothing of them is touched."""
    with tempfile.TemporaryDirectory() as place:
        for end in ("", "-wal"):
            if os.path.exists(DATABASE + end):
                shutil.copy(DATABASE + end, f"{place}/copy{end}")
        database = sqlite3.connect(f"{place}/copy")
        row = database.execute("SELECT plan FROM operations WHERE id = ?", (operation,)).fetchone()
        database.close()
    return row[0]


def nowhere(what):
    """No file that we keep has it; nor do an argument or the environment of a process."""
    what = what.encode()
    for place, _, names in os.walk(HOME):
        for name in (f"{place}/{name}" for name in names):
            if os.path.isfile(name):
                with open(name, "rb") as file:
                    assert what not in file.read(), name
    for pid in (entry for entry in os.listdir("/proc") if entry.isdigit()):
        for name in ("cmdline", "environ"):
            try:
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    assert what not in file.read(), (pid, name)
            except FileNotFoundError:
                pass  # it has ended


def rekey(lab, status=0):
    done = subprocess.run(
        [f"{lab.daemon.build}/multihomed", "rekey", "-c", lab.daemon.config_path],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == status, done
    assert SECRET not in done.stdout + done.stderr
    return done.stderr


def rekey_dies(lab, first):
    """Killed when its engine, which is not the real one, has done that first."""
    with tempfile.TemporaryDirectory(dir="/run") as place:
        os.chmod(place, 0o777)  # the engine is another user
        with open(f"{place}/multihomed-engine", "w", encoding="ascii") as file:
            file.write(f'#!/bin/sh\nreal="{lab.daemon.build}/multihomed-engine"\n{first}\n'
                       f'>"{place}/reached"\nexec sleep 60\n')
        os.chmod(f"{place}/multihomed-engine", 0o755)
        with open(lab.daemon.config_path, encoding="ascii") as file:
            text = file.read().replace(f'libexec_dir = "{lab.daemon.build}"',
                                       f'libexec_dir = "{place}"')
        with open(f"{place}/conf", "w", encoding="ascii") as file:
            file.write(text)
        with subprocess.Popen([f"{lab.daemon.build}/multihomed", "rekey", "-c", f"{place}/conf"],
                              stdin=subprocess.DEVNULL) as process:
            wait_until(lambda: os.path.exists(f"{place}/reached"), 30, "the engine is there")
            process.kill()
        for pid, _ in lab.daemon.processes("sleep"):
            lab.daemon.end(pid)


@suite.test
def the_journal_is_sealed(lab):
    before, operation = begin(lab)
    assert plan(operation).startswith("s1:"), plan(operation)
    nowhere(SECRET)
    nowhere(SECRET.encode().hex())
    assert len(key()) == 32 and os.stat(KEY).st_mode & 0o7777 == 0o600
    for name in (key().hex(), KEY):
        for pid, _ in lab.daemon.processes("multihomed-engine"):
            with open(f"/proc/{pid}/environ", "rb") as file:
                assert name.encode() not in file.read()
    for word in ("multihomed-engine", "multihomed-http", "multihomed"):
        pid = lab.daemon.processes(word)[0][0]
        with open(f"/proc/{pid}/limits", encoding="ascii") as file:
            assert "Max core file size 0 0" in " ".join(file.read().split()), word
        # What cannot be dumped is root's, whoever runs it: the two others do.
        assert os.stat(f"/proc/{pid}/mem").st_uid == 0, word
    lab.daemon.kill_engine()
    cancel(lab, before, operation)
    assert plan(operation) is None
    for row in lab.daemon.audit():
        assert SECRET not in str(row), row
    nowhere(SECRET)


@suite.test
def another_master_key(lab):
    before, operation = begin(lab)
    old, stored = key(), plan(operation)
    told = rekey(lab, status=1)
    assert "stop it, run this again, then start it" in told, told
    assert key() == old
    lab.daemon.stop()
    told = rekey(lab)
    assert "1 sealed anew." in told and "The master key is changed." in told, told
    assert key() != old and len(key()) == 32
    assert plan(operation).startswith("s1:") and plan(operation) != stored
    nowhere(stored[3:19])
    lab.daemon.start()
    cancel(lab, before, operation)


def tcp_md5(lab, peer, **body):
    if body:
        answer = lab.api("PATCH", path(peer), {**body, "allow_reset": True}, token="configure")
        assert answer.status == 200, answer
    return lab.api("GET", path(peer), token="read")["tcp_md5"]


@suite.test
def a_key_is_as_old_as_before(lab):
    """Its identifier is another one: that changes with the master key."""
    peer = upstream(lab)
    tcp_md5(lab, peer, tcp_md5=None)
    told = tcp_md5(lab, peer, tcp_md5={"key": "first-of-nova"})
    assert told["set_at"], told
    for _ in range(2):
        lab.daemon.stop()
        rekey(lab)
        lab.daemon.start()
        after = tcp_md5(lab, peer)
        assert after["set_at"] == told["set_at"] and after["key_id"] != told["key_id"], after
    tcp_md5(lab, peer, tcp_md5=None)


@suite.test
def a_death_while_it_is_changed(lab):
    before, operation = begin(lab)
    lab.daemon.stop()
    old = key()
    # Before anything is sealed anew: the daemon would go on with both.
    rekey_dies(lab, "")
    both = key()
    assert len(both) == 64 and both[32:] == old
    lab.daemon.start()
    cancel(lab, before, operation)
    before, operation = begin(lab)
    stored = plan(operation)
    lab.daemon.stop()
    # Behind it: all is under the new key, and the old one is still in the file.
    rekey_dies(lab, '"$real" "$@"')
    assert key() == both
    assert plan(operation)[:19] == stored[:19], "sealed with the new key at once"
    told = rekey(lab)
    assert "was cut off; this finishes it" in told, told
    assert key() == both[:32]
    lab.daemon.start()
    cancel(lab, before, operation)


@suite.test
def a_lost_master_key_locks_nothing(lab):
    _, operation = begin(lab)
    lab.daemon.stop()
    os.unlink(KEY)
    lab.daemon.start()
    told = lab.api("GET", f"/v1/operations/{operation}", token="read")
    assert told["state"] == "undone" and "master key" in told["error"], told
    row = [row for row in lab.daemon.audit() if row["operation"] == operation][-1]
    assert row["outcome"] == "failed" and "Look at the router" in row["detail"], row
    assert lab.api("GET", "/v1/audit/verify", token="read")["intact"] is True
    answer = lab.patch("ifog", {"import": {"local_preference": 151}})
    assert answer.status == 200, answer
    assert lab.delete(path(known(lab))).status == 200


suite.main()
