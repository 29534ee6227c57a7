"""Runs a command, and ends it with all its children when standard input is closed.

Whoever starts this holds the other end of its standard input, which is closed too when that process
is killed: so no browser stays behind. It is run as a file, by an interpreter without site packages,
and so imports nothing of the project.

    python -I -S ends_with_me.py COMMAND ...

Its exit code is the command's, or 0 once it has ended the command.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a process and its children; on Windows, which has no groups of them, by its own tool."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):  # none is left
            os.killpg(process.pid, signal.SIGKILL)
    else:
        command = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(command, check=False, capture_output=True)


def main() -> None:
    """Run the command of this process's arguments."""
    try:
        process = subprocess.Popen(
            sys.argv[1:],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        sys.exit(f"it cannot be started: {error}")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a console tells all of its processes

    def follow() -> None:
        code = process.wait()
        _end(process)  # what it left
        os._exit(code if 0 <= code < 256 else 128 + abs(code) % 128)

    threading.Thread(target=follow, daemon=True).start()
    sys.stdin.buffer.read()
    _end(process)
    os._exit(0)


if __name__ == "__main__":
    main()
