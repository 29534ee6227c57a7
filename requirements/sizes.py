"""Print how much disk each lock takes: the unpacked packages, as this environment has them.

Run it in an environment that pip made with `requirements.txt` and `requirements/dev.txt`: pip also
compiles each module, which `pip install --no-compile` leaves out.
"""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = {
    "requirements.txt": "everything: pages, checks, converting, training, LiteRT",
    "requirements/serve.txt": "pages and checks of models that are converted",
    "requirements/browser.txt": "pages alone, with the lanes of the visitor's browser",
    "requirements/dev.txt": "tests, beside `requirements.txt`",
}


def size(package: str, *, compiled: bool) -> int:
    """Bytes of an installed package, 0 if it is of another platform. ``compiled``: with .pyc."""
    try:
        files = metadata.distribution(package).files or []
    except metadata.PackageNotFoundError:
        return 0
    paths = (Path(file.locate()) for file in files if compiled or file.suffix != ".pyc")
    return sum(path.stat().st_size for path in paths if path.is_file())


def packages(lock: str) -> set[str]:
    """The names that a lock locks."""
    text = (ROOT / lock).read_text("utf-8")
    return set(re.findall(r"^([\w.-]+)==", text, re.MULTILINE))


def main() -> None:
    """Print a table in Markdown."""
    print("| lock | for | packages | MB | with `--no-compile` |")
    print("| --- | --- | --- | --- | --- |")
    everything = packages("requirements.txt")
    for lock, purpose in LOCKS.items():
        names = packages(lock)
        if lock.endswith("dev.txt"):
            names -= everything
        both = (sum(size(name, compiled=each) for name in names) / 1e6 for each in (True, False))
        print(
            f"| `{lock}` | {purpose} | {len(names)} | {' | '.join(f'{mb:,.0f}' for mb in both)} |"
        )


if __name__ == "__main__":
    main()
