"""How far lanes agree, how well they read, and how long they take."""
