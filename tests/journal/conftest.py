"""A back office with its history, and a sequencer over it."""

from tests.operations.conftest import house

__all__ = ["house"]
