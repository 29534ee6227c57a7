"""What executes a model: TensorFlow, LiteRT, TensorFlow.js in Node."""
