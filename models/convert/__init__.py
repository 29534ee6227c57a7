"""``python -m models.convert``: from a Keras file to both TensorFlow.js formats."""
