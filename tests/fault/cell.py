"""One fault at one step of one change, and whether the router bore it."""

import threading
import time

from sandbox import wait_until

PENDING = {"applying", "persisting", "undoing", "reverting"}
FAULTS = ["fail", "hang", "lie", "kill-engine-before", "kill-engine-after",
          "kill-parent-before", "kill-parent-after", "kill-all-before", "kill-all-after"]
HEADS = ["fail", "hang", "lie", "engine-", "engine+", "parent-", "parent+", "machine-",
         "machine+"]
LATE = ("time", "deadline", "answer", "ms", "longer")


class Step:  # pylint: disable=too-few-public-methods
    """The nth run of a tool that changes something, in a change that goes well."""

    def __init__(self, tools, run, nth):
        self.tools = tools
        self.tool = run["tool"]
        self.nth = nth
        self.text = " ".join([run["tool"], *run["argv"]])


def steps_of(place, change):
    """What the change runs, and the router after it."""
    for tools in place.faults():
        tools.log(True)
    answer = change.make(place)
    assert answer.status in (200, 201), (change.name, "does not even go well", answer)
    after, found = place.state(), []
    for tools in place.faults():
        counts = {}
        for run in tools.log(False):
            counts[run["tool"]] = counts.get(run["tool"], 0) + 1
            found.append(Step(tools, run, counts[run["tool"]]))
    return found, after


def differ(before, after):
    """Names of what is not the same, and the first lines that differ."""
    found = []
    for name in sorted(set(before) | set(after)):
        one, two = before.get(name, ""), after.get(name, "")
        if one != two:
            lines = sorted(set(one.splitlines()) ^ set(two.splitlines()))
            found.append(f"{name}: {' | '.join(line.strip() for line in lines[:6])}"[:400])
    return found


class Cell:
    """run() tells "before", "after", or what is wrong in self.wrong."""

    def __init__(self, place, change, step, fault, states):
        self.place, self.change, self.step, self.fault = place, change, step, fault
        self.before, self.after = states
        self.answer = None
        self.wrong = []

    def request(self):
        try:
            self.answer = self.change.make(self.place)
        except Exception as error:  # pylint: disable=broad-except
            self.answer = error  # the connection died with the daemon

    def run(self):
        place = self.place
        seq, engine = place.daemon.last_seq(), place.daemon.engine_pid()
        if self.fault.startswith("kill"):
            place.write_pids()
        self.step.tools.arm(self.step.tool, self.step.nth, self.fault)
        client = threading.Thread(target=self.request)
        client.start()
        try:
            self.hit(client, engine)
        finally:
            self.step.tools.disarm()
        client.join(90)
        if client.is_alive():
            self.wrong.append("no answer within 90 s")
        self.settle()
        return self.judge(seq)

    def hit(self, client, engine):
        """Waits for the fault; ends whom it asks for; starts anew what ended."""
        tools, whom = self.step.tools, None
        end = time.monotonic() + 60
        while tools.armed() and client.is_alive() and time.monotonic() < end:
            time.sleep(0.005)
        if tools.armed():
            self.wrong.append("the step was not reached")
            return
        if self.fault.startswith("kill"):
            whom = self.fault.split("-")[1]
            self.serve(tools, whom, client)
        if whom == "engine":
            wait_until(lambda: self.place.daemon.engine_pid() not in (None, engine), 30,
                       "a new engine")
        elif whom in ("parent", "all"):
            self.place.gone()
            if whom == "all":
                self.place.reboot()
            self.place.daemon.start()

    def serve(self, tools, whom, client):
        """A tool of ours asks for the kill; a fake does it by itself."""
        end = time.monotonic() + 30
        pids = {"engine": "engine", "parent": "parent", "all": "parent"}
        target = self.place.pids()[pids[whom]]
        while time.monotonic() < end:
            asked = tools.asked()
            if asked is not None:
                _, when, pid = asked
                dies_too = whom == "all" or (whom == "parent" and when == "before")
                self.place.kill(whom, [pid] if dies_too else [])
                tools.go_on()
                return
            if not set(target) & set(self.place.pids()[pids[whom]]) or \
                    self.place.daemon.process.poll() is not None or not client.is_alive():
                return
            time.sleep(0.005)
        self.wrong.append(f"nobody killed {whom}")

    def operations(self):
        return self.place.daemon.api("GET", "/v1/operations?limit=20",
                                     token="read")["operations"]

    def settle(self):
        try:
            self.place.daemon.wait_ready(60)
            wait_until(lambda: not [item for item in self.operations()
                                    if item["state"] in PENDING], 60,
                       "no operation is pending")
        except AssertionError as error:
            self.wrong.append(str(error)[:600])

    def judge(self, seq):
        now = self.place.state()
        result = "before" if now == self.before else "after" if now == self.after else None
        if result is None:
            self.wrong.append(min((f"neither before nor after; not {name}: " + "; ".join(lines)
                                   for name, lines in (("before", differ(self.before, now)),
                                                       ("after", differ(self.after, now)))),
                                  key=len)[:900])
        for name in self.place.tunnels():
            if name not in self.place.by_hand and name not in self.place.recorded():
                self.wrong.append(f"{name} is not on the parent's list")
        self.judge_audit(seq, result)
        self.judge_answer(result)
        return result

    def judge_audit(self, seq, result):
        rows = [row for row in self.place.daemon.audit() if row["seq"] > seq]
        for intent in (row for row in rows if row["kind"] == "intent"):
            ends = [row["outcome"] for row in rows if row["about"] == intent["seq"]]
            want = "applied" if result == "after" else "undone"
            if ends[-1:] != [want]:
                self.wrong.append(f"audit says {ends}, the router is {result}")
            operation = next((item for item in self.operations()
                              if item["id"] == intent["operation"]), None)
            want = "done" if result == "after" else "undone"
            if operation is None or operation["state"] != want:
                self.wrong.append(f"the operation says {operation and operation['state']}, "
                                  f"the router is {result}")
        strange = [row for row in rows if row["kind"] not in ("intent", "outcome")]
        if strange:
            self.wrong.append(f"told as somebody else's doing: {strange[0].get('detail')}")
        if not self.place.daemon.api("GET", "/v1/audit/verify", token="read")["intact"]:
            self.wrong.append("the audit's chain is broken")

    def judge_answer(self, result):
        status = getattr(self.answer, "status", None)
        if status in (200, 201) and result != "after":
            self.wrong.append(f"answered {status}, but the router is {result}")
        if self.fault.startswith("kill"):
            return
        if status is None:
            self.wrong.append(f"no answer: {self.answer!r}")
        elif result == "after" and status not in (200, 201):
            self.wrong.append(f"answered {status}, but it is done")
        elif result == "before":
            self.judge_words(status)

    def judge_words(self, status):
        body = self.answer.body.decode("utf-8", "replace")
        if status < 500 or not self.answer.json.get("undone"):
            self.wrong.append(f"{status} does not say that it was undone: {body[:200]}")
        if self.fault == "fail" and "made to fail" not in body:
            self.wrong.append(f"without the tool's words: {body[:300]}")
        if self.fault == "hang" and not any(word in body for word in LATE):
            self.wrong.append(f"does not say that it took too long: {body[:300]}")
