"""What the Draw page tells Streamlit of what it shows, which is untrusted input."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qsl

from app.frontend import lane_wire, report_values
from app.session.visit import Visit
from models.digit import fabric_drawing
from models.digit.digit import from_levels
from models.errors import InputError
from models.formats.manifest import Manifest
from models.lanes import BACKENDS

MAX_LABEL = 100  # characters
MAX_QUERY = 4_000
MAX_STROKES = 1_000
MAX_BYTES = 512 * 1024  # of strokes in JSON: the most points that are read


def parse(raw: Any, manifest: Manifest) -> Visit:
    """Check what the browser sent. Raises InputError."""
    try:
        if raw["model"] != manifest.name:
            raise ValueError("another model")
        asked, backend = raw["asked"], raw["backend"]
        if asked not in ("auto", *BACKENDS) or backend not in (None, *BACKENDS):
            raise ValueError("an unknown backend")
        weights = raw.get("weights", "float32")
        if weights not in lane_wire.kinds(manifest):
            raise ValueError("weights that the model does not have")
        strokes = report_values.listed(raw["strokes"], MAX_STROKES)
        if len(json.dumps(strokes)) > MAX_BYTES:  # they are kept, whatever is in them
            raise ValueError("strokes of too many bytes")
        fabric_drawing.strokes({"objects": strokes})
        digit = None
        if raw["levels"] is not None:
            levels = base64.b64decode(raw["levels"], validate=True)
            digit = from_levels(levels, manifest.pictures().picture)
        label = report_values.text(raw["label"])[:MAX_LABEL]
        query = report_values.text(raw["query"], MAX_QUERY)
        params = tuple(
            parse_qsl(query.removeprefix("?"), keep_blank_values=True, max_num_fields=20)
        )
        return Visit(digit, label, strokes, asked, backend, tuple(params), weights)
    except (InputError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"The page sent what cannot be read: {str(error)[:200]}.") from error
