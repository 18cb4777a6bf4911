"""What all sections share: they are frozen, checked as a whole, and print themselves without their secrets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from msgspec import Struct

from tui_live.config.rules import Secret
from tui_live.config.secrets import MASK, without_credentials


class Section(Struct, frozen=True):
    """Base of every part of the configuration."""

    @classmethod
    def spelled(cls, value: object) -> object:
        """``value`` as a mapping of this struct's fields, where an operator may write it shorter."""
        return value

    def plain(self) -> object:
        """As an operator writes it in YAML: settings by name."""
        return {name: getattr(self, name) for name in self.__struct_fields__}

    def checked(self) -> str:
        """What the settings must be when taken together, where they are not; else nothing."""
        return ""

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={_shown(self, name)}" for name in self.__struct_fields__)
        return f"{type(self).__name__}({shown})"

    def __rich_repr__(self) -> Any:
        for name in self.__struct_fields__:
            yield name, MASK if getattr(self, name) and is_secret(type(self), name) else getattr(self, name)


@cache
def hints(section: type[Section]) -> Mapping[str, Any]:
    """Annotation of each setting of a section, rules included."""
    return get_type_hints(section, include_extras=True)


def is_secret(section: type[Section], name: str) -> bool:
    """Whether this setting may not be shown."""
    hint = hints(section)[name]
    return get_origin(hint) is Annotated and any(isinstance(extra, Secret) for extra in get_args(hint)[1:])


def _shown(section: Section, name: str) -> str:
    value = getattr(section, name)
    if value and is_secret(type(section), name):
        return repr(MASK)
    return without_credentials(repr(value))
