"""What TensorFlow.js and its converter are known to do with some models, looked up in a table.

A row says what in the model, in which format, on which backends, what happens, the way out and a
public reference. It predicts from a model's file alone, and explains a lane that failed.
"""

from __future__ import annotations

from models.parity.known_limits.limit import Limit, Prediction
from models.parity.known_limits.prediction import LIMITS, explain, formats_of, predict

__all__ = ["LIMITS", "Limit", "Prediction", "explain", "formats_of", "predict"]
