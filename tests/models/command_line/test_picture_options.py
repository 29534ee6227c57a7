"""The options that say what a model takes: what they mean, and a sentence for what they cannot."""

from __future__ import annotations

import json

import click
import pytest

from models.command_line import ending, options, picture_options
from models.command_line.verb import verb
from models.formats.wanted import Wanted

GOT: list[Wanted] = []


@verb()
@click.argument("name", help="A name.")
@picture_options.wanted
@click.option("--title", help="A title.")
def command(*, name: str, title: str | None, wanted: Wanted) -> int:
    """Do nothing."""
    GOT.append(wanted)
    print(options.again(click.get_current_context()))
    return 0


def run(*arguments: str) -> int:
    return ending.run(lambda: command, "command", ["mine", *arguments])


def got(*arguments: str) -> Wanted:
    assert run(*arguments) == 0
    return GOT.pop()


def test_without_options_nothing_is_wanted():
    assert got() == Wanted()


@pytest.mark.parametrize(
    "arguments, wanted",
    [
        (["--range", "-1..1"], Wanted((-1, 1))),
        (["--range=-.5..5e-1"], Wanted((-0.5, 0.5))),
        (["--scale", "255"], Wanted((0, 255))),
        (["--mean", "0.1307", "--std", "0.3081"], Wanted(mean=(0.1307,), std=(0.3081,))),
        (["--mean", "1,-2,3"], Wanted(mean=(1, -2, 3))),
        (["--size", "224x160"], Wanted(size=(224, 160))),
        (["--size", "96"], Wanted(size=(96, 96))),
        (["--layout", "none", "--answers", "values"], Wanted(layout="none", answers="values")),
        (["--layout", "CHW", "--order", "bgr"], Wanted(layout="CHW", order="bgr")),
        (["--fit", "cover", "--framing", "none"], Wanted(fit="cover", framing="none")),
        (["--interpolation", "area"], Wanted(interpolation="area")),
        (["--classes", "cat, dog"], Wanted(classes=("cat", "dog"))),
    ],
)
def test_an_option_is_what_it_says(arguments, wanted):
    assert got(*arguments) == wanted


@pytest.mark.parametrize(
    "name, content", [("labels.txt", "0 cat\n1 dog\n"), ("names.json", json.dumps(["cat", "dog"]))]
)
def test_classes_are_read_from_a_file(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    assert got("--classes", f"@{tmp_path / name}").classes == ("cat", "dog")


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--range", "255"], "'--range': expected LOW..HIGH, such as 0..255 or -1..1"),
        (["--range", "1..0"], "expected LOW..HIGH"),
        (["--range", "0..nan"], "expected LOW..HIGH"),
        (["--range", "0..1e9"], "expected LOW..HIGH"),
        (["--scale", "0"], "expected a number above 0"),
        (["--scale", "nan"], "expected a number above 0"),
        (["--scale", "2", "--range", "0..1"], "--scale is another word for --range"),
        (["--range", "0..1", "--scale", "2"], "--scale is another word for --range"),
        (["--mean", "a"], "expected a number, or one for each channel"),
        (["--mean", "1,2,3,4,5"], "expected a number, or one for each channel"),
        (["--mean", "inf"], "expected a number, or one for each channel"),
        (["--std", "0"], "expected numbers above 0"),
        (["--std", "1e-320"], "expected numbers above 0"),
        (["--size", "0x9"], "expected HEIGHTxWIDTH in pixels"),
        (["--size", "9999x9"], "expected HEIGHTxWIDTH in pixels"),
        (["--layout", "WHC"], "'WHC' is not one of 'HWC'"),
        (["--classes", "@none.txt"], "none.txt does not name classes"),
    ],
)
def test_a_wrong_value_ends_with_one_sentence(arguments, words, capsys):
    assert run(*arguments) == 2
    assert words in capsys.readouterr().err and GOT == []


def test_the_command_to_run_again_leaves_the_scaling_out_and_keeps_the_rest(capsys):
    got("--range", "0..1", "--mean", ".5", "--std", "2", "--layout", "HW", "--title", "A b")
    assert capsys.readouterr().out == "command mine --layout HW --title 'A b'\n"
    got("--scale", "3")
    assert capsys.readouterr().out == "command mine\n"


def test_the_help_has_them_below_a_heading_of_their_own(capsys):
    assert ending.run(lambda: command, "command", ["--help"]) == 0
    others, _, own = capsys.readouterr().out.partition("What the model takes and gives")
    assert "--title" in others and "--help" in others and "--range" not in others
    assert "--range LOW..HIGH" in own and "--title" not in own
