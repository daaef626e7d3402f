"""Reproducible benchmarks; each folder runs alone with ``python -m bench.<folder>``."""
