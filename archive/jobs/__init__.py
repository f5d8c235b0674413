"""Durable work: what was asked for is done once, whatever is killed meanwhile.

A row of ours says what was asked, how far it is and what came out; DBOS remembers which
steps are done. What a job does is told by the room that registers it.
"""
