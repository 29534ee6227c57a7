"""What the Benchmark page shows of the measured times."""
