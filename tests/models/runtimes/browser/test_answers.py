"""What a page says becomes a lane's answer, or the reason why there is none."""

import numpy as np
import pytest

from models.errors import ModelError
from models.lanes import Lane
from models.runtimes.browser import answers
from models.runtimes.browser.message import Message

LANES = [Lane("graph", "tfjs/webgl"), Lane("layers", "tfjs/webgl")]
DONE = {"kind": "lane", "loadMs": 1, "firstMs": 2, "steadyMs": [3], "ms": 1500, "leaked": 1}


def rows(lane, what, start, count, number=0, shapes=((2,), ()), values=None):
    said = {"kind": "rows", "lane": lane, "what": what, "number": number, "start": start}
    if values is None:
        values = np.arange(sum(int(np.prod(shape)) for shape in shapes) * count) + start
    return Message(said | {"rows": count, "shapes": shapes}, np.array(values, np.float32))


def said(kind, lane, **words):
    return Message({"kind": kind, "lane": lane, **words}, np.zeros(0, np.float32))


def done(lane, **words):
    return Message(DONE | {"lane": lane} | words, np.zeros(0, np.float32))


def test_batches_and_single_predictions_are_put_together():
    gpu = {"renderer": "SwiftShader", "software": True, "threads": None}
    messages = [
        said("here", None),
        said("about", 0, about=gpu),
        rows(0, "prediction", 0, 1, number=1),
        rows(0, "prediction", 2, 1, number=5),
        rows(0, "together", 0, 3),
        rows(0, "answers", 0, 2),
        rows(0, "answers", 2, 1),
        done(0),
        said("lane", 1, error="no such thing"),
    ]
    first, second = answers.collect(messages, LANES, 3)
    assert [each.shape for each in first.outputs] == [(3, 2), (3,)]
    assert first.outputs[0].tolist() == [[0, 1], [2, 3], [2, 3]]
    assert first.outputs[1].tolist() == [4, 5, 4]
    assert [(each.number, each.input) for each in first.singles] == [(1, 0), (5, 2)]
    assert [each.shape for each in first.together] == [(3, 2), (3,)]
    assert (first.times.load_ms, first.times.steady_ms, first.seconds) == (1, (3,), 1.5)
    assert (first.renderer, first.software, first.leaked) == ("SwiftShader", True, 1)
    assert (second.error, second.outputs) == ("no such thing", ())


def test_lanes_without_an_answer_have_what_the_visit_failed_with():
    def breaking():
        yield rows(0, "answers", 0, 1)
        yield done(0)
        yield said("about", 1, about={"threads": 4})
        raise ModelError("It crashed.")

    first, second = answers.collect(breaking(), LANES, 1)
    assert first.error is None
    assert (second.error, second.threads) == ("It crashed.", 4)


@pytest.mark.parametrize(
    "message",
    [
        rows(0, "answers", 0, 1, values=[1]),  # too few numbers
        rows(0, "answers", 0, -1, values=[]),
        rows(0, "answers", 0, 1, shapes=((-2,),), values=[1]),
        rows(0, "answers", 0, 2**60, values=[1]),
        rows(0, "answers", 0, 1, shapes=(("x",),), values=[1]),
        rows(0, "answers", 1, 2),  # begins elsewhere
        rows(0, "answers", 0, 3),  # more than there are
        said("rows", 0),
        done(0),  # of nothing
    ],
)
def test_numbers_that_do_not_fit_are_no_answer(message):
    first, second = answers.collect([message, done(0), done(1)], LANES, 2)
    assert "cannot be read" in first.error
    assert second.error == first.error


@pytest.mark.parametrize("lane", [2, -1, None, "0", 1.5, [0]])
def test_what_is_of_no_lane_is_passed_over(lane):
    (run,) = answers.collect([rows(lane, "answers", 0, 1)], LANES[:1], 1)
    assert run.error == "The page gave no answer."


def test_batches_of_other_shapes_are_an_error():
    messages = [rows(0, "answers", 0, 1), rows(0, "answers", 1, 1, shapes=((3,), ())), done(0)]
    (run,) = answers.collect(messages, LANES[:1], 2)
    assert "It gives other shapes" in run.error
