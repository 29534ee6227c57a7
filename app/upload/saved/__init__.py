"""Reports of test sets that the page opens again: a visitor's file, and the example's."""
