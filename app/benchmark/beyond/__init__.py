"""Other runtimes than TensorFlow.js on the visitor's device, where the operator fetched them."""
