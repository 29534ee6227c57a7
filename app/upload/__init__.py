"""The Upload page: a labelled test set through every lane."""
