"""Stand-ins in front of the tools that the daemon runs, which fail on request."""

import json
import os
import shutil

HERE = os.path.dirname(os.path.abspath(__file__))
# Nothing costs anything while nothing is due.
WRAPPER = """#!/bin/sh
if [ -e {folder}/fault ] || [ -e {folder}/logging ]; then
	exec /usr/bin/python3 -I -S {hook} {folder} {tool} {program} "$@"
fi
exec {program} "$@"
"""


class Tools:
    """A directory with wrappers for some tools and its log, fault and pids."""

    def __init__(self, folder, programs, public=False):
        self.folder = folder
        self.programs = programs  # {tool: real program}
        self.public = public  # the engine, which is not root, runs them too

    def install(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder, mode=0o755)
        for tool, program in self.programs.items():
            path = f"{self.folder}/{tool}"
            with open(path, "w", encoding="ascii") as file:
                file.write(WRAPPER.format(folder=self.folder, hook=f"{HERE}/hook.py",
                                          tool=tool, program=program))
            os.chmod(path, 0o755)
        if self.public:
            os.chmod(self.folder, 0o777)

    def has(self, tool):
        return tool in self.programs

    def path(self, name):
        return f"{self.folder}/{name}"

    def arm(self, tool, nth, mode):
        temporary = self.path("fault.new")
        with open(temporary, "w", encoding="ascii") as file:
            file.write(f"{tool} {nth} {mode}\n")
        os.chmod(temporary, 0o666)
        os.rename(temporary, self.path("fault"))

    def armed(self):
        return os.path.exists(self.path("fault"))

    def disarm(self):
        for name in ("fault", "asked"):
            try:
                os.unlink(self.path(name))
            except FileNotFoundError:
                pass

    def asked(self):
        """(whom, when, pid) of a tool that waits for somebody to be killed."""
        try:
            with open(self.path("asked"), encoding="ascii") as file:
                whom, when, pid = file.read().split()
            return whom, when, int(pid)
        except FileNotFoundError:
            return None

    def go_on(self):
        os.unlink(self.path("asked"))

    def log(self, yes):
        """Starts a new log, or ends it and returns the runs that changed something."""
        if yes:
            for name in ("log", "logging"):
                with open(self.path(name), "w", encoding="ascii"):
                    pass
                os.chmod(self.path(name), 0o666)
            return []
        if os.path.exists(self.path("logging")):
            os.unlink(self.path("logging"))
        with open(self.path("log"), encoding="utf-8") as file:
            runs = [json.loads(line) for line in file]
        return [run for run in runs if run["changing"]]


class Fakes(Tools):
    """tests/fake/freebsd, which keeps its own log always and kills by itself."""

    def __init__(self, folder):
        super().__init__(folder, {})
        self.from_here = 0

    def install(self):
        raise NotImplementedError  # the place does, it knows the machine

    def has(self, tool):
        return tool != "vtysh"

    def log(self, yes):
        try:
            with open(self.path("log"), encoding="utf-8") as file:
                lines = file.readlines()
        except FileNotFoundError:
            lines = []
        if yes:
            self.from_here = len(lines)
            return []
        runs = [json.loads(line) for line in lines[self.from_here:]]
        return [run for run in runs if run["changing"]]
