"""What is read of a service's reply in JSON, whatever it leaves out."""

from pydantic import BaseModel, ConfigDict, model_validator


class Lenient(BaseModel):
    """Numbers are read as text where text is meant; what is null counts as not there."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: object) -> object:
        return {name: cell for name, cell in given.items() if cell is not None} if isinstance(given, dict) else given
