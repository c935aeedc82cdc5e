"""Time training steps against alternatives, for `infomorphic bench`."""

from infomorphic.bench.benchmark import Benchmark, benchmark

__all__ = ["Benchmark", "benchmark"]
