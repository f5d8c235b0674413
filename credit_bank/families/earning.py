"""The base of the families that turn an outcome into credits: judging, and exceptions."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from pydantic import ModelWrapValidatorHandler, PrivateAttr, TypeAdapter, model_validator

from credit_bank.causes import NOT_CHANGED_HERE, UnfitValueError
from credit_bank.families.base import RuleBase, as_day, units_of
from credit_bank.families.exceptions import Facts, RuleException, changed, facts_of
from credit_bank.judging import EXCEPTION, Result
from schemas.credits import Arithmetic, LearningOutcome, Measures
from schemas.vocabulary import Rank, RecordKind

_NOBODY = UUID(int=0)
_MEASURES: TypeAdapter[Measures] = TypeAdapter(Measures)
_NOT_CHANGED_BY_EXCEPTIONS = frozenset(RuleBase.model_fields) | {"family", "exception"}


class EarningRule(RuleBase):
    """A rule that judges outcomes of one kind, with its exceptions."""

    KIND: ClassVar[RecordKind]
    EXAMPLE: ClassVar[dict[str, object]] = {}
    """What an example need not say."""
    EXAMPLE_OCCUPATION: ClassVar[str | None] = None

    exception: tuple[RuleException, ...] = ()
    _changed: tuple[Self, ...] = PrivateAttr(default=())

    def decide(self, outcome: LearningOutcome, held: int) -> Result:
        """Judge an outcome by this rule's own values."""
        raise NotImplementedError

    def judge(self, outcome: LearningOutcome, held: int) -> Result:
        """Judge an outcome by the exception that applies to it, else by the rule itself.

        ``held`` is what is credited already of what only the best counts of.
        """
        if not self.exception:
            return self.decide(outcome, held)
        return self._judge(outcome, held, facts_of(outcome))

    def exception_for(self, facts: Facts, day: date) -> RuleException | None:
        """Return the one exception that applies; loading refuses two that could."""
        return next((one for one in self.exception if one.when.holds(facts, day)), None)

    def told(self, given: dict[str, object]) -> dict[str, str]:
        """Return credits, reason, and the exception that applied, if one did."""
        told = dict(given)
        held, issuer = units_of(told.pop("held", "0")), told.pop("issuer", None)
        outcome = self._outcome(told)
        facts = facts_of(outcome) | ({"issuer": str(issuer)} if issuer else {})
        fired = self.exception_for(facts, outcome.effective_on)
        found = self._judge(outcome, held, facts).told()
        return found | ({"exception": fired.id} if fired else {})

    def _judge(self, outcome: LearningOutcome, held: int, facts: Facts) -> Result:
        fired = self.exception_for(facts, outcome.effective_on)
        if fired is None:
            return self.decide(outcome, held)
        rule = self._changed[self.exception.index(fired)]
        step = Arithmetic(text=EXCEPTION, facts={"exception": fired.id})
        return rule.decide(outcome, held).after(step)

    def _outcome(self, told: dict[str, object]) -> LearningOutcome:
        rank, day = told.pop("rank", None), told.pop("day", self.in_force_from)
        occupation = told.pop("occupation", self.EXAMPLE_OCCUPATION)
        measures = {**self.EXAMPLE, **told, "kind": self.KIND}
        return LearningOutcome(
            id=_NOBODY,
            effective_on=as_day(day),
            issuer=_NOBODY,
            issuer_key="example",
            occupation=str(occupation) if occupation else None,
            rank=Rank(int(str(rank))) if rank is not None else None,
            measures=_MEASURES.validate_python(measures),
        )

    @model_validator(mode="wrap")
    @classmethod
    def _with_its_exceptions(cls, plain: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401  # Whatever a file holds.
        """Read the rule once more for each exception, so that its values are checked alike."""
        rule = handler(plain)
        if isinstance(plain, Mapping) and rule.exception:
            rule._changed = tuple(_changed(plain, one, handler) for one in rule.exception)  # noqa: SLF001  # Its own.
        return rule


def _changed(
    plain: Mapping[str, object], one: RuleException, handler: ModelWrapValidatorHandler[Any]
) -> Any:  # noqa: ANN401  # Of the handler's class.
    fixed = sorted(one.changes.keys() & _NOT_CHANGED_BY_EXCEPTIONS)
    if fixed:
        raise UnfitValueError(NOT_CHANGED_HERE, exception=one.id, fields=", ".join(fixed))
    return handler(changed(plain, one.changes))
