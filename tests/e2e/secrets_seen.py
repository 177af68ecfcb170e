"""Looks for a secret everywhere that it must not be, while and after it is used."""

import os
import threading

from daemon import HOME, processes
from sandbox import run

# All that is written to in a test.
PLACES = ("/run", "/etc/frr", "/var/log", "/var/tmp", "/tmp", "/root", "/home", "/dev/shm",
          "/var/lib")


class Watch:  # pylint: disable=too-many-instance-attributes
    """
    With it a key is used: every few milliseconds the command lines and environments of
    all processes are looked at, and every answer of the daemon is. must_be_clean()
    then looks at what is left.
    """

    def __init__(self, lab, key):
        self.lab = lab
        self.key = key
        self.bytes = key.encode()
        # As setkey and hexadecimal dumps would have it.
        self.forms = (self.bytes, self.bytes.hex().encode(), self.bytes.hex().upper().encode())
        self.found = []
        self.answers = 0
        self.looks = 0
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.look, daemon=True)
        self.check = lab.daemon.contract.check

    def __enter__(self):
        self.lab.daemon.contract.check = self.read_answer
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()
        self.lab.daemon.contract.check = self.check

    def holds(self, data):
        return any(form in data for form in self.forms)

    def read_answer(self, method, target, body, answer):
        self.answers += 1
        headers = repr(sorted(answer.headers.items())).encode()
        if self.holds(answer.body) or self.holds(headers):
            self.found.append(f"answer to {method} {target}")
        return self.check(method, target, body, answer)

    def look(self):
        """Our own process has it, of course, but not in its command line."""
        while not self.done.wait(0.003):
            for entry in os.listdir("/proc"):
                if entry.isdigit():
                    self.look_at(entry)
            self.looks += 1

    def look_at(self, pid):
        for name in ("cmdline", "environ", "comm"):
            try:
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    data = file.read()
            except OSError:
                continue  # it has ended, or is the kernel's
            if self.holds(data):
                self.found.append(f"{name} of {data[:80]!r}")

    def files(self):
        """Every file that has it, byte by byte: the database and its WAL too."""
        found = set()
        for place in PLACES:
            for directory, names, files in os.walk(place):
                names[:] = [name for name in names
                            if not os.path.ismount(f"{directory}/{name}") or place == "/run"]
                for name in files:
                    path = f"{directory}/{name}"
                    if os.path.isfile(path) and not os.path.islink(path) and self.file(path):
                        found.add(path)
        return found

    def file(self, path):
        try:
            with open(path, "rb") as file:
                return self.holds(file.read())
        except OSError:
            return False

    def must_be_clean(self, allowed, allowed_below=()):
        """allowed: files whose purpose it is to have it."""
        assert self.looks > 20, f"only {self.looks} looks at the processes"
        assert self.answers > 3, f"only {self.answers} answers"
        assert not self.found, sorted(set(self.found))
        files = self.files()
        bad = {path for path in files - set(allowed) if not path.startswith(tuple(allowed_below))}
        assert not bad, bad
        # The look works: it finds what is there.
        assert files, "nowhere at all"
        self.look_at_the_daemon()

    def look_at_the_daemon(self):
        database = f"{HOME}/db/multihomed.db"
        with open(database, "rb") as file:
            assert file.read(15) == b"SQLite format 3"
        with open(self.lab.daemon.log_path, "rb") as file:
            assert not self.holds(file.read())
        audit = repr(self.lab.daemon.audit()).encode()
        assert not self.holds(audit)
        for pid, program in processes("multihomed"):
            with open(f"/proc/{pid}/limits", encoding="utf-8") as file:
                core = next(line for line in file if line.startswith("Max core file size"))
            assert core.split()[4:6] == ["0", "0"], (program, core)
        # Where cores go is the machine's own business.
        assert run("cat", "/proc/sys/kernel/core_pattern").strip()
