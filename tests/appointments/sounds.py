"""Sounds that tests upload: short ones of every kind that is taken, made here."""

import io
import wave


def wav(seconds: float = 0.1, *, rate: int = 8000, level: int = 0) -> bytes:
    """Silence, or a constant level, in PCM."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(level.to_bytes(2, "little") * int(seconds * rate))
    return buffer.getvalue()


def mp3(frames: int = 3, *, tag: int = 0, padding: int = 0) -> bytes:
    """Frames of MPEG 1 layer III: 128 kbit/s at 44.1 kHz, 417 bytes each; `tag` bytes of ID3 before them."""
    frame = b"\xff\xfb\x90\x00" + b"\0" * 413
    head = (
        b"ID3\x04\x00\x00" + bytes(tag >> shift & 0x7F for shift in (21, 14, 7, 0)) + b"t" * tag
        if tag
        else b""
    )
    return head + b"\0" * padding + frame * frames


def ogg(codec: bytes = b"OpusHead") -> bytes:
    """The first page of a stream."""
    packet = codec + b"\x01\x01\x00\x00"
    return b"OggS\x00\x02" + b"\0" * 20 + b"\x01" + bytes([len(packet)]) + packet


def form(boundary: str = "cut-here", **parts: object) -> tuple[bytes, dict[str, str]]:
    """A multipart form, and the header that goes with it; bytes are sent as a file."""
    body = b""
    for name, value in parts.items():
        content = value if isinstance(value, bytes) else str(value).encode()
        file = '; filename="../../x.php"\r\nContent-Type: text/html' if isinstance(value, bytes) else ""
        said = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        body += said.encode() + content + b"\r\n"
    return body + f"--{boundary}--\r\n".encode(), {
        "Content-Type": f"multipart/form-data; boundary={boundary}"
    }
