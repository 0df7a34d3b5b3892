"""Which addresses that customers name are asked at all, and which machines behind them."""

import contextlib
import socket
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.web_addresses import Unfit, WebAddress, permitted, read

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"]
NEVER = [
    "0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.0.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",  # noqa: S104  # bound to by nobody
    "255.255.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
    "192.88.99.1", "168.63.129.16", "100.100.100.200", "::", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
    "ff05::2", "::7f00:1", "::ffff:169.254.169.254", "::ffff:0.0.0.0", "64:ff9b::a9fe:a9fe", "64:ff9b::7f00:1",
    "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001::1", "2001:0:a00:1::", "2001:db8::1", "3fff::1",
    "5f00::1", "100::1", "fd00:ec2::254", "4000::1", "", "example.com", "127.1", "0x7f000001", "2130706433",
]  # fmt: skip
NEIGHBOURS = [
    "127.0.0.1", "127.255.0.1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "::1",
    "fc00::1", "fd12:3456::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("ip", PUBLIC)
def test_a_public_machine_is_asked(ip: str):
    assert permitted(ip)
    assert permitted(ip, private=True)


@pytest.mark.parametrize("ip", NEIGHBOURS)
def test_a_neighbour_is_asked_only_where_somebody_tries_things_out(ip: str):
    assert not permitted(ip)
    assert permitted(ip, private=True)


@pytest.mark.parametrize("ip", NEVER)
def test_some_machines_are_never_asked(ip: str):
    assert not permitted(ip)
    assert not permitted(ip, private=True)


@pytest.mark.parametrize(
    ("text", "host", "port", "target"),
    [
        ("https://clinic.example.com", "clinic.example.com", 443, "/"),
        ("https://Clinic.Example.com:443/a?b=c&d=%20", "clinic.example.com", 443, "/a?b=c&d=%20"),
        ("https://clinic.example.com:8443/a/", "clinic.example.com", 8443, "/a/"),
        ("https://clinic.example.com./?", "clinic.example.com", 443, "/"),
        ("https://8.8.8.8/x", "8.8.8.8", 443, "/x"),
        ("https://[2606:4700:4700::1111]/x", "2606:4700:4700::1111", 443, "/x"),
        ("https://münchen.example/grüße", "xn--mnchen-3ya.example", 443, "/gr%C3%BC%C3%9Fe"),
        ("https://my_site.example.com/..;/%2e%2e/", "my_site.example.com", 443, "/..;/%2e%2e/"),
    ],
)
def test_what_is_read_of_an_address(text: str, host: str, port: int, target: str):
    assert read(text) == WebAddress(True, host, port, target)


@pytest.mark.parametrize(
    "text",
    [
        # other schemes, or none
        "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/_x", "//example.com/",
        "example.com", "javascript:alert(1)", "data:text/html,x", "HTTPS:example.com", "https:///x", "https://", "",
        # whoever says who he is
        "https://user@example.com/", "https://user:word@example.com/", "https://example.com@127.0.0.1/",
        "https://@example.com/",
        # other servers' ports
        "https://example.com:25/", "https://example.com:22/", "https://example.com:80/", "https://example.com:0/",
        "https://example.com:65536/", "https://example.com:x/", "https://example.com:-1/",
        # this machine, its neighbours and what tells clouds' machines about themselves, in every spelling
        "https://localhost/", "https://LOCALHOST./", "https://a.localhost/", "https://127.0.0.1/", "https://127.1/",
        "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://0/",
        "https://127.0.0.1./", "https://1.2.3/", "https://1.2.3.0x4/", "https://10.0.0.1/", "https://[::1]/",
        "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[64:ff9b::7f00:1]/",
        "https://[fe80::1%25eth0]/", "https://[fe80::1%eth0]/", "https://169.254.169.254/latest/meta-data/",
        "https://metadata.google.internal/", "https://printer.local/", "https://intranet/", "https://db.lan/",
        "https://①②⑦.⓪.⓪.①/", "https://１２７.0.0.1/", "https://localhost\u3002/",
        # what one reader takes for this, and another for that
        "https://example.com\\@127.0.0.1/", "https://example.com#@127.0.0.1/", "https://example.com/#x",
        "https://exa mple.com/", "https://example.com/a b", "https://example.com/\r\nHost: x", "https://exam\tple.com/",
        "https://example.com/\x00", " https://example.com/", "https://example.com/<x>", 'https://example.com/"',
        "https://[127.0.0.1]/", "https://[example.com]/", "https://exa%6dple.com/", "https://-a.example.com/",
        "https://a..example.com/", "https://example.com../", "https://./",
        "https://.example.com/", "https://example.com:443:443/", "https://*.example.com/",
        "https://" + "a" * 64 + ".example.com/", "https://" + "a." * 130 + "com/", "https://e.org/" + "x" * 2000,
    ],
)  # fmt: skip
def test_nobody_is_asked_at_such_an_address(text: str):
    with pytest.raises(Unfit) as refused:
        read(text)
    assert text in ("", "https://") or text not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("http://127.0.0.1:8000/x", WebAddress(False, "127.0.0.1", 8000, "/x")),
        ("http://localhost/", WebAddress(False, "localhost", 80, "/")),
        ("https://[::1]:1/", WebAddress(True, "::1", 1, "/")),
        ("http://intranet/", WebAddress(False, "intranet", 80, "/")),
    ],
)
def test_a_laptop_asks_itself_and_its_neighbours(text: str, found: WebAddress):
    assert read(text, private=True) == found


@pytest.mark.parametrize(
    "text",
    ["http://169.254.169.254/", "http://u@127.0.0.1/", "ftp://127.0.0.1/", "http://0.0.0.0/", "http://2130706433/"],
)  # fmt: skip
def test_even_a_laptop_does_not_ask_everybody(text: str):
    with pytest.raises(Unfit):
        read(text, private=True)


HOSTS = st.one_of(
    st.text("0123456789abcdefxX.:[]%", max_size=24),
    st.builds(
        ".".join, st.lists(st.sampled_from(["0", "1", "127", "0x7f", "0177", "169", "254", "a"]), max_size=6)
    ),
    st.text(max_size=12),
)


@given(HOSTS, st.text(max_size=20))
def test_whatever_is_accepted_is_no_other_spelling_of_a_machine_of_ours(host: str, path: str):
    with contextlib.suppress(Unfit):
        found = read(f"https://{host}/{path}")

        assert found.tls
        assert f"{found.host}{found.target}".isascii()
        assert not any(sign.isspace() or not sign.isprintable() for sign in f"{found.host}{found.target}")
        with contextlib.suppress(OSError):
            assert permitted(socket.inet_ntoa(socket.inet_aton(found.host)))


@given(st.text(st.characters(exclude_characters="?"), max_size=40))
def test_a_path_is_sent_as_it_was_written_down(path: str):
    with contextlib.suppress(Unfit):
        assert read(f"https://example.com/{path}").target == "/" + quote(path, safe="/:@!$&'()*+,;=%-._~")


@given(st.ip_addresses())
def test_a_machine_that_strangers_may_name_is_a_public_one(address: Any):
    if permitted(str(address)):
        assert address.is_global
        assert permitted(str(address), private=True)
