"""Who stands behind a host: the domain that was registered, by the public suffix list that ships with its library."""

import ipaddress
from contextlib import suppress
from functools import cache

from publicsuffixlist import PublicSuffixList


def registered_domain(host: str) -> str:
    """The part of a host's name that one owner registered; the host itself where there is none, such as an IP address.

    Examples
    --------
    >>> registered_domain("www.samhsa.gov"), registered_domain("www.nhs.co.uk"), registered_domain("127.0.0.1")
    ('samhsa.gov', 'nhs.co.uk', '127.0.0.1')
    """
    with suppress(ValueError):
        return str(ipaddress.ip_address(host))
    return _suffixes().privatesuffix(host) or host


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
