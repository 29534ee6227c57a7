"""What the components of all pages share: their Python half, TensorFlow.js, checked values."""
