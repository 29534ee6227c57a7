"""Adding a model: what is added, and what is refused without leaving a trace."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.add import adding, judging
from models.add import command as add
from models.convert import conversion, runs
from models.convert.conversion import Converted
from models.convert.intake.given import Given
from models.errors import ModelError
from models.formats import manifest, store
from models.formats.manifest_fields import Rounding
from models.formats.wanted import NOTHING, Wanted
from models.runtimes import node, tensorflow

needs_bundle = pytest.mark.skipif(not node.SCRIPT.is_file(), reason="`make install` bundles it")
NOISE = np.random.default_rng(5).random((8, 28, 28), np.float32)


@pytest.fixture
def root(tmp_path, monkeypatch):
    """An empty folder for models."""
    path = tmp_path / "place"
    path.mkdir()
    monkeypatch.setenv("DIGIT_PARITY_MODELS", str(path))
    return path


def seeded(model):
    """The model with plausible weights, the same every time.

    Keras's own seed is left alone: other tests train with it.
    """
    rng = np.random.default_rng(7)
    model.set_weights(
        [
            rng.uniform(0.1, 0.9, each.shape)
            if each.ndim == 1  # biases, and the four of batch normalisation
            else rng.normal(0, np.sqrt(2 / np.prod(each.shape[:-1])), each.shape)
            for each in model.get_weights()
        ]
    )
    return model


def hard_to_convert():
    from tf_keras import Model, layers

    pixels = layers.Input((28, 28, 1))
    x = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(pixels)
    x = layers.BatchNormalization()(x)
    x = layers.LeakyReLU(0.2)(x)
    y = layers.SeparableConv2D(8, 3, padding="same", activation="relu")(x)
    y = layers.Conv2D(8, 3, padding="same", dilation_rate=2)(y)
    x = layers.PReLU(shared_axes=[1, 2])(layers.Add()([x, y]))
    x = layers.DepthwiseConv2D(3, padding="same")(x)
    x = layers.BatchNormalization()(x)
    x = layers.Dropout(0.4)(layers.GlobalAveragePooling2D()(x))
    return seeded(Model(pixels, layers.Dense(3, activation="softmax")(x)))


def takes_grey_values():
    """A common case: a plain network trained on 0 to 255."""
    from tf_keras import Sequential, layers

    model = Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(16, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    first, *others = seeded(model).get_weights()
    model.set_weights([first / 255, *others])
    return model


@needs_bundle
def test_a_model_that_is_hard_to_convert_is_added_with_its_classes(root, tmp_path, capsys):
    hard_to_convert().save(tmp_path / "hard.h5")
    arguments = ["shapes", str(tmp_path / "hard.h5"), "--classes", "ring, cross,dot"]
    found = tmp_path / "found.json"
    more = ["--title", "Shapes", "--json", str(found)]
    assert add.main([*arguments, *more]) == 0, capsys.readouterr().err
    said = capsys.readouterr().out
    assert "PASSED: 4 lanes answer like keras @ tensorflow" in said
    assert (
        "What the official converter alone makes, layers @ tfjs/wasm: cannot run: Fields "
        "kernelInitializer, kernelRegularizer and kernelConstraint are invalid for SeparableConv2D."
    ) in said
    (alone,) = json.loads(found.read_text())["official"]
    assert (alone["judgement"], alone["limit"]) == ("cannot run", "separable-fields")
    assert "Known limit separable-fields" in said
    assert "what the converter alone makes does not load there" in said
    assert store.names() == ["shapes"] and [each.name for each in root.iterdir()] == ["shapes"]
    added = store.manifest("shapes")
    assert (added.title, added.classes) == ("Shapes", ("ring", "cross", "dot"))
    assert manifest.changed(added, root / "shapes") == [] and len(added.lanes) == 7
    assert added.commands[0].endswith("model.h5 model_graph")
    answers = tensorflow.load(root / "shapes", "graph").predict(NOISE)
    assert answers.shape == (8, 3) and np.ptp(answers, axis=0).max() > 1e-3
    for form in ("graph", "layers"):
        for weights, near in (("float16", 0.01), ("uint8", 0.1)):
            quantised = tensorflow.load(root / "shapes", form, weights).predict(NOISE)
            assert 0 < np.abs(quantised - answers).max() < near


@needs_bundle
def test_a_model_of_grey_values_is_given_grey_values(root, tmp_path, capsys):
    model = takes_grey_values()
    model.save(tmp_path / "grey.keras")
    arguments = ["grey", str(tmp_path / "grey.keras"), "--scale", "255", "--rtol", "1e-4"]
    assert add.main(arguments) == 0, capsys.readouterr().err
    assert store.manifest("grey").input.scale == (255,)
    assert "of the 1,000 example digits right" in capsys.readouterr().out
    expected = model.predict(NOISE[..., None] * 255, verbose=0)
    np.testing.assert_allclose(
        tensorflow.load(root / "grey", "layers").predict(NOISE), expected, atol=1e-5
    )


@needs_bundle
def test_converted_folders_are_added_without_an_original(root, small_model, capsys):
    given = ["--graph", str(small_model / "model_graph")]
    given += ["--layers", str(small_model / "model_layers" / "model.json")]
    assert add.main(["mine", *given]) == 0, capsys.readouterr().err
    assert "PASSED: 3 lanes answer like layers @ tensorflow" in capsys.readouterr().out
    added = store.manifest("mine")
    assert set(added.lanes) == {"graph", "layers"} and len(added.classes) == 10
    assert sorted(added.files) == [
        f"model_{form}/{name}"
        for form in ("graph", "layers")
        for name in ("group1-shard1of1.bin", "model.json")
    ]


@pytest.fixture
def folders(small_model, tmp_path):
    """Copies of the small model's graph and layers folders, to be damaged."""
    return [
        shutil.copytree(small_model / f"model_{form}", tmp_path / form)
        for form in ("graph", "layers")
    ]


