"""A back office with its history."""

from tests.operations.conftest import house

__all__ = ["house"]
