"""Serves the stand-ins alone: `python -m examples.standins [--port 3215]`."""

from __future__ import annotations

import argparse
import os
import socket
import sys

import uvicorn

from examples.standins import app, environment
from examples.standins.settings import DEFAULT_PORT

HOST = "127.0.0.1"
"""Not a setting: whoever reaches the stand-ins can sign in as anybody."""


def main() -> int:
    """Serves until interrupted; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m examples.standins", description=__doc__)
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="default: %(default)s")
    port: int = parser.parse_args().port
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except (OSError, OverflowError) as error:
        print(f"Port {port} cannot be used ({error}). Choose another with --port.", file=sys.stderr)
        return 1
    address = f"http://{HOST}:{listener.getsockname()[1]}"
    for name, value in environment(address).items():
        os.environ.setdefault(name, value)
    print(f"Stand-ins on {address}/  (sign in: {address}/clerk/sign-in)", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])
    return 0


if __name__ == "__main__":
    sys.exit(main())
