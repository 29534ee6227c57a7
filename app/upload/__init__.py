"""The Upload page: a labelled set through every lane."""
