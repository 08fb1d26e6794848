"""Why a limit is not judged, in the language of the page: the problem says it in English."""

from __future__ import annotations

import re

from model.report.messages import Messages

WHYS = (
    ("balance", r"the balance of (?P<year>\d+) has no (?P<what>\w+)"),
    ("whole", r"there is none of the whole that this is a share of|refers to a share of nothing"),
    ("observed", r"(?P<table>\w+\.csv) has no (?P<what>\S+) of (?P<city>.+?)( in (?P<year>\d+))?"),
    ("nowhere", r"`at` means no city of the region"),
    ("start", r"the inventory of the start year has no (?P<what>\S+) in (?P<city>.+)"),
)
"""What model/problem and model/baseline/receptors.py say, by key of the message that says the same."""


def why_not(reason: str, m: Messages) -> str:
    """A reason, or several joined by `; `, in the language of `m`; as it is where it is none of WHYS."""
    return m("punctuation.between").join(_one(each, m) for each in reason.split("; "))


def _one(reason: str, m: Messages) -> str:
    for key, pattern in WHYS:
        found = re.fullmatch(pattern, reason)
        if found is not None:
            words = found.groupdict(default="")
            place = m.name("city", words.get("city", ""))
            named = {"what": m.word("quantity", words.get("what", "")), "city": place}
            return m(f"unjudged.{key}", **{**words, **named})
    return reason
