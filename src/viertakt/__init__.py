"""Viertakt: one status engine for every operation of a back office."""
