"""A listener of GET /v1/events, whose events are held to the contract."""

import array
import fcntl
import http.client
import json
import os
import termios
import threading
import time

from daemon import UNIX, UnixConnection
from sandbox import wait_until

EVENT = {"$ref": "#/components/schemas/Event"}
DROPPED = b"a listener does not read what it asked for: dropped"


class Bustle:
    """Two events of some 300 bytes each time that it is called, every 10 ms."""

    def __init__(self, lab, peer="ifog"):
        self.connection = lab.daemon.connection("unix", None, 20)
        self.target = f"/v1/sessions/{lab.peer(peer).address}/clear"
        self.headers = {"Authorization": f"Bearer {lab.daemon.token('operate')}",
                        "Content-Type": "application/json"}

    def __call__(self):
        self.connection.request("POST", self.target, json.dumps({"soft": "out"}), self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (answer.status, body)


class Events:
    """Reads in a thread of its own until the stream ends or close(); with reads
    False only from start() on."""

    def __init__(self, lab, query="", token="read", last=None, port=None, reads=True):
        self.lab = lab
        self.seen = []  # (the id line, the object)
        self.beats = 0
        self.last = None
        self.ended = False
        secret = token if token.startswith("mh_") else lab.daemon.token(token)
        headers = {"Authorization": f"Bearer {secret}"}
        if last is not None:
            headers["Last-Event-ID"] = last
        self.connection = UnixConnection(UNIX, 60) if port is None else \
            http.client.HTTPConnection("::1", port, timeout=60)
        self.connection.request("GET", "/v1/events" + query, headers=headers)
        self.answer = self.connection.getresponse()
        assert self.answer.status == 200, (self.answer.status, self.answer.read())
        assert self.answer.getheader("Content-Type") == "text/event-stream"
        assert self.answer.getheader("Cache-Control") == "no-store"
        with lab.daemon.lock:
            lab.daemon.contract.seen["GET /v1/events 200"] += 1
        self.thread = threading.Thread(target=self.read, daemon=True)
        if reads:
            self.start()

    def start(self):
        self.thread.start()
        wait_until(lambda: self.seen, 5, "the first event")
        assert self.seen[0][1]["type"] == "hello", self.seen

    def unread(self):
        """Bytes that lie in its socket."""
        size = array.array("i", [0])
        fcntl.ioctl(self.connection.sock, termios.FIONREAD, size)
        return size[0]

    def block(self, happen):
        """Calls happen until its socket takes no more; returns what it holds."""
        count = -1
        while count < self.unread():
            count = self.unread()
            happen()
            deadline = time.monotonic() + 0.5
            while count == self.unread() and time.monotonic() < deadline:
                time.sleep(0.002)
        return count

    def overflow(self, happen):
        """Calls happen until what waits for it has been dropped."""
        with open(self.lab.daemon.log_path, "rb") as log:
            log.seek(0, os.SEEK_END)
            while DROPPED not in log.read():
                happen()

    def read(self):
        record = {}
        try:
            for line in self.answer:
                line = line.decode().rstrip("\n")
                if line:
                    name, _, value = line.partition(": ")
                    assert name not in record, (name, record)
                    record[name] = value
                else:
                    self.take(record)
                    record = {}
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass
        self.ended = True

    def take(self, record):
        if "id" in record:
            self.last = record["id"]
        if "data" not in record:
            assert record.get("") == "heartbeat", record
            self.beats += 1
            return
        contract = self.lab.daemon.contract
        event = contract.parse(record["data"], "an event")
        contract.validate(EVENT, event, f"event {record}")
        assert event["type"] == record["event"], record
        if event["type"] != "resync":
            assert event["id"] == record["id"], record
        self.seen.append((record.get("id"), event))

    def of(self, kind, **members):
        return [event for _, event in self.seen if event["type"] == kind and
                all(event.get(name) == value for name, value in members.items())]

    def wait(self, kind, seconds=10, **members):
        wait_until(lambda: self.of(kind, **members), seconds, f"{kind} {members}: {self.seen}")
        return self.of(kind, **members)[0]

    def numbers(self):
        """Of the events proper, in the order in which they came."""
        return [int(event["id"].split("-")[1]) for _, event in self.seen
                if event["type"] not in ("hello", "resync")]

    def quiet(self, seconds=0.5):
        """Nothing comes any more."""
        count = -1
        while count != len(self.seen):
            count = len(self.seen)
            time.sleep(seconds)

    def close(self):
        try:
            self.connection.sock.shutdown(2)
        except (OSError, AttributeError):
            pass
        self.connection.close()
        if self.thread.is_alive():
            self.thread.join(5)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
