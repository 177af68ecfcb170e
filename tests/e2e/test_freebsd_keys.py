#!/usr/bin/python3
"""TCP-MD5 keys where the kernel keeps them: associations and ipsec.conf, on stand-ins.

FRR is real, and so is its password below Linux; what the stand-ins keep is FreeBSD's
half: the associations of the kernel and the files that a boot reads.
"""

import json
import os
import re
import signal

from fbsd import PF_CONF, RC_CONF, SETTINGS, TOOLS, boots, install, rc_conf, variables, write
from harness import Suite
from sandbox import run, wait_until
from secrets_seen import Watch

BY_HAND = """# written by hand
hostname="vtbgp"
kld_list="if_gif if_gre"
ipv6_gateway_enable="YES"
pf_enable="YES"
pf_rules="/run/fbsd/etc/pf.conf"
"""
IPSEC = f"{TOOLS}/etc/ipsec.conf"
# Somebody else's: another use of IPsec, and a session that is no upstream.
FOREIGN = """#!/sbin/setkey -f
flush;
# the lab's own session
add 192.0.2.1 192.0.2.9 tcp 0x1000 -A tcp-md5 "by hand; # it is"; # a peer
add 192.0.2.9 192.0.2.1 tcp 0x1000 -A tcp-md5 "by hand; # it is";
"""
FOREIGN_SAS = {("192.0.2.1", "192.0.2.9"): "by hand; # it is",
               ("192.0.2.9", "192.0.2.1"): "by hand; # it is"}
CORE, CORE_HERE = "2a06:9801:1c:fffe::1", "2a06:9801:1c:fffe::2"
VULTR, VULTR_HERE = "2001:19f0:ffff::1", "2001:db8:f480::20"
OLD = "your-shared-secret"
suite = Suite("freebsd_keys", seconds=240, name="vtbgp", **SETTINGS)


@suite.prepare
def the_machine():
    install(BY_HAND, PF_CONF, "--boot")
    run(f"{TOOLS}/kldload", "tcpmd5")


def sas():
    """{(source, destination): key} as the kernel has them; each only once."""
    found = {}
    for src, dst, key in re.findall(r"(?m)^(\S+) (\S+)\n(?:\t.*\n)*?\tA: tcp-md5  ([0-9a-f ]+)$",
                                    run(f"{TOOLS}/setkey", "-D")):
        assert (src, dst) not in found, (src, dst)
        found[(src, dst)] = bytes.fromhex(key.replace(" ", "")).decode()
    return found


def both(here, there, key):
    return {(here, there): key, (there, here): key}


def block(here, there, key):
    return (f"# multihomed begin {here} {there}\n"
            f'add {here} {there} tcp 0x1000 -A tcp-md5 "{key}";\n'
            f'add {there} {here} tcp 0x1000 -A tcp-md5 "{key}";\n'
            f"# multihomed end {here} {there}\n")


def ipsec_conf():
    if not os.path.exists(IPSEC):
        return ""
    with open(IPSEC, encoding="utf-8") as file:
        return file.read()


def reboot(lab):
    """Of what the stand-ins play; an engine outlives no reboot."""
    boots()
    lab.daemon.kill_engine()


def path(lab, neighbor):
    return lab.path_of(neighbor)


def tcp_md5(lab):
    return lab.api("GET", path(lab, CORE), token="read")["tcp_md5"]


def passwords(lab):
    return dict(re.findall(r"(?m)^ neighbor (\S+) password (\S+)$", lab.frr.running_config()))


def everything(lab):
    return {"running": lab.frr.running_config(), "saved": lab.frr.saved_config(),
            "sas": sas(), "ipsec": ipsec_conf(), "rc": rc_conf()}


def must_be(lab, before):
    now = everything(lab)
    assert now == before, [(name, before[name], now[name]) for name in now
                           if now[name] != before[name]]


def rotate(lab, neighbor, status=202, query="", **body):
    answer = lab.api("POST", f"{path(lab, neighbor)}/tcp-md5/rotations{query}", body,
                     token="configure")
    assert answer.status == status, answer
    return answer


