"""Files are read in a process of their own, which may die without taking anything along.

``reader.read_files`` is this side; ``__main__`` is that process; ``wire`` is what they say to each
other. ``turns`` lets one set at a time be read, and ``os_limits`` ends what takes too much.
"""
