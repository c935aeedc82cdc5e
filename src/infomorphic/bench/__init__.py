"""Training steps timed against other ways to take them: what `infomorphic bench` prints."""

from infomorphic.bench.benchmark import Benchmark, benchmark

__all__ = ["Benchmark", "benchmark"]
