"""Programs that stand in for a browser: a few lines of Python that get the page's address."""

from __future__ import annotations

import sys
from pathlib import Path

from models.runtimes.browser.program import Program

HEAD = """
import json, os, re, struct, subprocess, sys, time, urllib.error, urllib.request
with urllib.request.urlopen(sys.argv[-1]) as opening:
    address = re.search('url=([^"?]*)', opening.read().decode())[1]

def get(name):
    with urllib.request.urlopen(address + name) as answer:
        return answer.read()

def say(words, values=b""):
    text = json.dumps(words).encode()
    urllib.request.urlopen(address + "say", struct.pack("<I", len(text)) + text + values).close()
"""


def program(folder: Path, script: str) -> Program:
    """A program that runs ``script`` after ``HEAD``."""
    file = folder / "fake.py"
    file.write_text(f"{HEAD}\n{script}\n", "utf-8")
    path = folder / "browser"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{file}" "$@"\n', "utf-8")
    path.chmod(0o755)
    return Program("chromium", path)
