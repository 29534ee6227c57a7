"""The steps of action.yml: ``gate.py install``, then ``gate.py verify``.

It needs only the standard library, because it runs before anything is installed. The action's
inputs come as JSON in the variable ``INPUTS``.
"""

from __future__ import annotations

import json
import math
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

SAME, DIFFERS, NOT_COMPARED = 0, 1, 2  # exit codes of `digit-parity verify`
PASSING = {
    "differs": {SAME, NOT_COMPARED},
    "any": {SAME},
    "never": None,  # whatever the code
}
FORMATS = ("graph", "layers")
PATHS = ("original", *FORMATS, "data")
# Plain JavaScript computes the same as wasm, but takes many times as long.
RUNTIMES = ("tensorflow", "tfjs/wasm")


def main() -> int:
    """Do the step that the command line names; returns its exit code."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")  # Windows's own cannot write every name
    given = json.loads(os.environ["INPUTS"])
    inputs = {name: value for name, value in given.items() if value}
    home = Path(os.environ["RUNNER_TEMP"]) / "digit-parity"
    if problem := unusable(inputs):
        annotate("error", problem)
        return 1
    if sys.argv[1:] == ["verify"]:
        return verify(inputs, home)
    try:
        return install(inputs, home)
    except subprocess.CalledProcessError as error:  # it has printed why
        words = " ".join(map(str, error.cmd))
        annotate("error", f"digit-parity could not be installed: {words!r} failed.")
        return 1


def unusable(inputs: Mapping[str, str]) -> str | None:
    """What is wrong with the inputs, in a sentence: a mistyped path must not open the gate."""
    if not inputs.keys() & {"original", "graph", "layers"}:
        return "Nothing to compare: give original, graph or layers."
    for name in PATHS:
        if name in inputs and not Path(inputs[name]).exists():
            return f"There is nothing at {inputs[name]}, which is given as {name}."
    if inputs.get("fail-on") not in PASSING:
        return f"fail-on is {inputs.get('fail-on')!r}. Expected {', '.join(PASSING)}."
    if unknown := set(inputs.get("require", "graph").replace(" ", "").split(",")) - set(FORMATS):
        return f"require names {sorted(unknown)[0]!r}. Expected graph, layers or graph,layers."
    for name, least in (("scale", 1e-6), ("tolerance", 0.0)):
        if not least <= number(inputs.get(name, "1")) < 1e6:
            return f"{name} is {inputs[name]!r}. Expected a number of at least {least:g}."
    return None


def number(text: str) -> float:
    """The number that a text means; not a number for any other text."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def install(inputs: Mapping[str, str], home: Path) -> int:
    """Install what is locked and this checkout into an environment of its own, and the converter
    if it is needed.
    """
    checkout = Path(os.environ["GITHUB_ACTION_PATH"])
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    pip = [executable(home, "python"), "-m", "pip", "install", "--disable-pip-version-check"]
    locked = str(checkout / "requirements" / "serve.txt")
    subprocess.run([*pip, "--quiet", "--requirement", locked], check=True)
    subprocess.run([*pip, "--quiet", "--no-deps", str(checkout)], check=True)
    if "original" in inputs and not {"graph", "layers"} <= inputs.keys():
        subprocess.run([executable(home, "digit-parity"), "setup"], check=True)
    return 0


def executable(home: Path, name: str) -> str:
    """A program of the environment ``home``."""
    return str(home / ("Scripts" if os.name == "nt" else "bin") / name)


def verify(inputs: Mapping[str, str], home: Path) -> int:
    """Run ``digit-parity verify``, show what it says, and judge its exit code by fail-on."""
    report = Path(tempfile.mkdtemp(dir=os.environ["RUNNER_TEMP"])) / "digit-parity.xml"
    command = [executable(home, "digit-parity"), "verify", *arguments(inputs), f"--junit={report}"]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    show(done.stdout + done.stderr)
    said = done.stdout.strip() or done.stderr.strip()  # without a report, why there is none
    append("GITHUB_STEP_SUMMARY", f"### Digit Parity\n\n{indented(said)}\n")
    junit = report if report.is_file() else ""
    append("GITHUB_OUTPUT", f"exit-code={done.returncode}\njunit={junit}\n")
    passing = PASSING[inputs["fail-on"]]
    if passing is not None and "require" in inputs:
        passing = {SAME}  # else what is required could be missing, and the gate open
    failed = passing is not None and done.returncode not in passing
    if done.returncode != SAME:
        annotate("error" if failed else "warning", said.rpartition("\n\n")[2])  # what was found
    return int(failed)


def arguments(inputs: Mapping[str, str]) -> list[str]:
    """The inputs as options. Each is one word, so that no value is taken for an option."""
    options = {name: name for name in (*PATHS, "scale", "require", "browser")}
    options |= {"tolerance": "atol"}
    given = [f"--{option}={inputs[name]}" for name, option in options.items() if name in inputs]
    runtimes = () if "browser" in inputs else RUNTIMES  # the command knows what a browser has
    return [*given, *(f"--runtime={runtime}" for runtime in runtimes)]


def show(text: str) -> None:
    """Print text in which the runner finds no commands of its own, whatever a model is called."""
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}\n{text}\n::{token}::", flush=True)


def indented(text: str) -> str:
    """The text as a block of code in Markdown, which nothing in it can end."""
    return "".join(f"    {line}\n" for line in text.splitlines())


def annotate(level: str, message: str) -> None:
    """Show a message on the page of the run. ``level`` is error or warning."""
    escaped = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    print(f"::{level} title=Digit Parity::{escaped}", flush=True)


def append(variable: str, text: str) -> None:
    """Append to the file that the runner names in ``variable``."""
    with Path(os.environ[variable]).open("a", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    sys.exit(main())
