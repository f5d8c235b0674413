"""Two workers' accounts at the bank through anything that can happen, in any order.

After every step all invariants are audited; what is refused must leave every row as it was.
"""

from tests.machine_cases import Cases
from tests.machine_law import Law
from tests.machine_records import Records


class BankMachine(Records, Cases, Law):
    """Records, cases and law together, on one clock."""