def operation(lab, name):
    answer = lab.api("GET", f"/v1/operations/{name}", token="read")
    assert answer.status == 200, answer
    return answer


def phase(lab, name, wanted, seconds=20):
    wait_until(lambda: operation(lab, name)["phase"] == wanted, seconds,
               lambda: f"{wanted}: {operation(lab, name)}")


def ended(lab, name, seconds=60):
    wait_until(lambda: operation(lab, name)["state"] not in ("scheduled", "running"), seconds,
               lambda: f"the rotation ends: {operation(lab, name)}")
    return operation(lab, name)


def established(lab, neighbor, seconds=60):
    wait_until(lambda: lab.frr.sessions()[neighbor]["state"] == "Established", seconds,
               f"the session with {neighbor} is up")


def speak(lab, name):
    """The peer sends its routes again."""
    lab.peer(name).control("reload out customer")


def checks(lab):
    answer = lab.api("GET", "/v1/router/doctor", token="read")
    assert answer.status == 200, answer
    return {check["name"]: check for check in answer["checks"]}


@suite.test
def a_first_key(lab):
    """Both directions, the file for the boot, what loads it, and FRR's password."""
    lab.daemon.token("configure")
    lab.frr.vtysh("write memory")
    assert not sas() and not ipsec_conf() and "ipsec_enable" not in rc_conf()
    patch = {"tcp_md5": {"key": "core-key-1"}, "allow_reset": True}
    dry = lab.api("PATCH", path(lab, CORE) + "?dry_run=true", patch, token="configure")
    assert dry.status == 200 and dry["changed"] is True, dry
    assert "core-key-1" not in dry.body.decode()
    lines = [line for step in dry["plan"]["steps"] for line in step["commands"]]
    assert any("tcp-md5" in line and "*" in line for line in lines), lines
    assert any("ipsec_enable" in line for line in lines), lines
    assert any("kld_list" in line and "tcpmd5" in line for line in lines), lines
    assert not sas() and not ipsec_conf()
    lab.peer("hobgp").rekey("core-key-1")
    answer = lab.api("PATCH", path(lab, CORE), patch, token="configure")
    assert answer.status == 200, answer
    assert answer["upstream"]["tcp_md5"]["set"] is True, answer
    assert sas() == both(CORE_HERE, CORE, "core-key-1"), sas()
    assert block(CORE_HERE, CORE, "core-key-1") in ipsec_conf(), ipsec_conf()
    assert os.stat(IPSEC).st_mode & 0o077 == 0, oct(os.stat(IPSEC).st_mode)
    told = variables()
    assert told["ipsec_enable"] == "YES" and told["kld_list"] == "if_gif if_gre tcpmd5", told
    assert passwords(lab) == {CORE: "core-key-1", VULTR: OLD}, passwords(lab)
    assert lab.saved_agrees()
    established(lab, CORE)
    reboot(lab)
    assert sas() == both(CORE_HERE, CORE, "core-key-1"), sas()


@suite.test
def what_a_gentle_one_would_do(lab):
    before = everything(lab)
    answer = rotate(lab, CORE, 200, "?dry_run=true", key="core-key-2")
    assert answer["method"] == "gentle" and answer["sessions_reset"] == [], answer
    assert "stays up" in answer["effect"], answer
    # The default of both is 180 s.
    assert "it goes down first" in answer["effect"], answer
    short = rotate(lab, CORE, 200, "?dry_run=true", generate=True, verify_within_s=60)
    assert "down first" not in short["effect"], short
    text = answer.body.decode()
    assert "core-key-2" not in text and "core-key-1" not in text, answer
    subsystems = [step["subsystem"] for step in answer["plan"]["steps"]]
    assert "keys" in subsystems and "frr" not in subsystems, answer
    must_be(lab, before)


