"""Runtimes that execute a model: TensorFlow, LiteRT, TensorFlow.js in Node."""
