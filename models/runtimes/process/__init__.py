"""The process in which a model runs: its log, its processors, its imports, its end."""
