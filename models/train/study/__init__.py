"""What made the shipped model and its card, run by hand when a new model is trained.

Neither the app nor any other command imports it, and its own requirements.txt lists what it needs.
"""
