"""The readers, one a kind of file, and ``choose``, which picks one for a file."""
