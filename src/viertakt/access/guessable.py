"""Passwords that are long enough and guessed first all the same: common words, runs of keys, one's own name. Pure.

What is left of a password without all of these has to be worth guessing. Of the twenty thousand leaked passwords that are
met most often, those that have fifteen characters and get past this rule stand here by themselves.
"""

import re
from collections.abc import Collection, Iterable

# What people begin with, in the languages of the console, and what this house is called and deals with.
COMMON = (
    "password", "passwort", "wachtwoord", "passphrase", "welcome", "welkom", "letmein", "iloveyou", "ikhouvanjou", "monkey",
    "dragon", "sunshine", "princess", "football", "voetbal", "baseball", "superman", "batman", "master", "secret", "geheim",
    "changeme", "default", "login", "admin", "administrator", "user", "guest", "test", "qwerty", "azerty", "hello", "hallo",
    "summer", "winter", "spring", "autumn", "zomer", "lente", "herfst", "january", "monday", "maandag", "amsterdam",
    "nederland", "holland", "ajax", "feyenoord", "viertakt", "casino", "payments", "withdrawal", "deposit", "backoffice",
    "company", "support", "compliance",
)  # fmt: skip
# From the list that Django brings along (`common-passwords.txt.gz`, made of leaked ones): each is refused as it is.
LEAKED = frozenset({
    "polniypizdec0211", "yfdbufnjh10305070", "1q2w3e4r5t6y7u8i9o0p", "polniypizdec110211", "polniypizdec1102",
    "demon1q2w3e4r5t", "john!20130605at1753", "1q2w3e4r5t6y7u8i", "mega_pizdetz666", "doomsayer.2.7mords.v",
    "1q2w3e4r5t6y7u8i9o", "friend of emily", "doomsayer.2.7mords.vv", "1qaz2wsx3edc4rfv", "migrationschool",
    "sdf7asdf6asdg8df", "friend of gerly", "inactive1996aug", "qazwsxedcrfvtgb", "q1w2e3r4t5y6u7i8o9p0",
    "familiyafamiliya", "neworleans12345", "kartoffelpuffer", "lightpower12345", "stefangreil1983",
    "somanypickles27", "manchesterunited",
})  # fmt: skip
_RUNS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "azertyuiop", "asdfghjkl", "zxcvbnm")
RUN_LENGTH_MIN = 4
OWN_LENGTH_MIN = 4
LEFT_MIN = 8
DISTINCT_MIN = 5


def is_guessable(password: str, about: Iterable[str] = ()) -> bool:
    """Whether little is left without common words, runs of keys, and what somebody is called (`about`: name, address)."""
    if password.strip().lower() in LEAKED:
        return True
    left = re.sub(r"[\W_]+", "", password.lower())
    for word in sorted({*COMMON, *_own(about)}, key=len, reverse=True):
        left = left.replace(word, "")
    left = _without_runs(left)
    return len(left) < LEFT_MIN or len(set(left)) < DISTINCT_MIN


def _own(about: Iterable[str]) -> Collection[str]:
    return {
        part for text in about for part in re.split(r"[\W_]+", text.lower()) if len(part) >= OWN_LENGTH_MIN
    }


def _without_runs(text: str) -> str:
    kept, at = [], 0
    while at < len(text):
        length = _run_at(text, at)
        if length < RUN_LENGTH_MIN:
            kept.append(text[at])
            length = 1
        at += length
    return "".join(kept)


def _run_at(text: str, at: int) -> int:
    """How long the run of keys, or of one character, is that begins here."""
    longest = len(text[at:]) - len(text[at:].lstrip(text[at]))
    for run in (*_RUNS, *(one[::-1] for one in _RUNS)):
        end = at + 1
        while end <= len(text) and text[at:end] in run:
            end += 1
        longest = max(longest, end - 1 - at)
    return longest
