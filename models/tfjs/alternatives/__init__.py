"""LiteRT.js and ONNX Runtime Web: what else a page can run a model with, for who asks for them."""
