"""What lies in two scopes: nobody grants more than was asked for. Pure."""

from archive.people.share_refusals import ScopeEmptyError
from schemas.shares import ShareScope


def narrowed(wanted: ShareScope, granted: ShareScope) -> ShareScope:
    """Return what lies in both scopes; raises ScopeEmptyError when nothing can. Pure."""
    kinds = tuple(one for one in granted.kinds or wanted.kinds if one in (wanted.kinds or (one,)))
    records = tuple(
        one
        for one in granted.record_ids or wanted.record_ids
        if one in (wanted.record_ids or (one,))
    )
    begins = max(filter(None, (wanted.begins_on, granted.begins_on)), default=None)
    ends = min(filter(None, (wanted.ends_on, granted.ends_on)), default=None)
    if (
        (not kinds and (wanted.kinds or granted.kinds))
        or (not records and (wanted.record_ids or granted.record_ids))
        or (begins and ends and ends < begins)
        or len({wanted.occupation, granted.occupation} - {None}) > 1
    ):
        raise ScopeEmptyError
    return ShareScope(
        record_ids=records,
        occupation=wanted.occupation or granted.occupation,
        kinds=kinds,
        begins_on=begins,
        ends_on=ends,
        with_credits=wanted.with_credits and granted.with_credits,
        with_levels=wanted.with_levels and granted.with_levels,
        is_name_masked=wanted.is_name_masked or granted.is_name_masked,
    )
