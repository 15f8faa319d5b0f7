"""The error tree and the one table that gives each error its HTTP status."""

import inspect

import pytest

from viertakt import errors


def tree() -> list[type[errors.ViertaktError]]:
    """Every error class of errors.py."""
    classes = [value for _, value in inspect.getmembers(errors, inspect.isclass)]
    return [value for value in classes if issubclass(value, errors.ViertaktError)]


def test_every_error_has_a_code_of_its_own() -> None:
    """A client decides by the code; two errors with one code would be one."""
    codes = [cls.code for cls in tree()]
    assert sorted(codes) == sorted(set(codes))


def test_every_error_is_drawn_in_the_docstring() -> None:
    """The tree at the top is what a reader learns the errors from."""
    assert errors.__doc__ is not None
    assert [cls.__name__ for cls in tree() if cls.__name__ not in errors.__doc__] == []


@pytest.mark.parametrize("cls", tree(), ids=lambda cls: cls.__name__)
def test_every_error_has_an_http_status(cls: type[errors.ViertaktError]) -> None:
    """A refusal without a status would leave the server as a 500, which says that we are broken."""
    from viertakt.api.problems import STATUS

    assert 400 <= STATUS[cls.code] <= 503
