"""Addresses on the web that customers name: which of them we ask, and at which machines behind them.

Who names an address has us open a connection from inside our own network: to a neighbour's database, to the machine
itself, to what tells a cloud's machines their passwords. So only the public network is asked, over https, and that is
looked at twice: when the address is written down, and when its name has been looked up, just before it is asked.
"""

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlsplit

LONGEST = 2000  # characters; what is longer, servers refuse
PORTS = {"https": 443, "http": 80}
FROM = 1024  # the first port anybody may listen at; below, only https's own is asked: none of them speaks it

_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*", re.ASCII)
_A_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)  # the last label of what is read as an IPv4 address
_LOCAL = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "arpa")
_OF_A_TARGET = "/?:@!$&'()*+,;=%-._~"

# Public by its number, and yet no server of anybody's: relays that lead elsewhere, and the wire server of one cloud.
_ODD_4 = tuple(map(IPv4Network, ("192.88.99.0/24", "192.0.0.0/24", "168.63.129.16/32")))
_NEIGHBOURS: tuple[IPv4Network | IPv6Network, ...] = (
    *map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")),
    IPv6Network("fc00::/7"),
)
# What tells a cloud's machines about themselves, and has the number of a neighbour; elsewhere it is link-local.
_METADATA = (IPv4Address("100.100.100.200"), IPv6Address("fd00:ec2::254"))
_PUBLIC_6 = IPv6Network("2000::/3")  # all that has been given out
_ODD_6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))


class Unfit(ValueError):
    """Nobody is asked at this address; the text says what would be right, and does not repeat it."""


@dataclass(frozen=True)
class WebAddress:
    """Whom to ask for what. `host` is a name, or an IP address without brackets; `target` is path and query."""

    tls: bool
    host: str
    port: int
    target: str = field(repr=False)


def read(text: str, *, private: bool = False) -> WebAddress:
    """Read an address, as strictly as a thing that a stranger wrote must be.

    Parameters:
      private: whether this machine and its neighbours may be asked too, and over http: for trying things out.

    Raises:
      Unfit: it is none, or none that is asked.
    """
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise Unfit("write an address like https://example.com/confirmed") from None
    if len(text) > LONGEST or not text.isprintable() or any(odd in text for odd in ' \\"<>#'):
        raise Unfit("write an address without blanks, quotes, backslashes and #")
    if parts.scheme not in (("https", "http") if private else ("https",)):
        raise Unfit("write an address that begins with https://")
    if "@" in parts.netloc:
        raise Unfit("write no user name and no password into the address: it is signed instead")
    port = PORTS[parts.scheme] if port is None else port
    if not (private and port) and port != PORTS["https"] and port < FROM:
        raise Unfit(f"write no port, or one of {PORTS['https']} and {FROM} to 65535")
    target = quote(f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", safe=_OF_A_TARGET)
    return WebAddress(parts.scheme == "https", _host(host, private), port, target)


def permitted(ip: str, *, private: bool = False) -> bool:
    """Whether the machine with this IP address may be asked.

    Parameters:
      private: whether this machine and its neighbours may be; what tells a cloud's machines about themselves never is.
    """
    try:
        address = ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if private and (address.is_loopback or any(address in near for near in _NEIGHBOURS)):
        return address not in _METADATA
    if isinstance(address, IPv4Address):
        odd = address.is_multicast or address.is_reserved or any(address in net for net in _ODD_4)
        return address.is_global and not odd
    return address.is_global and address in _PUBLIC_6 and not any(address in net for net in _ODD_6)


def _host(host: str, private: bool) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return _named(host, private)
    if not permitted(host, private=private) or "%" in host:
        raise Unfit("write the address of a server on the public network")
    return str(address)


def _named(host: str, private: bool) -> str:
    try:
        host = host.removesuffix(".") if host.isascii() else host.encode("idna").decode().lower()
    except UnicodeError:
        host = ""
    labels = host.split(".")
    if not _NAME.fullmatch(host) or len(host) > 253 or _A_NUMBER.fullmatch(labels[-1]):
        raise Unfit("write an address with a name in it, like https://example.com/confirmed")
    if not private and (len(labels) < 2 or labels[-1] in _LOCAL):
        raise Unfit("write the address of a server on the public network")
    return host
