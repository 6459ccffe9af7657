"""Types and values for the scenes of structured output."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AnyUrl, BaseModel, Field


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


class Beacon(BaseModel):
    """A light that stands on land."""

    kind: Literal["beacon"]
    place: str
    height: float


class Buoy(BaseModel):
    """A light that floats."""

    kind: Literal["buoy"]
    depth: float = Field(description="Metres of water below it")
    moored: bool


class Passage(BaseModel):
    """A passage from one harbour to another, with the lights on the way."""

    title: str
    page: AnyUrl | None = None
    first: Annotated[Beacon | Buoy, Field(discriminator="kind")]
    last: Annotated[Beacon | Buoy, Field(discriminator="kind")]
    bearings: list[int] = Field(description="Degrees, from north")
    warnings: list[str] = Field(default_factory=list)


class Station(BaseModel):
    """תחנה."""

    name: str = Field(title="שם")
    about: str = Field(title="תיאור", description="מה רואים ממנה")
    height: int = Field(title="גובה")
    lights: list[str] = Field(title="אורות")


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
WAY = {
    "title": "From Lindesnes to Skagen",
    "page": "https://example.org/passages/lindesnes-skagen",
    "first": {"kind": "beacon", "place": "Lindesnes", "height": 50.1},
    "last": {"kind": "buoy", "depth": 21.5, "moored": True},
    "bearings": [118, 121, 117, 109],
    "warnings": ["Strong current off the point.", "Fishing gear in spring."],
}
STATION = {
    "name": "מגדלור סטלה מריס",
    "about": "עומד מעל חיפה, ונראה ממרחק 30 מייל. The tower is called Stella Maris.",
    "height": 179,
    "lights": ["הבזק לבן כל 5 שניות", "אור קבוע"],
}
LONG = [
    {
        "name": f"{NAMES[i % 7]} {i}",
        "height": 9.5 + i % 60,
        "colour": list(Colour)[i % 3],
        "rhythm": {"flashes": 1 + i % 5, "period": 10.0},
    }
    for i in range(100)
]
