#!/usr/bin/python3
"""Runs every test_*.py here (or those named); the last line counts.

MH_BUILD is the build directory (default: build), MH_E2E_JOBS how many at a time
(default: two a processor). Ends with 1 on a failure.
"""

import concurrent.futures
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
# Each takes a third of a processor and waits the rest of its time.
JOBS = int(os.environ.get("MH_E2E_JOBS") or min(2 * (os.cpu_count() or 1), 8))


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
        # The long ones first, or the last of them would run alone at the end.
        paths = sorted((os.path.join(place, name) for name in files),
                       key=os.path.getsize, reverse=True)
        run_files(paths, counts, {**os.environ, "MH_E2E_SEEN": seen})
        if part == "e2e":
            coverage(seen)
    print(f"{part}: {counts['ok']} passed, {counts['FAIL']} failed, {counts['skip']} skipped")
    return 1 if counts["FAIL"] else 0


def run_files(paths, counts, environment):
    """Each has namespaces of its own, and waits more than it works: some at a time."""
    running = set()
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        jobs = [pool.submit(run_file, path, environment, running) for path in paths]
        try:
            for path, job in zip(paths, jobs):
                status, output = job.result()
                print(output, end="", flush=True)
                words = [found.group(1) for found in map(LINE.match, output.splitlines()) if found]
                for word in words:
                    counts[word] += 1
                if status != 0 and "FAIL" not in words:
                    print(f"FAIL {os.path.basename(path)} ended with {status}")
                    counts["FAIL"] += 1
        except BaseException:
            for job in jobs:
                job.cancel()
            for process in list(running):
                process.terminate()  # it takes its namespaces along
            raise


def run_file(path, environment, running):
    with subprocess.Popen([sys.executable, path], env=environment,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace") as process:
        running.add(process)
        output = process.communicate(timeout=SECONDS)[0]
        running.discard(process)
        return process.returncode, output


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
