"""Names of hamlets and clusters of houses as they sound in the Mekong delta.

Most hamlets there carry two words of good omen, often sharing the first with their commune
(Tân Thạnh: Tân Thới, Tân Hòa A), others a number or what lies there: a canal, a market, a
ridge of old sand.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from odoo.addons.ttcs_base.text.vietnamese import place_key

FIRST_WORDS = tuple(
    "An Bình Đông Hòa Hưng Khánh Lợi Long Mỹ Phú Phước Tân Thạnh Thới Thuận Vĩnh".split()
)
SECOND_WORDS = tuple(
    """
    An Bình Chánh Cường Định Đức Hiệp Hòa Hội Hưng Khánh Lạc Lập Lộc Lợi Long Nghĩa Nhơn
    Phong Phú Phước Quới Quý Thạnh Thành Thiện Thới Thọ Thuận Tiến Trị Trung Trường Xuân
    """.split()
)
LANDSCAPE = (
    *("Bàu Dài", "Bàu Sen", "Bào Môn", "Bàu Trấp", "Bến Siêu", "Cả Cái", "Cả Mũi", "Cả Trấp"),
    *("Cái Dứa", "Cái Sao", "Cái Sơn", "Cái Tắc", "Cái Tre", "Cầu Dài", "Cầu Sắt", "Chợ Cũ"),
    *("Chợ Mới", "Đầm Sen", "Đập Đá", "Đập Gò", "Đìa Cỏ", "Đìa Dứa", "Đường Thét", "Gò Da"),
    *("Gò Đất", "Gò Lũy", "Gò Me", "Gò Sáo", "Gò Tre", "Gò Xoài", "Giồng Cát", "Giồng Dài"),
    *("Giồng Găng", "Giồng Sến", "Giồng Tre", "Kênh Mười", "Kênh Năm", "Kênh Ngang"),
    *("Kênh Tám", "Kênh Tư", "Láng Biển", "Láng Cát", "Láng Sen", "Lung Bông", "Lung Sen"),
    *("Miễu Trắng", "Ngã Ba", "Ngã Năm", "Ngã Tư", "Rạch Bần", "Rạch Cát", "Rạch Chanh"),
    *("Rạch Dừa", "Rạch Miễu", "Rạch Ruộng", "Rạch Tre", "Rạch Vọp", "Vàm Kênh", "Vàm Tắc"),
    *("Vàm Xáng", "Xẻo Dừa", "Xẻo Mát", "Xẻo Tre"),
)
HOUSE_CLUSTERS = (
    *("Bờ Bắc", "Bờ Đông", "Bờ Nam", "Bờ Tây", "Chợ Chiều", "Chợ Nổi", "Cồn Dưới", "Cồn Trên"),
    *("Đầu Cồn", "Đầu Vàm", "Đuôi Cồn", "Kênh Giữa", "Kênh Hậu", "Kênh Sườn", "Kênh Thủy Lợi"),
    *("Lộ Dừa", "Lộ Mới", "Ngọn Rạch", "Trung Tâm", "Vườn Xoài", "vượt lũ số 1"),
    *("vượt lũ số 2", "vượt lũ số 3"),
)


def hamlet_names(
    random: Random, count: int, commune_name: str, *, is_urban: bool, taken: set[str]
) -> list[str]:
    """Draw names for the hamlets of one former commune.

    :param taken: place keys of the names that today's commune already has; the new ones are
        added, so that neighbours who merged have no name twice
    """
    candidates = _candidates(random, commune_name, is_urban=is_urban)
    names: list[str] = []
    while len(names) < count:
        name = next(candidates)
        key = place_key(name)
        if key not in taken:
            taken.add(key)
            names.append(name)
    return names


def house_cluster_names(random: Random, count: int) -> list[str]:
    """Draw different names for the clusters of houses in one hamlet.

    >>> len(set(house_cluster_names(Random(1), 3)))
    3
    """
    return random.sample(HOUSE_CLUSTERS, count)


def _candidates(random: Random, commune_name: str, *, is_urban: bool) -> Iterator[str]:
    if random.random() < (0.55 if is_urban else 0.12):
        yield from (str(number) for number in range(1, 1000))
    first_of_commune = commune_name.split()[0]
    stem = first_of_commune if first_of_commune in FIRST_WORDS else random.choice(FIRST_WORDS)
    landscape_share = 0.03 if is_urban else 0.16
    while True:
        if random.random() < landscape_share:
            yield random.choice(LANDSCAPE)
            continue
        name = _two_words(random, stem)
        parts = random.choices(("", "AB", "12"), weights=(70, 18, 12))[0]
        yield from (f"{name} {part}" for part in parts) if parts else (name,)


def _two_words(random: Random, stem: str) -> str:
    first = stem if random.random() < 0.6 else random.choice(FIRST_WORDS)
    return f"{first} {random.choice([word for word in SECOND_WORDS if word != first])}"
