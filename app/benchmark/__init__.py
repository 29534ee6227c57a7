"""The Benchmark page: what each lane costs."""
