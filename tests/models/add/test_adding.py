"""A model of Keras 3 is added with its original, which answers."""

from __future__ import annotations

import numpy as np

from models.add import command as add
from models.formats import manifest, store
from models.runtimes import node, server_lane
from models.verify import command as verify
from tests.models.convert.rebuild.test_keras3 import DIGITS, gate


def test_it_is_added_at_its_scale_with_what_answers_and_what_was_built_otherwise(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("DIGIT_PARITY_MODELS", str(tmp_path / "place"))
    model = gate()
    model.save(tmp_path / "gate.keras")
    assert add.main(["gate", str(tmp_path / "gate.keras"), "--scale", "255"]) == 0
    said = capsys.readouterr().out
    assert "Reference: keras @ keras3 (Keras 3." in said
    assert "Built otherwise to be converted: The hard_silu of" in said
    for form in ("graph", "layers") if node.SCRIPT.is_file() else ():
        alone = f"What the official converter alone makes, {form} @ tfjs/wasm: cannot run: "
        (line,) = (each for each in said.splitlines() if each.startswith(alone))
        assert len(line) < 350 and str(tmp_path / "place") not in line
    stored, folder = store.manifest("gate"), store.folder("gate")
    assert (stored.original, stored.input.scale) == ("original.keras", (255,))
    assert not manifest.changed(stored, folder)
    expected = model(DIGITS[..., None] * np.float32(255), training=False)
    for lane in stored.server_lanes:
        answers = server_lane.load(folder, lane).predict(DIGITS)
        np.testing.assert_allclose(answers, expected, atol=1e-5, err_msg=str(lane))


def test_of_a_model_that_pages_do_not_show_it_says_what_judges_it(tmp_path, monkeypatch, capsys):
    import tf_keras

    monkeypatch.setenv("DIGIT_PARITY_MODELS", str(tmp_path / "place"))
    model = tf_keras.Sequential([tf_keras.layers.Input((4,)), tf_keras.layers.Dense(3, "softmax")])
    model.save(tmp_path / "iris.h5")
    assert add.main(["iris", str(tmp_path / "iris.h5")]) == 0
    said = capsys.readouterr().out
    assert said.endswith(
        " is added; as it takes no pictures, pages do not show it: `digit-parity verify iris` "
        "judges it.\n"
    )
    assert verify.main(["iris", "--runtime", "tensorflow"]) == 0


def test_a_detector_is_added_as_what_is_compared_as_numbers(tmp_path, monkeypatch, capsys):
    import tf_keras
    from tf_keras import layers

    monkeypatch.setenv("DIGIT_PARITY_MODELS", str(tmp_path / "place"))
    start = layers.Input((8, 8, 3))
    heads = layers.Conv2D(6, 3, name="boxes")(start), layers.Conv2D(2, 3, name="scores")(start)
    tf_keras.Model(start, heads).save(tmp_path / "detector.h5")
    assert add.main(["detector", str(tmp_path / "detector.h5")]) == 0
    said = capsys.readouterr().out
    assert "The pages show no classes of this model, as it has 2 outputs" in said
    assert "as it gives numbers that are no classes, pages do not show it" in said
