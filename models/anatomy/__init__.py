"""What is inside a stored model, read from its files alone: no TensorFlow is needed.

A Keras .h5 and a layers model come apart into layers, a graph model into operations; ``match``
says which operation computes which layer, ``compare_weights`` whether both hold the same numbers.
"""

from models.anatomy.graph import read_graph
from models.anatomy.layers import read_keras, read_layers
from models.anatomy.match import Match, Matching, match
from models.anatomy.numbers import Stored, compare_weights
from models.anatomy.open import read
from models.anatomy.pairing import Pairing, pair
from models.anatomy.parts import Anatomy, Part, Weight
from models.anatomy.sizes import FileSize, Size, size

__all__ = [
    "Anatomy",
    "FileSize",
    "Match",
    "Matching",
    "Pairing",
    "Part",
    "Size",
    "Stored",
    "Weight",
    "compare_weights",
    "match",
    "pair",
    "read",
    "read_graph",
    "read_keras",
    "read_layers",
    "size",
]
