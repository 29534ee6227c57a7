"""``python -m benchmarks.truth CASES``: is every lane judged as the truth table says?

CASES is a folder with ``architectures.py``, which builds small models, each with something that
conversions trip over, and ``architectures_truth.txt``: what their official conversions answer on
the plain packages of TensorFlow.js. Each model is verified as a user would, from its file alone,
and a line is printed for every lane that is judged otherwise. Takes ten seconds a model.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

# The table's columns, in its order.
LANES = ("graph @ tfjs/cpu", "layers @ tfjs/cpu", "graph @ tfjs/wasm", "layers @ tfjs/wasm")
ROUNDING = 1e-4  # the table: from 1e-5 to this it is rounding
IN_FLOAT16 = ("mixed16", "float16")  # models whose rounding is larger
NOT_COMPARED = ("multiout",)  # more than one output


def truth(path: Path) -> dict[str, dict[str, str]]:
    """The judgement of each lane of each model that the table says."""
    table = {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#") or "|" not in line:
            continue
        name, *cells = (cell.strip() for cell in line.lstrip("* ").split("|"))
        if name not in NOT_COMPARED:
            judged = (judgement(cell, name) for cell in cells)
            table[name] = dict(zip(LANES, judged, strict=True))
    return table


def judgement(cell: str, name: str) -> str:
    """What a cell of the table amounts to."""
    if cell.startswith(("error", "not converted")):
        return "cannot run"
    number = float(re.match(r"[\w.+-]+", cell)[0])  # type: ignore[index]
    return "passed" if number <= ROUNDING or name in IN_FLOAT16 else "differs"


def verified(model: Path, folder: Path) -> tuple[dict[str, str], str]:
    """The judgement of each lane by ``digit-parity verify``, and its last line."""
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "models.verify", f"--original={model}", f"--json={report}"]
    runtimes = ["--runtime=tfjs/cpu", "--runtime=tfjs/wasm"]
    done = subprocess.run(
        [*command, *runtimes], capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    said = done.stdout.strip() or done.stderr.strip() or f"exit code {done.returncode}"
    if not report.is_file():
        return {}, said.splitlines()[-1]
    lanes = json.loads(report.read_text("utf-8"))["lanes"]
    return {each["lane"]: each["judgement"] for each in lanes}, said.splitlines()[-1]


def compare(cases: Path, names: Sequence[str], out: Path) -> Iterator[str]:
    """A line for each lane that is judged otherwise, and one of totals."""
    table = truth(cases / "architectures_truth.txt")
    chosen = list(names or table)
    build = [sys.executable, str(cases / "architectures.py"), str(out), *chosen]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    totals: Counter[str] = Counter()
    for name in chosen:
        judged, last = verified(out / name / "model.h5", out)
        for lane, expected in table[name].items():
            found = judged.get(lane, "no judgement")
            totals[kind(found, expected)] += 1
            if found != expected:
                yield f"- {name}, {lane}: {found}, the truth is {expected}. {last}"
    listed = ", ".join(f"{count} {what}" for what, count in totals.most_common())
    yield f"\n{len(chosen)} models, {sum(totals.values())} lanes: {listed}."


def kind(found: str, expected: str) -> str:
    """How a judgement compares with the truth."""
    if found == expected:
        return "as the truth"
    if found == "passed":
        return "wrongly passed"
    return "wrongly called different" if found == "differs" else "otherwise"


def main() -> int:
    """Print the comparison; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("cases", type=Path, metavar="CASES")
    parser.add_argument("names", nargs="*", metavar="NAME", help="all models unless given")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        for line in compare(given.cases.resolve(), given.names, Path(temporary)):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
