"""The Benchmark page's results: the measured times."""
