"""Sounds: what kind of audio some bytes are, by themselves, whatever they are called."""

import io
import wave

WAV, MP3, OGG = "audio/wav", "audio/mpeg", "audio/ogg"
SUFFIXES = {WAV: ".wav", MP3: ".mp3", OGG: ".ogg"}

# The first packet of a stream says its codec: Vorbis, Opus, Speex, FLAC. Video begins otherwise.
_CODECS = (b"\x01vorbis", b"OpusHead", b"Speex   ", b"\x7fFLAC")
_PADDING = 4096  # bytes that may stand between an MP3's tags and its first frame
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}  # Hz, by MPEG version
_MPEG_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # kbit/s
_MPEG_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


class NoSound(ValueError):
    """These bytes are no audio that can be played; the text says what would be right."""


def media_of(content: bytes) -> str:
    """The media type of some audio.

    Raises:
      NoSound: it is none of WAV (PCM), MP3 and OGG, or broken off.
    """
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        _check_wav(content)
        return WAV
    if content[:4] == b"OggS":
        _check_ogg(content)
        return OGG
    start = _after_tags(content)
    if any(_follows(content, place) for place in range(start, min(start + _PADDING, len(content)))):
        return MP3
    raise NoSound("Send a WAV, MP3 or OGG file.")


def _check_wav(content: bytes) -> None:
    try:
        with wave.open(io.BytesIO(content)) as sound:
            told = sound.getnframes() * sound.getsampwidth() * sound.getnchannels()
            found = len(sound.readframes(sound.getnframes()))
    except (
        wave.Error,
        EOFError,
        RuntimeError,
    ):  # the last: a part of it says that it is longer than the whole
        raise NoSound("This WAV file cannot be read: send it as PCM.") from None
    if not 0 < told == found:
        raise NoSound("This WAV file is empty, or broken off.")


def _check_ogg(content: bytes) -> None:
    """A page begins with its version, that it is the first of its stream, and how many segments there are."""
    if len(content) < 28 or content[4] != 0 or not content[5] & 2:
        raise NoSound("This OGG file does not begin as one.")
    if not content[27 + content[26] :].startswith(_CODECS):
        raise NoSound("This OGG file holds no audio in Vorbis, Opus, Speex or FLAC.")


def _after_tags(content: bytes) -> int:
    """Where the frames begin: behind an ID3 tag, whose length is written in seven bits a byte."""
    if content[:3] != b"ID3" or len(content) < 10:
        return 0
    length = 0
    for byte in content[6:10]:
        length = length << 7 | byte & 0x7F
    return 10 + length + (10 if content[5] & 0x10 else 0)


def _follows(content: bytes, place: int) -> bool:
    """Whether a frame stands here, and another one behind it."""
    length = _frame(content, place)
    return bool(length and _frame(content, place + length))


def _frame(content: bytes, place: int) -> int:
    """How many bytes the frame is long that begins here; 0: none does."""
    head = content[place : place + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:  # layer III
        return 0
    version, rate, speed = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or rate in (0, 15) or speed == 3:
        return 0
    bits = (_MPEG_1 if version == 3 else _MPEG_2)[rate] * 1000
    return (144 if version == 3 else 72) * bits // _RATES[version][speed] + (head[2] >> 1 & 1)
