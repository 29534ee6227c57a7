import numpy as np
import pytest

from models.parity import metrics
from models.parity.metrics import Accuracy


@pytest.mark.parametrize(
    ("correct", "total", "low", "high"),
    [  # published examples: Brown, Cai and DasGupta (2001), and R's prop.test(correct=FALSE)
        (10, 10, 0.722467, 1.0),
        (0, 10, 0.0, 0.277533),
        (81, 263, 0.255302, 0.366203),
        (9963, 10_000, 0.995, 0.997),
    ],
)
def test_wilson_interval(correct, total, low, high):
    interval = Accuracy(correct, total).interval
    assert interval == pytest.approx((low, high), abs=6e-4)


def test_unknown_labels_do_not_count():
    labels = np.array([1, 2, -1, 4], np.int8)
    predicted = np.array([1, 0, 7, 4])
    assert metrics.accuracy(predicted, labels) == Accuracy(2, 3)
    table = metrics.confusion(predicted, labels)
    assert table.sum() == 3 and table[2, 0] == 1 and table[4, 4] == 1


def test_no_labels_give_no_accuracy_but_the_widest_interval():
    none = metrics.accuracy(np.array([1, 2]), np.array([-1, -1]))
    assert np.isnan(none.share) and none.interval == (0, 1)


def test_parity():
    one = np.array([[0.9, 0.1], [0.4, 0.6]], np.float32)
    other = np.array([[0.9, 0.1], [0.52, 0.48]], np.float32)
    parity = metrics.parity(one, other)
    assert parity.same_top == 0.5
    assert parity.max_abs == pytest.approx(0.12) and parity.mean_abs == pytest.approx(0.06)
    np.testing.assert_allclose(parity.differences, [0, 0.12], atol=1e-7)


def test_a_label_counts_where_it_is_among_the_first_and_ties_go_by_their_place():
    values = np.array([[0.4, 0.3, 0.2, 0.1], [0.25, 0.25, 0.25, 0.25], [0.1, 0.2, 0.3, 0.4]])
    for k, correct in ((1, 1), (2, 2), (3, 3)):
        labels = np.array([0, 1, 1])
        assert metrics.top_k(values, labels, k) == Accuracy(correct, 3), k
    assert metrics.top_k(values, np.array([-1, -1, 3]), 1) == Accuracy(1, 1)
    assert metrics.top_k(values, labels, 1) == metrics.accuracy(values.argmax(axis=1), labels)


def test_the_most_confused_pairs_come_first_then_the_order_of_the_classes():
    labels = np.array([2, 2, 1, 1, 1, 0, -1, 3], np.int32)
    read = np.array([1, 1, 0, 0, 2, 0, 5, -1])
    assert metrics.confused_pairs(read, labels) == [(1, 0, 2), (2, 1, 2), (1, 2, 1)]
    assert metrics.confused_pairs(read, labels, 1) == [(1, 0, 2)]
    assert metrics.confused_pairs(labels, labels) == []
