"""Models of either Keras: loading, calling and running them step by step, also in float64."""
