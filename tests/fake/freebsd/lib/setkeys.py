"""What setkey -f does with keys for TCP-MD5 at boot (30, 42, 43).

Only `add`, for tcp and tcp-md5; setkey itself is not faked yet.
"""

import re

import machine

ADD = re.compile(r"^add\s+(\S+)\s+(\S+)\s+tcp\s+(0x[0-9a-f]+|\d+)\s+"
                 r"-A\s+tcp-md5\s+\"([^\"]{1,80})\"\s*;$")


def load(run, state, text):
    """Earlier lines stay when a later one cannot be read."""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        found = ADD.match(line)
        if not found:
            word = line.split()[0].rstrip(";")
            run.err("line %d: syntax error at [%s]\nparse failed, line %d." %
                    (number, word, number))
            return 1
        if not machine.module(state, "tcpmd5"):
            run.err("The result of line %d: Invalid argument." % number)
        elif any(s["src"] == found.group(1) and s["dst"] == found.group(2)
                 for s in state["sas"]):
            run.err("The result of line %d: File exists." % number)
        else:
            state["sas"].append({"src": found.group(1),
                                 "dst": found.group(2),
                                 "spi": int(found.group(3), 0),
                                 "key": found.group(4)})
    return 0
