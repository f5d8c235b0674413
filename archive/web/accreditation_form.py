"""What the bureau's forms say of an accreditation, its end or its narrowing."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from archive.dossiers.occupations import find_occupation
from archive.web.field_faults import faults_in
from archive.web.refusals import RequestInvalidError
from schemas.accreditation import AccreditationAsked, AccreditationChangeAsked, PostingScope
from schemas.vocabulary import LEARNING_KINDS, AccreditationAct, Rank


class WrittenScope(BaseModel):
    """The part of a form that says for what; what is empty limits nothing."""

    model_config = ConfigDict(extra="ignore")

    kind: Annotated[list[str], Field(max_length=len(LEARNING_KINDS))] = []
    occupations: Annotated[str, Field(max_length=4000)] = ""
    highest_rank: str = ""

    def scope(self) -> PostingScope:
        """Return the scope; raises OccupationError for a name that is none."""
        lines = [line.strip() for line in self.occupations.splitlines() if line.strip()]
        codes = dict.fromkeys(find_occupation(line).code for line in lines)
        told = {
            "kinds": self.kind or None,
            "occupations": tuple(codes) or None,
            "highest_rank": Rank(int(self.highest_rank)) if self.highest_rank else None,
        }
        return PostingScope.model_validate(told, strict=False)


class WrittenAccreditation(WrittenScope):
    """The form of a new accreditation."""

    act: AccreditationAct
    first_on: date
    last_on: date | Literal[""] = ""
    document: Annotated[str, Field(min_length=1, max_length=200)]

    def asked(self, organisation: str) -> AccreditationAsked:
        """Return what is proposed; raises OccupationError, RequestInvalidError."""
        try:
            return AccreditationAsked(
                organisation=organisation,
                act=self.act,
                scope=self.scope(),
                first_on=self.first_on,
                last_on=self.last_on or None,
                document=self.document,
            )
        except (ValidationError, ValueError) as wrong:
            raise _refusal(wrong) from None


class WrittenChange(WrittenScope):
    """The form of an end or a narrowing."""

    act: Literal["end", "narrow"]
    from_on: date
    reason: Annotated[str, Field(min_length=1, max_length=200)]
    document: Annotated[str, Field(min_length=1, max_length=200)]

    def asked(self) -> AccreditationChangeAsked:
        """Return what is proposed; raises OccupationError, RequestInvalidError."""
        try:
            return AccreditationChangeAsked(
                from_on=self.from_on,
                scope=self.scope() if self.act == "narrow" else None,
                reason=self.reason,
                document=self.document,
            )
        except (ValidationError, ValueError) as wrong:
            raise _refusal(wrong) from None


def _refusal(wrong: ValueError) -> RequestInvalidError:
    if not isinstance(wrong, ValidationError):
        return RequestInvalidError(fields="highest_rank")
    return RequestInvalidError(
        fields=", ".join(dict.fromkeys(one.field for one in faults_in(wrong)))
    )
