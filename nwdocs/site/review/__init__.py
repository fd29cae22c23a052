"""What a person runs to judge a change: comparisons of figures and sites, benchmarks."""
