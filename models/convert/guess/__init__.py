"""What a model takes and gives, as far as nobody says it: guesses, each said with its option."""

from models.convert.guess.output import guess as answers
from models.convert.guess.output import names
from models.convert.guess.picture import guess as input
from models.convert.guess.picture import sized
from models.convert.guess.whole import Guessed, model
from models.formats.labels import Facts

__all__ = ["Facts", "Guessed", "answers", "input", "model", "names", "sized"]
