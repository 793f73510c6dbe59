"""`python -m luffy`: what the library is, and a verdict on a text. Runs with jemalloc where the machine has it.

jemalloc cannot be loaded into a process that has started (its thread-local storage is too large), so the command starts
itself again with it preloaded.
"""

from __future__ import annotations

import argparse
import ctypes.util
import json
import os
import sys


def _restart_with_jemalloc() -> None:
    found = ctypes.util.find_library("jemalloc")
    if found is None or os.environ.get("LUFFY_PRELOADED") or sys.platform != "linux":
        return
    preload = " ".join(filter(None, [found, os.environ.get("LD_PRELOAD", "")]))
    environment = {**os.environ, "LD_PRELOAD": preload, "LUFFY_PRELOADED": "1"}
    os.execve(sys.executable, [sys.executable, "-m", "luffy", *sys.argv[1:]], environment)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m luffy", description="Post-training by LUFFY on CPUs.")
    parser.add_argument("--version", action="store_true", help="the version of the library")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("info", help="version, instruction set, allocator, threads")
    check = commands.add_parser("verify", help="judge a response against a reference answer")
    check.add_argument("reference")
    check.add_argument("response")
    options = parser.parse_args()
    if options.version:
        from luffy import _native

        print(f"luffy {_native.library.luffy_version_string().decode()}")
        return
    if options.command is None:
        parser.error("expected a command: info or verify")
    _restart_with_jemalloc()

    import luffy

    if options.command == "info":
        print(json.dumps(luffy.build_info(), indent=2))
    else:
        verdict = luffy.verify(options.reference, options.response)
        print(json.dumps({"status": verdict.status, "extracted": verdict.extracted}))


if __name__ == "__main__":
    main()
