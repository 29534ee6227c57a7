"""The library and the command line: digits, formats, runtimes, agreement.

Nothing here imports Streamlit. This file is read by any Python, 2.7 included: the others would end
at the first annotation with a traceback.
"""

import sys

__version__ = "0.1.0"
PYTHONS = ((3, 11), (3, 12), (3, 13))  # as pyproject.toml has them

if sys.version_info[:2] not in PYTHONS:
    fitting = [".".join(map(str, each)) for each in PYTHONS]
    here = ".".join(map(str, sys.version_info[:3]))
    sys.stderr.write(
        "Digit Parity runs on Python " + ", ".join(fitting[:-1]) + " or " + fitting[-1]
        + ", and " + sys.executable + " is " + here
        + ": install one of these, and run it with that.\n"
    )  # fmt: skip
    sys.exit(70)  # models.command_line.FAULT: 1 and 2 are results
