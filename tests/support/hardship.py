"""Machines on which something is missing: a full disk, read-only folders, no shared memory.

Each is a name space of mounts of its own, which ends with the processes in it: nothing on this
machine is changed, and no rights are needed where the system allows such name spaces to everybody.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence

_APART = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")
REASON = "no mount name spaces: `unshare --user --mount` is not allowed here"

# In the shell, "$TMPDIR", "$HOME" and the working directory's build folder are what to spoil.
FULL = """
for each in "$TMPDIR" "$HOME" build; do
    mount -t tmpfs -o size=16k none "$each"
    head -c 1000000 /dev/zero > "$each/full" 2> /dev/null
done
"""
READ_ONLY = """
for each in "$TMPDIR" "$HOME" .; do
    mount --bind "$each" "$each" && mount -o remount,bind,ro "$each"
done
cd "$PWD"
"""
NO_SHARED_MEMORY = """
devices=$(mktemp -d)
mount -t tmpfs none "$devices"
for each in null zero full random urandom; do
    touch "$devices/$each"
    mount --bind "/dev/$each" "$devices/$each"
done
ln -s /proc/self/fd "$devices/fd"
mount --rbind "$devices" /dev
"""
HARDSHIPS = {
    "a full disk": FULL,
    "read-only folders": READ_ONLY,
    "no /dev/shm": NO_SHARED_MEMORY,
    "HOME unset": "unset HOME",
}


def possible() -> bool:
    """Whether this system lets us make such a machine."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    tried = subprocess.run([*_APART, "mount -t tmpfs none /mnt"], capture_output=True)
    return tried.returncode == 0


def command(hardships: Sequence[str], program: Sequence[str]) -> list[str]:
    """The command that runs ``program`` on a machine with these of ``HARDSHIPS``, all at once."""
    script = "\n".join(HARDSHIPS[each] for each in hardships)
    return [*_APART, f'{script}\nexec "$@"', "sh", *program]
