"""The TensorFlow process: its client, the child process, the messages between them."""

BEGIN = b"\n"  # tells the waiting process to load TensorFlow
