"""What the benchmarks compare us with. The app uses none of it."""
