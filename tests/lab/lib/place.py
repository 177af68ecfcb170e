"""Where things are, and the one kind of error that the lab reports by its text."""

import os

LAB = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
ROOT = os.path.dirname(os.path.dirname(LAB))
BUILD = os.path.join(ROOT, "build", "lab")


class LabError(Exception):
    pass


def need_programs(programs):
    """programs: {program: Debian package}"""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/lib/frr"
    missing = sorted({
        package for program, package in programs.items()
        if not any(os.access(os.path.join(d, program), os.X_OK)
                   for d in path.split(":") if d)})
    if missing:
        raise LabError("not installed: " + " ".join(missing) + " (make deps)")
