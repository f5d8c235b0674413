"""What crosses walls: frozen contracts that every floor may read. Imports nothing of ours."""