def change(folder, edit):
    stored = json.loads((folder / "model.json").read_text())
    edit(stored)
    (folder / "model.json").write_text(json.dumps(stored))


def test_a_graph_of_converter_1_is_added(root, folders):
    def as_converter_1_wrote(stored):
        for key in ("signature", "format", "generatedBy"):
            stored.pop(key, None)
        stored["convertedBy"] = "TensorFlow.js Converter v1.7.4"
        for each in stored["modelTopology"]["node"]:
            each["attr"].pop("TArgs", None)

    change(folders[0], as_converter_1_wrote)
    added = adding.add("old", Given(None, *folders), NOTHING)
    assert added.verification.exit_code == 0
    assert store.manifest("old").versions["graph model's"] == "TensorFlow.js Converter v1.7.4"


def swapped(graph, layers):
    return layers, graph


def damage_shard_place(graph, layers):
    def edit(stored):
        stored["weightsManifest"][0]["paths"] = ["../graph/group1-shard1of1.bin"]

    change(layers, edit)
    return graph, layers


def damage_shard_place_of_windows(graph, layers, name=r"..\secret.bin"):
    (layers / "group1-shard1of1.bin").rename(layers / name)

    def edit(stored):
        stored["weightsManifest"][0]["paths"] = [name]

    change(layers, edit)
    return graph, layers


def damage_shard_drive_of_windows(graph, layers):
    return damage_shard_place_of_windows(graph, layers, "C:secret.bin")


def damage_shard_by_a_link(graph, layers):
    shard = graph / "group1-shard1of1.bin"
    shard.rename(graph.parent / "secret.bin")
    shard.symlink_to(graph.parent / "secret.bin")
    return graph, layers


def damage_shard(graph, layers):
    (graph / "group1-shard1of1.bin").unlink()
    return graph, layers


def damage_json(graph, layers):
    (graph / "model.json").write_text("[]")
    return graph, layers


def damage_lambda(graph, layers):
    def edit(stored):
        stored["modelTopology"]["model_config"]["config"]["layers"][1]["class_name"] = "Lambda"

    change(layers, edit)
    return graph, layers


def damage_weight(graph, layers):
    path = layers / "group1-shard1of1.bin"
    weights = np.frombuffer(path.read_bytes(), "<f4").copy()
    weights[-1] += 3  # a bias of the last layer
    path.write_bytes(weights.tobytes())
    return graph, layers


