# Parsed JSON is Any, and narrowing it by its type leaves the types of its elements open:
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false
"""pydantic models as arguments and results: checked by pydantic, strictly and by alias."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pydantic

from reactor.errors import SchemaError
from reactor.values.display import at, shown
from reactor.values.json import to_json
from reactor.values.scalars import Mismatch, Read, Tables, Validator, Write, special
from reactor.values.validators import VField, VObject

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class VModel(Validator):
    """A pydantic model.

    Args:
        model: the model class.
        convert: turns a field's annotation into a validator, for the exported form.
    """

    model: type[pydantic.BaseModel]
    convert: Callable[[Any], Validator]

    def reader(self, tables: Tables) -> Read:
        validate = self.model.model_validate

        def read(value: Any) -> Any:
            try:
                return validate(_whole_numbers(special(value)), strict=True, by_alias=True)
            except pydantic.ValidationError:
                raise Mismatch from None

        return read

    def writer(self, tables: Tables) -> Write:
        model = self.model

        def write(value: Any) -> Any:
            if not isinstance(value, model):
                raise Mismatch
            return to_json(value.model_dump(by_alias=True))

        return write

    def export(self) -> dict[str, Any]:
        return self._shape().export()

    def text(self) -> str:
        return self._shape().text()

    def problem(self, value: Any, path: str, tables: Tables) -> str | None:
        try:
            self.model.model_validate(_whole_numbers(special(value)), strict=True, by_alias=True)
        except Mismatch:
            return f"Value is not a Convex value.\n{at(path)}\nValue: {shown(value)}"
        except pydantic.ValidationError as error:
            first = error.errors()[0]
            where = path + "".join(
                f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]
            )
            return f"{first['msg']}.\n{at(where)}\nValue: {shown(first['input'])}"
        return None

    def _shape(self) -> VObject:
        fields = []
        for name, info in self.model.model_fields.items():
            try:
                validator = self.convert(info.annotation)
            except SchemaError as error:
                raise SchemaError(f"{self.model.__name__}.{name}: {error}") from error
            fields.append(VField(name, info.alias or name, validator, not info.is_required()))
        return VObject(tuple(fields))


def _whole_numbers(value: Any) -> Any:
    """Whole floats as ints, which strict pydantic takes for both of its number types."""
    if type(value) is float and value.is_integer():
        return int(value)
    if type(value) is list:
        return [_whole_numbers(item) for item in value]
    if type(value) is dict:
        return {key: _whole_numbers(item) for key, item in value.items()}
    return value
