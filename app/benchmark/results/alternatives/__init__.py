"""What was measured of other runtimes than TensorFlow.js."""
