"""``python -m benchmarks.truth CASES``: is every lane judged as the truth table says?

CASES is a folder with ``architectures.py``, which builds small models, each with something that
conversions trip over, and ``architectures_truth.txt``: what their official conversions answer on
the plain packages of TensorFlow.js. Each model is verified as a user would, from its file alone. A
line is printed for each model, and one for every lane that is judged otherwise, or that fails
without the row of known limits that explains it. Takes ten seconds a model.
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
RIGHT, NO_ANSWER = "as the truth", "without a judgement"
WRONG_FOR = {
    "passed": "wrong PASSED",
    "differs": "false FAILED",
    "cannot run": "wrong cannot run",
}
WRONG = (*WRONG_FOR.values(), NO_ANSWER)
NO_ROW = "failing without a row of known limits"


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


def verified(model: Path, folder: Path) -> tuple[dict[str, tuple[str, str | None]], str]:
    """The judgement and the known limit of each lane by ``digit-parity verify``, and its last
    line.
    """
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
    judged = {each["lane"]: (each["judgement"], each["limit"]) for each in lanes}
    return judged, said.splitlines()[-1]


def compare(cases: Path, names: Sequence[str], out: Path) -> Iterator[str]:
    """A line for each model, one for each lane that is judged otherwise, and those of totals."""
    table = truth(cases / "architectures_truth.txt")
    chosen = list(names or table)
    build = [sys.executable, str(cases / "architectures.py"), str(out), *chosen]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    totals: Counter[str] = Counter()
    for name in chosen:
        judged, last = verified(out / name / "model.h5", out)
        wrong = []
        for lane, expected in table[name].items():
            found, limit = judged.get(lane, ("no judgement", None))
            kinds = [kind(found, expected)]
            if found in ("differs", "cannot run") and limit is None:
                kinds.append(NO_ROW)
            totals.update(kinds)
            if kinds != [RIGHT]:
                wrong.append(f"- {name}, {lane}: {found}, the truth is {expected} ({kinds[-1]})")
        yield f"{name}: {'all as the truth' if not wrong else last}"
        yield from wrong
    yield f"\n{len(chosen)} models, {len(LANES) * len(chosen)} lanes, {totals[RIGHT]} {RIGHT}"
    yield ", ".join(f"{totals[what]} {what}" for what in (*WRONG, NO_ROW))


def kind(found: str, expected: str) -> str:
    """How a judgement compares with the truth."""
    if found == expected:
        return RIGHT
    return WRONG_FOR.get(found, NO_ANSWER)


def main() -> int:
    """Print the comparison line by line, also into a file; returns 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("cases", type=Path, metavar="CASES")
    parser.add_argument("names", nargs="*", metavar="NAME", help="all models unless given")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        lines = []
        for line in compare(given.cases.resolve(), given.names, Path(temporary)):
            print(line, flush=True)
            lines.append(line)
    return int(any(line.startswith("- ") for line in lines))


if __name__ == "__main__":
    sys.exit(main())
