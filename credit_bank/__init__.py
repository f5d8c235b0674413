"""The credit bank: outcomes, rules, ledger, levels. Knows no person, no page, no document."""