@pytest.mark.parametrize(
    "damage, words",
    [
        (swapped, "is a layers model: give it as --layers"),
        (damage_shard_place, "which is not beside it"),
        (damage_shard_place_of_windows, "which is not beside it"),
        (damage_shard_drive_of_windows, "which is not beside it"),
        (damage_shard, "which is not beside it"),
        (damage_shard_by_a_link, "is a link"),
        (damage_json, "is no model that can be loaded"),
        (damage_lambda, "has a Lambda layer"),
        (damage_weight, "there is no original to tell which is right"),
    ],
)
def test_converted_folders_that_are_wrong_are_refused(root, folders, damage, words, monkeypatch):
    monkeypatch.setattr(node, "SCRIPT", Path("none"))
    with pytest.raises(ModelError, match=words):
        adding.add("mine", Given(None, *damage(*folders)), NOTHING)
    assert list(root.iterdir()) == []


@pytest.fixture
def instant(monkeypatch, small_model):
    """Conversions that take no time: copies of the small model's."""

    def copied(folder, *, source, ends):
        """In place of ``convert_what_works``."""
        for path in small_model.iterdir():
            if path.is_dir():
                shutil.copytree(path, folder / path.name)
        shutil.copy(small_model / conversion.KERAS_FILE, folder / source)
        made = conversion._describe(folder, source, folder.name, ends, runs.CONVERSIONS)
        manifest.write(made, folder)
        return Converted(made, {})

    monkeypatch.setattr(conversion, "convert_what_works", copied)
    monkeypatch.setattr(node, "SCRIPT", Path("none"))
    return small_model / conversion.KERAS_FILE


def test_an_existing_model_is_replaced_only_when_told(root, instant, capsys):
    assert add.main(["mine", str(instant)]) == 0
    assert "not tried: TensorFlow.js is not bundled here" in capsys.readouterr().out
    assert add.main(["mine", str(instant), "--title", "New"]) == 1
    assert "There is a model named 'mine'" in capsys.readouterr().err
    assert store.manifest("mine").title == "mine"
    assert add.main(["mine", str(instant), "--title", "New", "--replace"]) == 0
    assert store.manifest("mine").title == "New"
    assert [each.name for each in root.iterdir()] == ["mine"]


def test_a_difference_in_a_required_format_is_shown_and_nothing_is_added(root, instant, capsys):
    strict = ["--atol", "0", "--require", "graph,layers"]
    assert add.main(["mine", str(instant), *strict]) == 1
    said = capsys.readouterr().err
    assert "FAILED: 1 of 2 lanes do not answer like keras @ tensorflow" in said
    assert "Not every lane of graph and layers answers like the original" in said
    assert list(root.iterdir()) == []


