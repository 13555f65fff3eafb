"""Photos from phones, made harmless: decoded and drawn anew, nothing of the file is kept.

A photo carries where and when it was taken and by which phone, and a file that calls itself a
photo may be a page or a program.  Odoo's own image functions give small pictures back
unchanged, position and all (measured on 19.0), so every photo is decoded and re-encoded here.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

# Odoo keeps Pillow from loading its readers by itself; these are the ones a phone needs.
from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

MEBIBYTE = 2**20
LARGEST_FILE = 8 * MEBIBYTE
LARGEST_PICTURE = 25_000_000
# Longer pictures would be scaled again by Odoo, and no longer match their checksum.
LONGEST_SIDE = 1920
JPEG_QUALITY = 85

# A signature is a few strokes on a small field.
LARGEST_SIGNATURE = 100 * 1024
WIDEST_SIGNATURE = 1200

_READERS = {
    b"\xff\xd8\xff": JpegImagePlugin.JpegImageFile.format,
    b"\x89PNG\r\n\x1a\n": PngImagePlugin.PngImageFile.format,
}
_RIFF, _WEBP = b"RIFF", b"WEBP"


class PhotoError(ValueError):
    """A file that is not taken; ``reason`` is one of ``too_large``, ``not_photo``,
    ``too_many_pixels``, ``damaged``."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Photo:
    """A picture as it is stored: JPEG, upright, without metadata."""

    content: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def clean_photo(content: bytes) -> Photo:
    """Draw a photo anew.  What the file is called does not matter, its first bytes decide.

    Of a file that was cut off, as much is drawn as there is.

    :param content: a JPEG, PNG or WebP file of 8 MiB and 25 million pixels at most
    :raises PhotoError: when it is none, or cannot be read

    >>> try:
    ...     clean_photo(b"<svg onload='alert(1)'/>")
    ... except PhotoError as error:
    ...     print(error.reason)
    not_photo
    """
    if len(content) > LARGEST_FILE:
        raise PhotoError("too_large")
    reader = _reader(content)
    try:
        # Only the header is read here, so the size is known before a pixel is decoded.
        with Image.open(io.BytesIO(content), formats=[reader]) as image:
            if image.width * image.height > LARGEST_PICTURE:
                raise PhotoError("too_many_pixels")
            return _encoded(_drawn(image))
    except Image.DecompressionBombError:
        raise PhotoError("too_many_pixels") from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError) as error:
        if isinstance(error, PhotoError):
            raise
        raise PhotoError("damaged") from error


def _reader(content: bytes) -> str:
    for magic, reader in _READERS.items():
        if content.startswith(magic):
            return reader
    if content[:4] == _RIFF and content[8:12] == _WEBP:
        return WebPImagePlugin.WebPImageFile.format
    raise PhotoError("not_photo")


def _drawn(image: Image.Image) -> Image.Image:
    """The picture upright, on white where it was transparent, and not too long."""
    # A JPEG can be decoded at a half, a quarter or an eighth of its size at once.
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    image = ImageOps.exif_transpose(image)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        drawn = Image.new("RGB", image.size, "white")
        drawn.paste(image, mask=image.getchannel("A"))
        return drawn
    # Into a new picture: comments and profiles stay behind with the old one.
    drawn = Image.new("RGB", image.size)
    drawn.paste(image.convert("RGB"))
    return drawn


def _encoded(image: Image.Image) -> Photo:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=JPEG_QUALITY)
    return Photo(stream.getvalue(), image.width, image.height)


def clean_signature(content: bytes) -> bytes:
    """Draw a signature anew as a PNG in shades of grey, without metadata.

    :param content: a PNG of 100 KiB and 1,200 pixels a side at most
    :raises PhotoError: when it is none; ``reason`` as in :func:`clean_photo`

    >>> try:
    ...     clean_signature(b"GIF89a")
    ... except PhotoError as error:
    ...     print(error.reason)
    not_photo
    """
    if len(content) > LARGEST_SIGNATURE:
        raise PhotoError("too_large")
    if _reader(content) != PngImagePlugin.PngImageFile.format:
        raise PhotoError("not_photo")
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
            if max(image.size) > WIDEST_SIGNATURE:
                raise PhotoError("too_many_pixels")
            drawn = Image.new("L", image.size, "white")
            pixels = image.convert("RGBA")
            drawn.paste(pixels.convert("L"), mask=pixels.getchannel("A"))
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError) as error:
        if isinstance(error, PhotoError):
            raise
        raise PhotoError("damaged") from error
    stream = io.BytesIO()
    drawn.save(stream, "PNG", optimize=True)
    return stream.getvalue()
