"""Two workers' accounts at the bank through anything that can happen, in any order.

After every step all invariants are audited; what is refused must leave every row as it was.
"""

from tests.machine_law import Law
from tests.machine_mergers import Mergers
from tests.machine_records import Records


class BankMachine(Records, Mergers, Law):
    """Records, cases, mergers and law together, on one clock."""
