"""What other runtimes than TensorFlow.js need of a model: their files, made of its original."""
