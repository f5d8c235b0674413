"""Keyed digests of the texts that the credit bank compares without ever reading them."""

from datetime import date

from archive.dossiers.sealing import normalised
from archive.people.privacy import Vault
from credit_bank.families import DoubleCountingRule
from credit_bank.rulebook import RuleBook
from schemas.vocabulary import Family


class Keying:
    """Digests texts for one transaction; many records of a file share their course."""

    def __init__(self, vault: Vault, rules: RuleBook, today: date) -> None:
        """Compare course names as the rule on double counting of ``today`` says."""
        self._vault = vault
        published = rules.in_force(Family.DOUBLE_COUNTING, today)
        rule = published.rule if published else None
        self._rule = rule if isinstance(rule, DoubleCountingRule) else None
        self._plain: dict[str, str] = {}
        self._compared: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """Return the digest of a text without what differs between spellings."""
        if text not in self._plain:
            self._plain[text] = self._digest(normalised(text))
        return self._plain[text]

    def compared(self, course_name: str) -> str:
        """Return the digest of a course name as it is compared with those of others."""
        if self._rule is None:
            return self(course_name)
        if course_name not in self._compared:
            self._compared[course_name] = self._digest(self._rule.compared(course_name))
        return self._compared[course_name]

    def _digest(self, text: str) -> str:
        return self._vault.digest("keyed", text).hex()
