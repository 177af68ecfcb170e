#!/usr/bin/python3
"""Runs every test_*.py here (or those named); the last line counts.

MH_BUILD is the build directory (default: build). Ends with 1 on a failure.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
LINE = re.compile(r"(ok|FAIL|skip) ")
SECONDS = 3600


def main(place, part):
    wanted = sys.argv[1:]
    files = sorted(name for name in os.listdir(place)
                   if re.fullmatch(r"test_[a-z0-9_]+\.py", name))
    if wanted:
        files = [name for name in files
                 if name in wanted or name[len("test_"):-len(".py")] in wanted]
    counts = {"ok": 0, "FAIL": 0, "skip": 0}
    with tempfile.TemporaryDirectory(prefix="mh-e2e.") as scratch:
        seen = os.path.join(scratch, "seen")
        for name in files:
            run_file(os.path.join(place, name), counts, {**os.environ, "MH_E2E_SEEN": seen})
        if part == "e2e":
            coverage(seen)
    print(f"{part}: {counts['ok']} passed, {counts['FAIL']} failed, {counts['skip']} skipped")
    return 1 if counts["FAIL"] else 0


def run_file(path, counts, environment):
    failed = 0
    with subprocess.Popen([sys.executable, path], env=environment,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          text=True) as process:
        try:
            for line in process.stdout:
                print(line, end="", flush=True)
                found = LINE.match(line)
                if found:
                    counts[found.group(1)] += 1
                    failed += found.group(1) == "FAIL"
            status = process.wait(SECONDS)
        except BaseException:
            process.terminate()  # it takes its namespaces along
            raise
    if status != 0 and not failed:
        print(f"FAIL {os.path.basename(path)} ended with {status}")
        counts["FAIL"] += 1


def coverage(path):
    """How much of the contract these tests have seen answered."""
    if not os.path.exists(path):
        return
    sys.path.insert(0, HERE)
    from contract import Contract  # pylint: disable=import-outside-toplevel
    seen = set()
    with open(path, encoding="utf-8") as file:
        for line in file:
            seen |= set(json.loads(line))
    declared = set(Contract().declared())
    done = {entry for entry in declared if entry.split()[2].startswith("2")}
    print(f"# contract: {len(seen)} of {len(declared)} declared answers seen, "
          f"{len(seen & done)} of {len(done)} successes")
    for entry in sorted(done - seen):
        print(f"# never seen: {entry}")


def guarded(place, part):
    """Does not return."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        sys.exit(main(place, part))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    guarded(HERE, "e2e")
