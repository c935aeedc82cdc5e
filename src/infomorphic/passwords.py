"""Hide passwords in addresses, so that messages, records and logs never contain them.

Users write addresses in many forms: with a password before the host or as a parameter, percent-encoded or not, and malformed. So this
module does not assume that an address is valid. If it is unclear where a password ends, more is hidden.
"""

import re
from collections.abc import Sequence
from urllib.parse import unquote, unquote_plus, urlsplit

HIDDEN = "***"

_SECRET_NAME = r"[\w.\-]*(?:passw(?:or)?d|passphrase|pwd|passfile|secret|token|api[_\-]?key|access[_\-]?key|credential)[\w.\-]*|pass"
_IS_SECRET = re.compile(_SECRET_NAME, re.IGNORECASE)
# Parameters as in libpq and ODBC: password=… or PWD={…}; a value may be quoted.
_ASSIGNMENT = re.compile(
    rf"(?<![\w.\-%])({_SECRET_NAME})(\s*=\s*)('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\{{[^}}]*\}}|[^\s;&'\",)]+)", re.IGNORECASE
)
# Both slashes, or the name of a database or service with a missing slash.
_SCHEME = re.compile(r"[A-Za-z][\w+.\-]*://|\b(?:postgres\w*|mysql|mariadb|mssql|oracle|grpcs?|https?)(?:\+\w+)?:/?(?!/)", re.IGNORECASE)
# Characters that end an address in a sentence. A password with a space must be percent-encoded, or hidden by `hide_passwords_of`.
_IN_A_SENTENCE = re.compile(rf"(?:{_SCHEME.pattern})[^\s<>\"']+", re.IGNORECASE)
# The scheme of a service whose users have no password; a single name before the host is then an access token.
_TOKEN_SCHEMES = ("http", "https")


def hide_password(address: str) -> str:
    """Replace by `***` the password of one address, and parameters with a name such as `password`.

    Everything between the first colon after the scheme and the last `@` counts as the password, because passwords are often not encoded.
    """
    scheme = _SCHEME.match(address)
    start = scheme.end() if scheme else 0
    place, question, parameters = address[start:].partition("?")
    if "@" in parameters and "@" not in place:
        # The question mark is part of a password.
        place, question, parameters = address[start:], "", ""
        head, _, tail = place.rpartition("@")
        inner, question, parameters = tail.partition("?")
        place = f"{head}@{inner}"
    return address[:start] + _without_userinfo(place, scheme) + question + _without_values(parameters)


def _without_userinfo(place: str, scheme: re.Match[str] | None) -> str:
    userinfo, at, host = place.rpartition("@")
    kind = re.split(r"[:+]", scheme.group())[0].lower() if scheme else None
    if not at or kind == "sqlite":
        return _ASSIGNMENT.sub(rf"\1\2{HIDDEN}", place)
    user, colon, _ = userinfo.partition(":")
    if kind in _TOKEN_SCHEMES or (kind is None and not colon):
        return f"{HIDDEN}@{host}"
    return f"{user}:{HIDDEN}@{host}" if colon else place


def _without_values(parameters: str) -> str:
    shown = []
    for parameter in parameters.split("&"):
        name, equals, value = parameter.partition("=")
        # A value may contain parameters itself, as in odbc_connect.
        secret = _IS_SECRET.fullmatch(unquote_plus(name).strip()) or _ASSIGNMENT.search(unquote_plus(value))
        shown.append(f"{name}={HIDDEN}" if equals and secret else parameter)
    return "&".join(shown)


def hide_passwords(text: str) -> str:
    """Replace by `***` the passwords of all addresses in a text, and values assigned to a name such as `password`."""
    return _ASSIGNMENT.sub(rf"\1\2{HIDDEN}", _IN_A_SENTENCE.sub(lambda found: hide_password(found.group()), text))


def hide_passwords_of(addresses: Sequence[str], text: str) -> str:
    """Like `hide_passwords`, but also hide parts of the given addresses' passwords, which a driver may quote separately."""
    for secret in sorted({s for address in addresses for s in _secrets(address)}, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return hide_passwords(text)


def _secrets(address: str) -> set[str]:
    """The password of an address as written and as decoded, and its parts if an unencoded `@` or `/` splits it."""
    scheme = _SCHEME.match(address)
    place = address[scheme.end() :] if scheme else address
    userinfo = place.rpartition("@")[0]
    user, colon, password = userinfo.partition(":")
    if not colon and scheme is not None and scheme.group().lower().startswith(_TOKEN_SCHEMES):
        password = user
    found = {password}
    for parameter in address.partition("?")[2].split("&"):
        name, _, value = parameter.partition("=")
        if _IS_SECRET.fullmatch(unquote_plus(name).strip()):
            found.add(value)
    found |= {decode(secret) for secret in found for decode in (unquote, unquote_plus)}
    found |= {part for secret in found for part in re.split(r"[@/:?#\s]", secret)}
    # Shorter parts occur in many ordinary words.
    return {secret for secret in found if len(secret) >= 4}


def without_passwords(words: Sequence[str]) -> list[str]:
    """The words of a command line for a record: addresses without passwords, everything else unchanged."""
    return [_shown_word(word, after_storage=position > 0 and words[position - 1] == "--storage") for position, word in enumerate(words)]


def _shown_word(word: str, after_storage: bool) -> str:
    if after_storage:
        return hide_password(word)
    option, equals, value = word.partition("=")
    if option == "--storage":
        return f"{option}{equals}{hide_password(value)}"
    scheme = _SCHEME.search(word)
    if scheme is None:
        return _ASSIGNMENT.sub(rf"\1\2{HIDDEN}", word)
    return _ASSIGNMENT.sub(rf"\1\2{HIDDEN}", word[: scheme.start()]) + hide_password(word[scheme.start() :])


def host_and_port(address: str, default_port: int) -> tuple[str, int] | None:
    """Host and port of `scheme://HOST:PORT`, with brackets around an IPv6 host; None if the address has another form."""
    try:
        parts = urlsplit(address)
        port = default_port if parts.port is None else parts.port
    except ValueError:
        return None
    if not parts.hostname or parts.username is not None or parts.path not in ("", "/") or parts.query or parts.fragment:
        return None
    return (f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname), port
