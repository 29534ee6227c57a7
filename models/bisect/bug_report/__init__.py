"""From "differs" to a bug report: one operation, cut small, in one file that runs it by itself."""
