"""What the benchmarks measure ours against, and the app never uses."""
