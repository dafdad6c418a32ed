"""pydantic models as arguments and results."""

from __future__ import annotations

from typing import Any

import pydantic
import pytest

from reactor.errors import SchemaError
from reactor.schema.models import VModel
from reactor.schema.shapes import validator_of
from reactor.values.scalars import Mismatch


class Address(pydantic.BaseModel):
    city: str
    postal_code: int = pydantic.Field(alias="postalCode")
    ratio: float = 0.5


def model() -> VModel:
    found = validator_of(Address, "test")
    assert isinstance(found, VModel)
    return found


def test_numbers_of_the_wire_fit_int_and_float() -> None:
    """Every JSON number is a float on our wire; a whole one must still fit an int."""
    read = model().reader({})({"city": "Bogor", "postalCode": 16111.0, "ratio": 2.0})
    assert read == Address(city="Bogor", postalCode=16111, ratio=2.0)


@pytest.mark.parametrize(
    "value",
    [
        {"city": "Bogor", "postalCode": "16111"},
        {"city": 5.0, "postalCode": 1.0},
        {"city": "Bogor", "postalCode": 1.5},
        {"city": "Bogor"},
        {"$strange": 1},
        [],
    ],
)
def test_nothing_is_coerced(value: Any) -> None:
    with pytest.raises(Mismatch):
        model().reader({})(value)
    assert model().problem(value, "", {}) is not None


def test_the_problem_names_the_field() -> None:
    problem = model().problem({"city": "Bogor", "postalCode": "x"}, ".to", {})
    assert problem is not None
    assert "Path: .to.postalCode" in problem


def test_what_fits_has_no_problem() -> None:
    assert model().problem({"city": "Bogor", "postalCode": 1.0}, "", {}) is None


def test_results_go_out_by_alias() -> None:
    write = model().writer({})
    assert write(Address(city="Bogor", postalCode=1)) == {
        "city": "Bogor",
        "postalCode": 1.0,
        "ratio": 0.5,
    }
    with pytest.raises(Mismatch):
        write({"city": "Bogor"})


def test_the_exported_form_is_an_object() -> None:
    exported = model().export()
    assert exported["type"] == "object"
    assert exported["value"]["postalCode"] == {"fieldType": {"type": "number"}, "optional": False}
    assert exported["value"]["ratio"]["optional"] is True
    assert model().text().startswith("v.object({city: v.string()")


class Odd(pydantic.BaseModel):
    when: complex


def test_a_field_without_a_form_on_the_wire_is_named() -> None:
    odd = validator_of(Odd, "test")
    with pytest.raises(SchemaError, match=r"Odd\.when"):
        odd.export()
