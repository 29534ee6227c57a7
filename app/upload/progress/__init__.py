"""How far it is: while files are read, and while a set runs."""
