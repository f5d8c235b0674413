"""How fast the archive is. Each module measures one thing and prints its figures.

A module here has a docstring, whose first line tells what is measured, and a function
``main()`` that measures and prints. Nothing is judged: limits are tested in ``tests/``.
"""
