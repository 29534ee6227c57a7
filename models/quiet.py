"""TensorFlow without its chatter: a command's standard error is for the person who runs it."""

from __future__ import annotations

import logging
import os
import warnings


def quiet() -> None:
    """Call before TensorFlow is imported. What the environment already says stays."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
    warnings.filterwarnings("ignore", message="You are saving your model as an HDF5 file")
