"""Telling people something outside the archive: what is said, and the ways to send it.

To whom, when and that it is sent once is the outbox's business (archive/people/outbox.py).
"""
