"""YAML as people write it by hand, read as text alone: no types to guess, no tags, no references, no repeated keys."""

from collections.abc import Hashable
from typing import Any, Final

import yaml

from access.errors import ScenarioError

LARGEST_BYTES: Final = 1_000_000


class _Plain(yaml.BaseLoader):
    """Every value is text, so that a ZIP of 05401, the day "on" and the state NO stay what was written."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="it refers to another part (*)", problem_mark=event.start_mark)
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "tag", None):
            raise yaml.MarkedYAMLError(problem="it has a tag (!)", problem_mark=event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for at, key in enumerate(keys):
            if not isinstance(key, str) or key in keys[:at]:
                raise yaml.MarkedYAMLError(
                    problem=f"the key '{key}' is there twice or is not text", problem_mark=node.value[at][0].start_mark
                )
        return super().construct_mapping(node, deep)


def read_yaml(text: str, where: str) -> Any:
    """Mappings, lists and text.

    Raises
    ------
    ScenarioError
        Not YAML, too large or too deep, or more than plain YAML; says where.
    """
    if len(text.encode("utf-8", "replace")) > LARGEST_BYTES:
        raise ScenarioError(f"{where} is larger than {LARGEST_BYTES:,} bytes. That is no scenario; name another file.")
    try:
        return yaml.load(text, Loader=_Plain)
    except yaml.MarkedYAMLError as failure:
        mark = failure.problem_mark or failure.context_mark
        line = f" line {mark.line + 1}:" if mark else ""
        raise ScenarioError(f"{where}:{line} {failure.problem}. Correct it: plain YAML is enough.") from None
    except (yaml.YAMLError, RecursionError) as failure:
        why = "it is too deep" if isinstance(failure, RecursionError) else str(failure).splitlines()[0]
        raise ScenarioError(f"{where} is not a readable YAML file ({why}). Correct it.") from None


def write_yaml(content: dict[str, Any]) -> str:
    """The text of a mapping, in its order, which `read_yaml` reads back."""
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)
