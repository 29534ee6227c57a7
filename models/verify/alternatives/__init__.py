"""``digit-parity alternatives``: the same original on LiteRT.js and on ONNX Runtime Web."""
