"""Types and values for the scenes of structured output."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, Field


class Colour(StrEnum):
    """The colour of a light."""

    WHITE = "white"
    RED = "red"
    GREEN = "green"


class Flash(BaseModel):
    """The rhythm of a light."""

    flashes: int = Field(description="How many flashes stand together")
    period: float = Field(description="Seconds from one group to the next", gt=0)


class Light(BaseModel):
    """One lighthouse."""

    name: str = Field(title="Name", description="As the list of lights has it")
    height: float = Field(title="Height", description="Metres above high water", ge=0)
    colour: Colour
    lit: date | None = Field(None, description="When it was first lit")
    automatic: bool = True
    rhythm: Flash
    remarks: list[str] = Field(default_factory=list)


class Lights(BaseModel):
    """A list of lights."""

    lights: list[Light]


LIGHT = {
    "name": "North Foreland",
    "height": 57.0,
    "colour": "white",
    "lit": "1499-01-01",
    "automatic": True,
    "rhythm": {"flashes": 5, "period": 20.0},
    "remarks": ["The last keeper left in 1998.", "Obscured over the land, from Ramsgate to Deal."],
}
WRONG = {"name": "Atlantis", "height": -3, "colour": "violet", "rhythm": {"flashes": "many"}}
NAMES = ["Lindesnes", "Kullen", "Cordouan", "Skagen", "Hook Head", "Eddystone", "Bell Rock"]
LIGHTS = [
    LIGHT
    | {"name": name, "height": 31.5 + 7 * i, "colour": list(Colour)[i % 3], "automatic": i % 2 == 0}
    for i, name in enumerate(NAMES)
]
PASSAGE = {
    "ship": "Statsraad Lehmkuhl",
    "from": {"harbour": "Bergen", "berth": 4},
    "to": {"harbour": "Lerwick", "berth": None},
    "crew": [{"name": "Ada", "watch": 1}, {"name": "Bjørn", "watch": 2}],
    "note": "Sail on the ebb, and keep well off the skerries north of the fairway. " * 3,
    "insured": False,
}
