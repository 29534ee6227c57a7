"""Folders: where what is kept lies, and how one is written whole or not at all."""
