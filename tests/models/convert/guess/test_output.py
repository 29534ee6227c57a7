"""What a model's first output is: seen in its file, guessed and said, or what a person says."""

from __future__ import annotations

import numpy as np
import pytest

from models.convert.guess import output
from models.errors import ModelError
from models.formats.architecture.description import Description, Operation
from models.formats.labels import Facts
from models.formats.tensors import Tensor
from models.formats.wanted import Wanted
from tests.models.convert.guess.described import convolutions, graph, layer, layers, row


def guessed(description, gives=10, *, picture=True, wanted=None, answers=None):
    tensors = row(gives) if isinstance(gives, int) else gives
    return output.guess(tensors, description, wanted or Wanted(), picture=picture, answers=answers)


SEEN = [
    ("probabilities", 10, convolutions()),
    ("probabilities", 21_841, convolutions()),
    ("probabilities", 3, layers(layer("Dense", activation="linear"), layer("Softmax"))),
    ("probabilities", 3, layers(layer("Activation", activation="softmax"), layer("Flatten"))),
    ("probabilities", 3, layers(layer("TFOpLambda", function="nn.softmax"))),
    (
        "probabilities",
        3,
        layers(
            layer("Dense", activation="softmax"), layer("Activation", activation="linear")
        ),  # to float32, of a mixed policy
    ),
    ("probabilities", 3, convolutions(last={"class_name": "function", "config": "softmax"})),
    ("sigmoid", 1, convolutions(last="sigmoid")),
    ("sigmoid", 20, convolutions(last="sigmoid")),
    ("probabilities", 10, graph()),
    ("sigmoid", 1, graph(end="Sigmoid")),
]


@pytest.mark.parametrize("expected, count, description", SEEN)
def test_a_softmax_or_sigmoid_at_the_end_is_seen_and_nothing_is_guessed(
    expected, count, description
):
    assert guessed(description, count) == (expected, [])
    assert guessed(description, count, picture=False) == (expected, [])


@pytest.mark.parametrize(
    "description",
    [convolutions(last=None), convolutions(last="log_softmax"), graph(end="BiasAdd"), None],
)
def test_numbers_without_an_end_are_logits_of_a_picture_classifier_and_that_is_said(description):
    found, (sentence,) = guessed(description)
    assert found == "logits" and "--answers values or sigmoid changes it." in sentence
    assert ("no softmax or sigmoid ends the model" in sentence) == (description is not None)


@pytest.mark.parametrize(
    "gives, description, why",
    [
        (10, convolutions(last="relu"), "its 10 outputs end in no softmax"),
        (1, convolutions(last=None), "its output ends in no softmax"),
        (1, convolutions(), "its output ends in no softmax"),
        (30_000, convolutions(), "its 30,000 outputs are too many"),
        (row(4) + row(2), convolutions(), "it has 2 outputs"),
        ((Tensor("y", (7, 7, 30)),), convolutions(), "its output is no row of numbers"),
        ((Tensor("y", (None,)),), convolutions(), "its file does not say how many outputs"),
    ],
)
def test_all_else_is_compared_as_numbers_and_pages_show_no_classes(gives, description, why):
    found, (sentence,) = guessed(description, gives)
    assert found == "values" and why in sentence
    assert "pages show no classes" in sentence and "--answers" in sentence


def test_a_table_of_numbers_is_no_classifier_because_it_ends_without_a_softmax():
    assert guessed(convolutions(last=None), 3, picture=False)[0] == "values"


def test_rows_that_sum_to_1_are_probabilities_where_the_file_tells_nothing():
    by_hand = graph(("Exp", "e", "x"), ("Sum", "s", "e"), end="RealDiv")
    shares = np.array([[0.2, 0.8], [1, 0]])
    found, (sentence,) = guessed(by_hand, 2, answers=shares)
    assert found == "probabilities" and "sum to 1" in sentence and "--answers" in sentence
    assert guessed(by_hand, 2, answers=shares * 2)[0] == "logits"
    assert guessed(by_hand, row(None), answers=shares)[0] == "probabilities"


@pytest.mark.parametrize("answers", ["probabilities", "logits", "sigmoid", "values"])
def test_what_a_person_says_is_taken(answers):
    assert guessed(convolutions(), wanted=Wanted(answers=answers)) == (answers, [])


def test_of_a_graph_that_does_not_say_how_many_outputs_it_has_a_persons_word_is_taken():
    assert guessed(graph(), row(None), wanted=Wanted(answers="logits")) == ("logits", [])


@pytest.mark.parametrize("answers, gives", [("logits", 1), ("probabilities", 30_000)])
def test_answers_that_it_cannot_give_are_refused(answers, gives):
    with pytest.raises(ModelError, match=f"--answers {answers} is for a row of 2 to 21,841"):
        guessed(convolutions(), gives, wanted=Wanted(answers=answers))


def test_a_graph_that_goes_round_or_has_thousands_of_ends_ends_the_search():
    around = (Operation("Identity", "a", ("b",)), Operation("Identity", "b", ("a",)))
    rings = [Operation("Identity", f"end {at}", ("a",)) for at in range(5_000)]
    plain = graph().operations
    hostile = Description("graph", operations=(*around, *rings, *plain))
    assert guessed(hostile)[0] == "probabilities"


def test_classes_are_named_by_a_person_then_by_a_file_then_by_numbers():
    beside = Facts(("cat", "dog"), source="labels.txt")
    assert output.names(2, beside, Wanted(classes=("a", "b"))) == (("a", "b"), [])
    names, (sentence,) = output.names(2, beside, Wanted())
    assert names == ("cat", "dog") and "labels.txt" in sentence and "--classes" in sentence
    names, (sentence,) = output.names(3, beside, Wanted())
    assert names == ("0", "1", "2") and "is not used" in sentence
    assert output.names(2, Facts(), Wanted()) == (("0", "1"), [])
    assert output.names(0, beside, Wanted()) == ((), [])


@pytest.mark.parametrize("names", [("a",), ("a", "a"), ("a", " ")])
def test_names_that_a_person_gives_have_to_fit(names):
    with pytest.raises(ModelError, match=r"The model has 2 classes; \d were named: a"):
        output.names(2, Facts(), Wanted(classes=names))
