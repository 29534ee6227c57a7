"""A picture becomes the same tensor in Python and in the browser, value for value."""

from __future__ import annotations

import itertools
import json
import math
import subprocess
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.formats import model_input
from models.formats.model_input import Input
from models.tfjs import bundle

MODULE = bundle.PACKAGE / "src" / "picture_input.js"
SCRIPT = f"""
    import {{ readFileSync }} from 'node:fs';
    import {{ modelValues }} from {json.dumps(MODULE.as_uri())};
    const made = JSON.parse(readFileSync(0, 'utf8')).map(({{ input, pictures }}) => [
      ...modelValues(input, Float32Array.from(pictures)),
    ]);
    process.stdout.write(JSON.stringify(made));
"""
SHAPES = {
    "HWC": [(4, 5, 1), (4, 5, 3), (4, 5, 4)],
    "CHW": [(1, 4, 5), (3, 4, 5), (4, 4, 5)],
    "HW": [(4, 5)],
    "flat": [(25,), (45,), (60,)],
}
# One number for all channels, or one a channel: none is exact in float32.
NUMBERS = {
    1: [((1.0,), (0.0,)), ((255.0,), (0.0,)), ((1 / 127.5,), (-0.3,))],
    3: [((1 / 0.229, 1 / 0.224, 1 / 0.225), (-0.485 / 0.229, -0.456 / 0.224, 0.0))],
    4: [((0.1, 0.2, 0.3, 1.0), (0.0,)), ((-1.0,), (1e-3, 0.0, 7.7, 0.1))],
}


def in_javascript(cases: list[tuple[Input, NDArray[np.float32]]]) -> list[NDArray[np.float32]]:
    given: list[dict[str, Any]] = [
        {"input": each.stored(), "pictures": pictures.ravel().tolist()} for each, pictures in cases
    ]
    run = subprocess.run(
        [bundle.node(), "--input-type=module", "--eval", SCRIPT],
        input=json.dumps(given),
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return [np.array(values, np.float32) for values in json.loads(run.stdout)]


def test_every_layout_order_and_range_is_the_same_in_javascript() -> None:
    random = np.random.default_rng(5)
    cases = []
    for layout, shapes in SHAPES.items():
        for shape, order in itertools.product(shapes, ("rgb", "bgr")):
            sides = (3, 5, shape[0] // 15) if shape in ((45,), (60,)) else ()
            plain = Input(shape, layout=layout, order=order, framing="none", flattened=sides)
            for scale, offset in [
                *NUMBERS[1],
                *(NUMBERS[plain.channels] if plain.channels > 1 else []),
            ]:
                given = model_input.checked(replace(plain, scale=scale, offset=offset))
                pictures = random.random((2, *given.picture), np.float32)
                pictures.flat[:2] = 0, 1
                cases.append((given, pictures))
    assert len(cases) > 50
    for (given, pictures), found in zip(cases, in_javascript(cases), strict=True):
        expected = given.tensor(pictures)
        assert found.size == 2 * math.prod(given.shape)
        np.testing.assert_array_equal(found, expected.ravel(), err_msg=str(given))
