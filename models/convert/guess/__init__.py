"""What a model takes and gives, as far as nobody says it: guesses, each said with its option."""
