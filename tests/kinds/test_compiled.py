"""The built-in kinds as compiled JSON: the same as the YAML, and used only while it is of that YAML."""

import msgspec

from viertakt.kinds.actions import builtin_kinds, read_kinds
from viertakt.kinds.compiled import builtin_texts, compiled_catalogue, compiled_kinds, part, read, write
from viertakt.kinds.document import digest
from viertakt.kinds.reasons import CATALOGUE_FILE, Catalogue, load_catalogue, read_catalogue


def test_what_is_compiled_is_what_the_yaml_says() -> None:
    """Nobody reads the JSON: it must not be able to say anything else, the order of stages included."""
    texts = builtin_texts()
    kinds = compiled_kinds()
    assert kinds is not None, "run `make gen`"
    read_now = read_kinds(texts)
    assert list(kinds) == list(read_now)
    assert [digest(kind) for kind in kinds.values()] == [digest(kind) for kind in read_now.values()]
    assert kinds == read_now == builtin_kinds()
    assert compiled_catalogue(Catalogue) == read_catalogue(texts[CATALOGUE_FILE]) == load_catalogue()


def test_an_edited_kind_leaves_the_compiled_one_aside() -> None:
    """Whoever changes a time limit and starts again must not meet the old one."""
    texts = builtin_texts()
    content = write(texts, builtin_kinds(), load_catalogue()).encode()
    assert read(content, texts) is not None
    assert read(content, {**texts, "deposit.yaml": texts["deposit.yaml"].replace("PT24H", "PT12H")}) is None
    assert read(content, {**texts, "new.yaml": texts["deposit.yaml"]}) is None


def test_a_file_that_cannot_be_read_is_left_aside() -> None:
    """After a merge it may hold both sides; the YAML still says what holds."""
    assert read(b"<<<<<<< HEAD\n{}", builtin_texts()) is None
    assert part(msgspec.Raw(b'{"deposit": {"colour": "red"}}'), Catalogue) is None
