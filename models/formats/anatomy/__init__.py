"""What is inside a stored model, read from its files alone: no TensorFlow is needed.

A Keras .h5 and a layers model consist of layers, a graph model of operations; ``match``
says which operation computes which layer, ``compare_weights`` whether both hold the same numbers.
"""

from models.formats.anatomy.feeds import feeds, is_input
from models.formats.anatomy.graph import read_graph
from models.formats.anatomy.layers import read_keras, read_layers
from models.formats.anatomy.match import Match, Matching, match
from models.formats.anatomy.numbers import Numbers, compare_numbers
from models.formats.anatomy.pairing import Pairing, pair
from models.formats.anatomy.parts import Anatomy, Part
from models.formats.anatomy.reader import read
from models.formats.anatomy.sizes import FileSize, Size, size
from models.formats.anatomy.weight_comparison import Stored, compare_weights
from models.formats.model_json import Weight

__all__ = [
    "Anatomy",
    "FileSize",
    "Match",
    "Matching",
    "Numbers",
    "Pairing",
    "Part",
    "Size",
    "Stored",
    "Weight",
    "compare_numbers",
    "compare_weights",
    "feeds",
    "is_input",
    "match",
    "pair",
    "read",
    "read_graph",
    "read_keras",
    "read_layers",
    "size",
]
