"""One call of hobgp's API from outside, for the lab's tests.

usage: api.py METHOD PATH [JSON]     prints the answer; exit 0 for 2xx, else 1
"""

import http.client
import json
import os
import sys
import urllib.parse


def call(method, path, body=None, timeout=300):
    """(status, parsed answer); body: anything that JSON can say, or None."""
    with open(os.environ["MHCTL_CONTEXTS"], encoding="ascii") as file:
        contexts = json.load(file)
    token = contexts["contexts"][contexts["current"]]["token"]
    where = urllib.parse.urlsplit(os.environ["LAB_API"])
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=timeout)
    headers = {"Authorization": f"Bearer {token}", "Connection": "close"}
    if body is not None:
        body = json.dumps(body)
        headers["Content-Type"] = "application/merge-patch+json" if method == "PATCH" \
            else "application/json"
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
    finally:
        connection.close()
    return answer.status, json.loads(data) if data else None


def main():
    body = json.loads(sys.argv[3]) if len(sys.argv) > 3 else None
    status, answer = call(sys.argv[1], sys.argv[2], body)
    print(json.dumps(answer, indent=1))
    return 0 if 200 <= status < 300 else 1


if __name__ == "__main__":
    sys.exit(main())
