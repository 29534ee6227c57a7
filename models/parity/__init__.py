"""How far lanes agree, how accurate they are, and how long they take."""