@suite.test
def a_gentle_rotation(lab):
    """FRR is not told, the session goes on; only what is verified is in the file."""
    before, ups = everything(lab), lab.frr.fingerprint()
    seq = lab.daemon.last_seq()
    answer = rotate(lab, CORE, key="core-key-2", verify_within_s=60)
    assert answer["method"] == "gentle" and answer["key"] is None, answer
    phase(lab, answer["operation"], "verify")
    assert sas() == both(CORE_HERE, CORE, "core-key-2"), sas()
    assert ipsec_conf() == before["ipsec"] and lab.frr.running_config() == before["running"]
    speak(lab, "hobgp")
    done = ended(lab, answer["operation"])
    assert done["state"] == "done", done
    assert done["result"]["verified"] is True, done
    assert done["result"]["downtime_ms"] is None, done
    assert sas() == both(CORE_HERE, CORE, "core-key-2"), sas()
    assert ipsec_conf() == before["ipsec"].replace("core-key-1", "core-key-2")
    assert lab.frr.running_config() == before["running"]
    assert lab.frr.saved_config() == before["saved"] and rc_conf() == before["rc"]
    assert lab.frr.fingerprint() == ups, (ups, lab.frr.fingerprint())
    wait_until(lambda: tcp_md5(lab)["key_id"] == answer["key_id"] and tcp_md5(lab)["set_at"], 5,
               lambda: f"the key is told: {tcp_md5(lab)}")
    rows = [row for row in lab.daemon.audit() if row["seq"] > seq]
    assert rows and "core-key" not in json.dumps(rows), rows


@suite.test
def a_gentle_one_that_nobody_answers(lab):
    """The other end says nothing under the new key: the old associations are back."""
    before, ups = everything(lab), lab.frr.fingerprint()
    lab.peer("hobgp").process.send_signal(signal.SIGSTOP)
    try:
        answer = rotate(lab, CORE, generate=True, verify_within_s=10)
        assert answer["method"] == "gentle" and answer["key"], answer
        phase(lab, answer["operation"], "verify")
        assert sas() == both(CORE_HERE, CORE, answer["key"]), sas()
        gone = ended(lab, answer["operation"])
    finally:
        lab.peer("hobgp").process.send_signal(signal.SIGCONT)
    assert gone["state"] == "undone" and gone["result"]["verified"] is False, gone
    assert "nothing came in under the new key" in gone["error"], gone
    must_be(lab, before)
    assert lab.frr.fingerprint() == ups


@suite.test
def cancelled_and_killed_while_it_waits(lab):
    before = everything(lab)
    lab.peer("hobgp").process.send_signal(signal.SIGSTOP)
    try:
        answer = rotate(lab, CORE, generate=True, verify_within_s=120)
        phase(lab, answer["operation"], "verify")
        lab.daemon.kill_engine()
        assert operation(lab, answer["operation"])["phase"] == "verify"
        assert sas() == both(CORE_HERE, CORE, answer["key"]), sas()
        said = lab.api("POST", f"/v1/operations/{answer['operation']}/cancel", {},
                       token="configure")
        assert said.status == 200, said
        gone = ended(lab, answer["operation"])
    finally:
        lab.peer("hobgp").process.send_signal(signal.SIGCONT)
    assert gone["state"] == "undone" and "cancelled by" in gone["error"], gone
    must_be(lab, before)


@suite.test
def the_power_goes_while_it_waits(lab):
    """The machine comes up from its files, which have the old key."""
    before = everything(lab)
    lab.peer("hobgp").process.send_signal(signal.SIGSTOP)
    try:
        answer = rotate(lab, CORE, generate=True, verify_within_s=120)
        phase(lab, answer["operation"], "verify")
        lab.power_off()
        boots()
        lab.frr.start_daemons()
        assert sas() == both(CORE_HERE, CORE, "core-key-2"), sas()
        lab.daemon.start()
    finally:
        lab.peer("hobgp").process.send_signal(signal.SIGCONT)
    gone = ended(lab, answer["operation"], 90)
    assert gone["state"] == "undone" and "interrupted" in gone["error"], gone
    must_be(lab, before)
    established(lab, CORE)
    established(lab, VULTR)


