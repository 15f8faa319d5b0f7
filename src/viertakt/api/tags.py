"""Tags on the wire: what is put on an operation and taken off it."""

from typing import Annotated

import msgspec
from msgspec import Meta

from viertakt.api.replies import Entry
from viertakt.api.wire import Identifier

Tags = Annotated[tuple[Identifier, ...], Meta(max_length=50, examples=[["vip"]])]


class ChangeTags(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Tags to put on and to take off; what is so already stays so."""

    add: Tags = ()
    remove: Tags = ()


class TagsChanged(msgspec.Struct, frozen=True):
    """Tags that are put on, and taken off."""

    add: tuple[str, ...]
    remove: tuple[str, ...]


class TagResult(msgspec.Struct, frozen=True):
    """An operation's tags as they are now, and the entry that told so; none where nothing changed."""

    tags: tuple[str, ...]
    entry: Entry | None
