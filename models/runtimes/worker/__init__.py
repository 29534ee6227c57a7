"""The TensorFlow process: its client, the child process, the messages between them."""

BEGIN = b"\n"  # what the waiting process reads when it is to load TensorFlow