@suite.test
def a_reset_changes_both(lab):
    ups = lab.frr.fingerprint()[CORE]
    answer = rotate(lab, CORE, key="core-key-3", method="reset", verify_within_s=60)
    assert answer["method"] == "reset" and answer["sessions_reset"] == [CORE], answer
    wait_until(lambda: passwords(lab)[CORE] == "core-key-3", 20, "FRR has it")
    lab.peer("hobgp").rekey("core-key-3")
    done = ended(lab, answer["operation"])
    assert done["state"] == "done", done
    assert sas() == both(CORE_HERE, CORE, "core-key-3"), sas()
    assert block(CORE_HERE, CORE, "core-key-3") in ipsec_conf()
    assert "core-key-2" not in ipsec_conf()
    assert passwords(lab) == {CORE: "core-key-3", VULTR: OLD} and lab.saved_agrees()
    assert lab.frr.fingerprint()[CORE] != ups


@suite.test
def a_tool_that_fails(lab):
    """At each message to the kernel: all of it is as it was, and said so."""
    before = everything(lab)
    for number in range(1, 7):
        write(f"{TOOLS}/fault", f"pfkey {number} fail\n")
        answer = rotate(lab, CORE, key="core-key-4", verify_within_s=30)
        gone = ended(lab, answer["operation"])
        assert gone["state"] == "undone", gone
        assert "could not be changed" in gone["error"], gone
        assert "core-key" not in gone.body.decode()
        must_be(lab, before)


@suite.test
def what_was_made_by_hand(lab):
    """The very pair: refused, unless it is to be ours from now on."""
    write(IPSEC, ipsec_conf() + FOREIGN.replace("#!/sbin/setkey -f\nflush;\n", "") +
          f'add {VULTR_HERE} {VULTR} tcp 0x1000 -A tcp-md5 "{OLD}";\n'
          f'add {VULTR} {VULTR_HERE} tcp 0x1000 -A tcp-md5 "{OLD}";\n')
    reboot(lab)
    mine = both(CORE_HERE, CORE, "core-key-3")
    assert sas() == {**mine, **FOREIGN_SAS, **both(VULTR_HERE, VULTR, OLD)}, sas()
    before = everything(lab)
    answer = rotate(lab, VULTR, 409, key="vultr-key-2")
    assert answer["code"] == "key_not_ours", answer
    removed = lab.api("PATCH", path(lab, VULTR), {"tcp_md5": None, "allow_reset": True},
                      token="configure")
    assert removed.status == 409 and removed["code"] == "key_not_ours", removed
    must_be(lab, before)
    answer = rotate(lab, VULTR, key="vultr-key-2", adopt=True, verify_within_s=60)
    assert answer["method"] == "gentle", answer
    phase(lab, answer["operation"], "verify")
    speak(lab, "vultr")
    done = ended(lab, answer["operation"])
    assert done["state"] == "done", done
    assert sas() == {**mine, **FOREIGN_SAS, **both(VULTR_HERE, VULTR, "vultr-key-2")}, sas()
    foreign = FOREIGN.replace("#!/sbin/setkey -f\nflush;\n", "")
    assert foreign in ipsec_conf(), ipsec_conf()
    assert f'"{OLD}"' not in ipsec_conf() and ipsec_conf().count('"vultr-key-2"') == 2
    reboot(lab)
    assert sas() == {**mine, **FOREIGN_SAS, **both(VULTR_HERE, VULTR, "vultr-key-2")}, sas()


