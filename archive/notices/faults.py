"""What can go wrong with sending. Neither is a refusal: nobody waits for the answer."""


class UndeliveredError(Exception):
    """The message was certainly not taken; trying again may help."""


class RejectedError(UndeliveredError):
    """The message was refused for good: trying again is useless."""


class UncertainError(Exception):
    """The connection broke where the message may have been taken: it is not sent again."""
