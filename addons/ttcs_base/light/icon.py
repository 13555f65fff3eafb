"""The mark of the suite, a horn loudspeaker on a pole, as PNG in any size and colour."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

TEAL = "#0b5f66"
# Drawn this many times larger and then reduced, which smooths the edges.
_OVERSIZE = 4
# All shapes are in hundredths of the icon's side, within the circle of radius 40 that a phone
# never cuts away (W3C Web Application Manifest, "Icon masks and safe zone").
_HORN = ((34, 44), (62, 27), (62, 67), (34, 54))
_THROAT = (24, 42, 36, 56)
_RIM = (59, 25, 65, 69)
_POLE = (38, 54, 43, 80)
_FOOT = (31, 78, 50, 82)
_WAVE_CENTRE = (56, 47)
_WAVES = (19, 27)
_WAVE_WIDTH = 4
_WAVE_ANGLES = (-32, 32)
_CORNER = 20


def draw_icon(size: int, colour: str = TEAL, *, full_bleed: bool = False) -> bytes:
    """A PNG of ``size`` × ``size`` pixels: a white loudspeaker on ``colour`` (``#rrggbb``).

    ``full_bleed`` fills the corners too, for phones that cut the icon into a shape of their own.

    >>> draw_icon(16)[:4]
    b'\\x89PNG'
    """
    side = size * _OVERSIZE
    scale = side / 100
    image = Image.new("RGBA", (side, side), colour if full_bleed else (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    if not full_bleed:
        draw.rounded_rectangle((0, 0, side - 1, side - 1), _CORNER * scale, fill=colour)
    _draw_loudspeaker(draw, scale)
    output = BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).quantize(
        64, method=Image.Quantize.FASTOCTREE
    ).save(output, "PNG", optimize=True)
    return output.getvalue()


def _draw_loudspeaker(draw: ImageDraw.ImageDraw, scale: float) -> None:
    def scaled(*lengths: float) -> list[float]:
        return [length * scale for length in lengths]

    for box in (_POLE, _FOOT, _THROAT, _RIM):
        draw.rounded_rectangle(scaled(*box), 2 * scale, fill="white")
    draw.polygon([tuple(scaled(*point)) for point in _HORN], fill="white")
    x, y = _WAVE_CENTRE
    for radius in _WAVES:
        box = scaled(x - radius, y - radius, x + radius, y + radius)
        draw.arc(box, *_WAVE_ANGLES, fill="white", width=round(_WAVE_WIDTH * scale))