@suite.test
def one_that_goes_lets_the_others_sign(lab):
    """FRR's listener is shared: the last thing said is another neighbor's password."""
    body = {"tcp_md5": None}
    refused = lab.api("PATCH", path(lab, CORE), body, token="configure")
    assert refused.status == 409 and refused["code"] == "reset_needed", refused
    assert CORE in refused["detail"] and VULTR in refused["detail"], refused
    body["allow_reset"] = True
    dry = lab.api("PATCH", path(lab, CORE) + "?dry_run=true", body, token="configure")
    assert sorted(dry["sessions_reset"]) == sorted([CORE, VULTR]), dry
    lines = [line.strip() for step in dry["plan"]["steps"] if step["subsystem"] == "frr"
             for line in step["commands"] if "password" in line]
    assert len(lines) == 3, lines
    assert lines[0] == f"no neighbor {VULTR} password", lines
    assert lines[1] == f"no neighbor {CORE} password", lines
    assert lines[2].startswith(f"neighbor {VULTR} password *"), lines
    ups, before = lab.frr.fingerprint()[VULTR], everything(lab)
    seq = lab.daemon.last_seq()
    answer = lab.api("PATCH", path(lab, CORE), body, token="configure")
    assert answer.status == 200, answer
    lab.peer("hobgp").rekey(None)
    assert passwords(lab) == {VULTR: OLD} and lab.saved_agrees()
    assert sas() == {**FOREIGN_SAS, **both(VULTR_HERE, VULTR, "vultr-key-2")}, sas()
    assert ipsec_conf() == before["ipsec"].replace(block(CORE_HERE, CORE, "core-key-3"), "")
    sent = [command["command"] for row in lab.daemon.audit() if row["seq"] > seq
            for command in row["commands"] or []]
    said = [line for line in sent if "password" in line]
    assert said[0] == f"no neighbor {VULTR} password", sent
    assert said[-1].startswith(f"neighbor {VULTR} password *"), sent
    established(lab, VULTR)
    established(lab, CORE)
    assert lab.frr.fingerprint()[VULTR] != ups


@suite.test
def what_the_doctor_misses(lab):
    fine = checks(lab)
    assert fine["module_tcpmd5"]["state"] == "ok", fine["module_tcpmd5"]
    before = rc_conf()
    write(RC_CONF, before.replace(" tcpmd5", "").replace('ipsec_enable="YES"',
                                                         'ipsec_enable="NO"'))
    worse = checks(lab)
    for name in ("module_tcpmd5", "ipsec_at_boot"):
        assert worse[name]["state"] != "ok" and worse[name]["fix"], worse[name]
    assert "tcpmd5" in worse["module_tcpmd5"]["fix"], worse["module_tcpmd5"]
    write(RC_CONF, before)
    assert checks(lab)["module_tcpmd5"]["state"] == "ok"


@suite.test
def the_last_one_goes(lab):
    """With the upstream: nothing of it stays, and everything of the others does."""
    answer = lab.delete(path(lab, VULTR), "?allow_reset=true")
    assert answer.status == 200, answer
    assert sas() == FOREIGN_SAS, sas()
    assert ipsec_conf().strip() == FOREIGN.replace("#!/sbin/setkey -f\nflush;\n", "").strip(), \
        ipsec_conf()
    assert not passwords(lab)
    reboot(lab)
    assert sas() == FOREIGN_SAS, sas()


@suite.test
def no_key_lies_about(lab):
    """What the tools were started with, what was logged, stored and answered."""
    key = "a-key-to-be-looked-for-" + str(os.getpid())
    with Watch(lab, key) as watch:
        body = {"tcp_md5": {"key": "the-one-before-" + key}, "allow_reset": True}
        lab.peer("hobgp").rekey(body["tcp_md5"]["key"])
        assert lab.api("PATCH", path(lab, CORE), body, token="configure").status == 200
        established(lab, CORE)
        answer = rotate(lab, CORE, key=key, verify_within_s=60)
        phase(lab, answer["operation"], "verify")
        speak(lab, "hobgp")
        assert ended(lab, answer["operation"])["state"] == "done"
    assert both(CORE_HERE, CORE, key).items() <= sas().items()
    with open(f"{TOOLS}/log", encoding="utf-8") as file:
        runs = [json.loads(line) for line in file]
    started = [item for item in runs if key in json.dumps(item["argv"])]
    assert not started, started
    assert any(item["tool"] == "pfkey" for item in runs)
    # The stand-ins keep the kernel's keys in their state and write down what setkey
    # told; FRR's files have its passwords.
    watch.must_be_clean({IPSEC, f"{TOOLS}/log", "/etc/frr/frr.conf", "/etc/frr/frr.conf.sav",
                         "/run/e2e/hobgp/bird.conf"}, (f"{TOOLS}/state/",))


suite.main()