@pytest.fixture
def graph_is_off(instant, monkeypatch):
    """Conversions of which the graph has a wrong weight."""
    right = conversion.convert_what_works

    def wrong(folder, *, source, ends):
        converted = right(folder, source=source, ends=ends)
        path = folder / "model_graph" / "group1-shard1of1.bin"
        weights = np.frombuffer(path.read_bytes(), "<f4").copy()
        weights[len(weights) // 2] *= -1
        path.write_bytes(weights.tobytes())
        return converted

    monkeypatch.setattr(conversion, "convert_what_works", wrong)
    return instant


def test_a_model_is_added_with_one_format_that_passes_and_the_other_is_named(
    root, graph_is_off, tmp_path, capsys
):
    report = tmp_path / "out.json"
    assert add.main(["mine", str(graph_is_off), "--json", str(report)]) == 0
    said = capsys.readouterr().out
    assert "FAILED: 1 of 2 lanes do not answer like keras @ tensorflow: graph @ tensorflow." in said
    found = json.loads(report.read_text())
    assert [each["judgement"] for each in found["lanes"][:2]] == ["differs", "passed"]
    assert found["exit_code"] == 1 and store.names() == ["mine"]
    assert set(store.manifest("mine").lanes) >= {"graph", "layers"}, "bisect can look into both"


@pytest.mark.parametrize("required, code", [("layers", 0), ("graph", 1), ("graph,layers", 1)])
def test_what_is_required_has_to_pass(root, graph_is_off, required, code, capsys):
    assert add.main(["mine", str(graph_is_off), "--require", required]) == code
    assert (store.names() == ["mine"]) == (code == 0)
    said = capsys.readouterr()
    assert "graph @ tensorflow" in (said.err if code else said.out)


def test_an_unknown_format_is_a_usage_error(root, capsys):
    assert add.main(["mine", "m.h5", "--require", "graph,onnx"]) == 2
    assert "'onnx' is not one of graph, layers" in capsys.readouterr().err


def test_a_format_that_the_converter_cannot_make_is_a_line(root, instant, monkeypatch, capsys):
    right = conversion.convert_what_works

    def without_graphs(folder, *, source, ends):
        made = right(folder, source=source, ends=ends).manifest
        lanes = {form: path for form, path in made.lanes.items() if not form.startswith("graph")}
        left = Converted(replace(made, lanes=lanes), {"graph": "no such op"})
        manifest.write(left.manifest, folder)
        return left

    monkeypatch.setattr(conversion, "convert_what_works", without_graphs)
    assert add.main(["mine", str(instant)]) == 0
    text = capsys.readouterr().out
    assert (
        "graph @ tensorflow          cannot run: The converter cannot make it: no such op" in text
    )
    assert "graph" not in store.manifest("mine").lanes
    assert add.main(["other", str(instant), "--require", "graph"]) == 1


def test_the_bound_is_kept_for_the_pages(root, instant):
    added = adding.add("mine", Given(instant), NOTHING)
    kept = store.manifest("mine").rounding
    assert kept == Rounding("softmax", added.verification.judgements[0].bound)
    assert 1e-7 < kept.bound < 1e-3


def test_a_failed_replacement_leaves_the_old_model(root, instant, monkeypatch):
    adding.add("mine", Given(instant), NOTHING, title="Old")
    for failing in (ModelError("no"), KeyboardInterrupt()):

        def fails(*_, **__):
            raise failing  # noqa: B023

        monkeypatch.setattr(conversion, "convert_what_works", fails)
        with pytest.raises(type(failing)):
            adding.add("mine", Given(instant), NOTHING, replace_old=True)
        assert store.manifest("mine").title == "Old"
        assert [each.name for each in root.iterdir()] == ["mine"]


@pytest.fixture
def no_variable(tmp_path, monkeypatch):
    """A folder like ``models/``, with a package of code; no variable names another folder."""
    monkeypatch.delenv(store.VARIABLE, raising=False)
    monkeypatch.setattr(store, "ADDED", tmp_path / "models" / "added")
    monkeypatch.setattr(store, "_BESIDE_CODE", tmp_path / "models")
    (tmp_path / "models" / "digit").mkdir(parents=True)
    (tmp_path / "models" / "digit" / "__init__.py").touch()
    return tmp_path / "models"


@pytest.mark.parametrize("name", ["digit", "added", "verify", "mnist2"])
def test_no_package_is_in_the_way_of_a_name(no_variable, instant, name):
    added = adding.add(name, Given(instant), NOTHING)
    assert added.folder == no_variable / "added" / name == store.folder(name)
    assert {each.name for each in no_variable.iterdir()} == {"digit", "added"}
    assert [each.name for each in (no_variable / "digit").iterdir()] == ["__init__.py"]


@pytest.mark.parametrize("name, left", [("mine", []), ("digit", ["__init__.py", "model_graph"])])
def test_an_older_versions_model_is_replaced_only_when_told(no_variable, instant, name, left):
    """A model beside the code is removed, but code of the same name stays."""
    folders = no_variable / name / "model_graph"
    folders.mkdir(parents=True)
    shutil.copy(instant.parent / manifest.NAME, no_variable / name)
    with pytest.raises(ModelError, match=f"There is a model named '{name}'"):
        adding.add(name, Given(instant), NOTHING)
    assert store.folder(name) == no_variable / name
    adding.add(name, Given(instant), NOTHING, title="New", replace_old=True)
    assert store.manifest(name).title == "New" and store.names() == [name]
    assert store.folder(name) == no_variable / "added" / name
    assert sorted(each.name for each in (no_variable / name).glob("*")) == left


def test_an_older_versions_model_named_added_is_replaced_and_the_others_stay(no_variable, instant):
    (no_variable / "added").mkdir()
    shutil.copy(instant.parent / manifest.NAME, no_variable / "added")
    adding.add("other", Given(instant), NOTHING)
    adding.add("added", Given(instant), NOTHING, title="New", replace_old=True)
    assert store.names() == ["added", "other"] and store.manifest("added").title == "New"
    assert store.folder("added") == no_variable / "added" / "added"


def test_a_folder_that_is_no_model_is_never_replaced(no_variable, instant):
    """Not even where an older version's model of that name lies beside the code."""
    for folder in (no_variable / "mine", no_variable / "added" / "mine"):
        folder.mkdir(parents=True)
    shutil.copy(instant.parent / manifest.NAME, no_variable / "mine")
    (no_variable / "added" / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(ModelError, match="is no model"):
        adding.add("mine", Given(instant), NOTHING, replace_old=True)
    assert (no_variable / "added" / "mine" / "notes.txt").read_text() == "mine"


def test_a_replaced_model_outlives_an_interruption(root, instant, monkeypatch):
    adding.add("mine", Given(instant), NOTHING, title="Old")
    rename = Path.rename

    def interrupted(path, target):
        if path.name == "mine" and path.parent != root:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        adding.add("mine", Given(instant), NOTHING, title="New", replace_old=True)
    assert store.manifest("mine").title == "Old"


def test_an_older_versions_model_stays_when_its_replacement_fails(no_variable, instant):
    (no_variable / "mine").mkdir()
    shutil.copy(instant.parent / manifest.NAME, no_variable / "mine")
    with pytest.raises(ModelError, match="has 10 classes"):
        adding.add("mine", Given(instant), Wanted(classes=("a",)), replace_old=True)
    assert store.folder("mine") == no_variable / "mine"


def test_an_older_versions_link_is_replaced_and_what_it_leads_to_stays(
    no_variable, instant, tmp_path
):
    shared = tmp_path / "shared"
    shared.mkdir()
    shutil.copy(instant.parent / manifest.NAME, shared)
    (no_variable / "mine").symlink_to(shared)
    adding.add("mine", Given(instant), NOTHING, replace_old=True)
    assert not (no_variable / "mine").exists() and (shared / manifest.NAME).is_file()


def test_a_model_may_be_named_old(root, instant):
    adding.add("old", Given(instant), NOTHING)
    adding.add("old", Given(instant), NOTHING, title="New", replace_old=True)
    assert store.manifest("old").title == "New" and [each.name for each in root.iterdir()] == [
        "old"
    ]


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden", "a b", "mnist", "MNIST", "taken"])
def test_an_invalid_name_is_refused(root, name, tmp_path):
    (root / "taken").mkdir()
    with pytest.raises(ModelError, match=r"no name for a model|ships|is no model"):
        adding.add(name, Given(tmp_path), NOTHING)
    assert [each.name for each in root.iterdir()] == ["taken"]


@pytest.mark.parametrize("classes", [["a"], ["a"] * 10, [*"abcdefghi", " "]])
def test_names_that_do_not_fit_the_classes_are_refused(root, classes, instant):
    with pytest.raises(ModelError, match="has 10 classes"):
        adding.add("mine", Given(instant), Wanted(classes=tuple(classes)))


@pytest.mark.parametrize(("outputs", "classes"), [(1, 2), (101, 101)])
def test_a_model_has_as_many_classes_as_pages_can_show_of_its_outputs(
    root, tmp_path, monkeypatch, outputs, classes
):
    from tf_keras import Sequential, layers

    monkeypatch.setattr(node, "SCRIPT", Path("none"))
    path = tmp_path / "model.h5"
    last = layers.Dense(outputs, "sigmoid")
    Sequential([layers.Input((28, 28, 1)), layers.Flatten(), last]).save(path)
    adding.add("mine", Given(path), NOTHING)
    found = store.manifest("mine")
    assert (found.answers, len(found.classes)) == ("sigmoid", classes)


def test_a_model_that_is_being_added_is_not_offered(root, instant, monkeypatch):
    seen = []
    judged = judging.judged
    monkeypatch.setattr(
        judging,
        "judged",
        lambda *all_, **named: seen.append(store.names()) or judged(*all_, **named),
    )
    adding.add("mine", Given(instant), NOTHING)
    assert seen == [[]] and store.names() == ["mine"]


@pytest.mark.parametrize(
    "arguments",
    [[], ["x"], ["x", "m.h5", "--scale", "2", "--range", "0..2"]],
)
def test_a_usage_error_exits_2(arguments):
    assert add.main(arguments) == 2


@pytest.mark.parametrize("scale", ["0", "-1", "nan", "many"])
def test_an_invalid_scale_exits_2(scale):
    assert add.main(["x", "m.h5", "--scale", scale]) == 2
