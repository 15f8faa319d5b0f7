"""`operations children`: what stands under an operation."""

from viertakt.cli import flags
from viertakt.cli.operations import Name, acting, called
from viertakt.cli.work import operations

__all__ = ["operations"]


@operations.command()
def children(name: Name, *, data: flags.Data = None, as_json: flags.Json = False) -> None:
    """The operations under one, with theirs."""
    from viertakt.cli.output import print_json, print_table, talk
    from viertakt.cli.place import application, settings_of
    from viertakt.operations.families import read_tree

    with application(settings_of(data=data)) as running:
        parent, reader = called(running, name), acting(running)
        tree = running.call(lambda conn: read_tree(conn, parent.id, reader=reader))
    if as_json:
        print_json({"items": tree.children, "partial": tree.partial})
        return
    print_table(
        ["REFERENCE", "KIND", "STAGE", "STATUS", "ID"],
        [
            (
                f"{'  ' * (one.depth - 1)}{one.operation.reference}",
                one.operation.kind,
                one.operation.stage,
                one.operation.status,
                one.operation.id,
            )
            for one in tree.children
        ],
    )
    if tree.partial:
        talk("There are more than are shown.")
