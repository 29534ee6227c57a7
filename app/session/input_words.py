"""What a model takes, in words: for the picker, and beside the very input that it is given."""

from __future__ import annotations

from models.formats.model_input import Input

_COLOURS = {1: "grey", 3: "colour", 4: "colour with transparency"}
_FITS = {
    "stretch": "stretched to this size",
    "cover": "cut to its middle",
    "contain": "with a margin around it",
}


def size(taken: Input) -> str:
    """``224×224``. Other sizes are named, as shapes have the height first and screens the width."""
    height, width = taken.size
    return f"{height}×{width}" if height == width else f"{height} high × {width} wide"


def short(taken: Input) -> str:
    """``224×224 colour``."""
    return f"{size(taken)} {_COLOURS[taken.channels]}"


def sentence(taken: Input) -> str:
    """What every version is given, and what became of the picture on the way."""
    if taken.is_digit:
        return (
            "What every version is given: these 28×28 pixels, redrawn at one pen width and framed "
            "as MNIST frames digits."
        )
    how = _FITS[taken.fit] + ("" if taken.framing == "none" else ", framed as MNIST frames digits")
    order = ", blue first" if taken.order == "bgr" else ""
    return f"What every version is given: {short(taken)}{order}, {how}, values {values(taken)}."


def values(taken: Input) -> str:
    """The range that the pixels have as the model is given them: ``−1…1``."""
    ranges = {(round(min(a, a + b), 3), round(max(a, a + b), 3)) for a, b in _channels(taken)}
    return ", ".join(f"{_number(low)}…{_number(high)}" for low, high in sorted(ranges))


def _channels(taken: Input) -> list[tuple[float, float]]:
    """What black becomes, and how far white is from that, for each channel."""
    count = max(len(taken.scale), len(taken.offset))
    scales = taken.scale if len(taken.scale) > 1 else taken.scale * count
    offsets = taken.offset if len(taken.offset) > 1 else taken.offset * count
    return list(zip(offsets, scales, strict=True))


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "\N{MINUS SIGN}")
