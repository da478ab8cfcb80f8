"""Commands that are known by name and one line of help, and loaded when they run: so `--help` costs little."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

import access


@dataclass(frozen=True)
class CommandPlace:
    """Where a command stands ("access.cli.find:find": a function, or the Typer object of a group), and its help in
    the list of commands.
    """

    place: str
    help: str


class CommandOnDemand(TyperCommand):
    """Stands for a command in the list; whatever is asked of the command itself is asked of the real one."""

    def __init__(self, name: str, stands_at: CommandPlace) -> None:
        super().__init__(name, help=stands_at.help, callback=None)
        self.stands_at = stands_at

    def make_context(self, info_name: str | None, args: list[str], *others: Any, **extra: Any) -> Any:
        """The context of the real command, which is loaded now."""
        return load_command(str(self.name), self.stands_at).make_context(info_name, args, *others, **extra)


def load_command(name: str, stands_at: CommandPlace) -> Any:
    """The real command, or group of commands."""
    module, _, attribute = stands_at.place.partition(":")
    found = getattr(import_module(module), attribute)
    if not isinstance(found, typer.Typer):
        single = typer.Typer(add_completion=False)
        single.command(name)(found)
        return typer.main.get_command(single)
    group = typer.main.get_group(found)
    group.help = stands_at.help
    group.name = name
    return group


def group_on_demand(commands: Mapping[str, CommandPlace]) -> type[TyperGroup]:
    """A class of group, for `typer.Typer(cls=...)`, whose commands are loaded when they run."""

    class GroupOnDemand(TyperGroup):
        def __init__(self, **attributes: Any) -> None:
            super().__init__(**attributes)
            self.commands = {name: CommandOnDemand(name, place) for name, place in commands.items()}

    return GroupOnDemand


def app_on_demand(
    commands: Mapping[str, CommandPlace], *, help: str | None = None, is_root: bool = False
) -> typer.Typer:
    """A Typer object with these commands; it shows its help where none is named. The root one also tells the version
    and installs the completion of the shell.
    """
    app = typer.Typer(
        cls=group_on_demand(commands),
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=is_root,
        help=help,
    )
    # Without a callback Typer makes no group of it.
    app.callback()(_take_options if is_root else lambda: None)
    return app


def _show_version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"trd-access {access.__version__}\n")
        raise typer.Exit


def _take_options(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    pass
