"""What the pack costs every preview, as ratios to what stands beside it. `python -m benchmarks`; docs/cost.md."""
