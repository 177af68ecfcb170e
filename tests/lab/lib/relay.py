"""Passes connections to 127.0.0.1:PORT on to port 8179 of hobgp, for a lab in
namespaces of the host. Ends when process PID ends.

usage: relay.py PORT PID
"""

import ctypes
import os
import socket
import sys
import threading
import time

import hostns

CLONE_NEWNET = 0x40000000


def enter_hobgp(pid):
    libc = ctypes.CDLL(None, use_errno=True)
    path = f"/proc/{hostns.first_child(pid)}/root/run/netns/hobgp"
    with open(path, "rb") as namespace:
        if libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")


def copy(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def serve(client):
    with client, socket.create_connection(("127.0.0.1", 8179)) as router:
        back = threading.Thread(target=copy, args=(router, client), daemon=True)
        back.start()
        copy(client, router)
        back.join()


def accept_all(listener, pid):
    # A thread of its own for each connection, in hobgp's network namespace; the
    # listening socket stays in the one where it was made.
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client,), daemon=True).start()


def main():
    port, pid = int(sys.argv[1]), int(sys.argv[2])
    listener = socket.create_server(("127.0.0.1", port))
    while os.path.exists(f"/proc/{pid}"):
        try:
            enter_hobgp(pid)
            break
        except OSError:
            time.sleep(0.1)
    threading.Thread(target=accept_all, args=(listener, pid), daemon=True).start()
    while os.path.exists(f"/proc/{pid}"):
        time.sleep(0.5)


main()
