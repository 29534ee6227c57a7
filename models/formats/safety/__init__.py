"""What may be loaded. Every loader asks here first, for all files of a model.

A model's description can name code, a graph can have operations that write files, and a file can
claim sizes that nobody has. Nothing here loads anything: descriptions are parsed, names are looked
up in lists of what is allowed, and sizes are compared with the files'.
"""

from models.formats.safety.check import Looked, check, check_files, check_model
from models.formats.safety.keras_files import code_in_layers

__all__ = ["Looked", "check", "check_files", "check_model", "code_in_layers"]
