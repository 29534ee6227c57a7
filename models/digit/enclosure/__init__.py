"""What encloses the writing is not ink: a frame, a page around a canvas, the table under a sheet.

A threshold parts a picture into light and dark components. One of either kind is a *paper* if it is
solid, nearly a rectangle or an ellipse at any angle, and has writing of the other kind in it. Of
papers in each other, the inmost is meant. What lies around it is replaced by more of the paper; of
several papers beside each other, each is a picture of its own.

SciPy is imported only for pictures: drawings do not need it.
"""

from models.digit.enclosure.inside import Inside, inside, of_ink

__all__ = ["Inside", "inside", "of_ink"]
