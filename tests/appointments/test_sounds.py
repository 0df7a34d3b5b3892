"""Whatever bytes come, they are found to be sound of a kind, or refused in words; nothing else happens."""

from hypothesis import example, given
from hypothesis import strategies as st

from models.appointments.surveys.sounds import SUFFIXES, NoSound, media_of
from tests.appointments.sounds import mp3, ogg, wav

WHOLE = [wav(0.01), mp3(), mp3(tag=200, padding=9), ogg(), ogg(b"\x01vorbis"), ogg(b"\x7fFLAC")]
BEYOND = wav(0.01)[:16] + b"\xff\xff\xff\x7f" + wav(0.01)[20:]  # its first part is longer than the whole

spoiled = st.tuples(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 255)), max_size=8),
    st.integers(0, 500),
)


def told(content: bytes) -> str:
    try:
        return media_of(content)
    except NoSound as error:
        return str(error)


def test_what_is_whole_is_known() -> None:
    assert {told(content) for content in WHOLE} == set(SUFFIXES)


@given(spoiled)
def test_what_is_spoiled_is_refused_or_still_sound(how: tuple[bytes, list[tuple[int, int]], int]) -> None:
    whole, changes, lost = how
    content = bytearray(whole)
    for place, byte in changes:
        content[place % len(content)] = byte

    assert told(bytes(content[: len(content) - lost]))


@given(
    st.binary(max_size=200), st.sampled_from([b"", b"RIFF\0\0\0\0WAVE", b"OggS\0\2", b"ID3\4", b"\xff\xfb"])
)
@example(BEYOND[12:], BEYOND[:12])
def test_whatever_comes_is_judged(rest: bytes, begin: bytes) -> None:
    assert told(begin + rest)
