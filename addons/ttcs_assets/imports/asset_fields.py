"""The columns that a list of assets may have, and the words that offices use for them."""

from __future__ import annotations

from odoo.addons.ttcs_base.imports.agency_resolver import agency_spec
from odoo.addons.ttcs_base.imports.kind import choice_key
from odoo.addons.ttcs_base.imports.place_resolver import commune_specs, position_specs
from odoo.addons.ttcs_base.spreadsheet.fields import FieldSpec
from odoo.addons.ttcs_base.text.vietnamese import fold

# By code of the kind of asset, besides the name that the kind itself has.
KIND_WORDS = {
    "station": (
        "Đài truyền thanh",
        "Đài truyền thanh cấp xã",
        "Đài truyền thanh xã",
        "Điểm đài",
        "Đài",
    ),
    "cluster": ("Cụm loa", "Cụm loa IP", "Cụm thu phát thanh", "Cụm thu", "Cụm", "Loa"),
    "board": ("Bảng tin điện tử", "Bảng tin điện tử công cộng", "Bảng LED", "Màn hình LED"),
    "board_plain": ("Bảng tin", "Bảng tin công cộng"),
    "receiver": ("Bộ thu", "Đầu thu", "Bộ thu phát thanh"),
    "amplifier": ("Ampli", "Âm ly", "Tăng âm", "Bộ khuếch đại"),
    "horn": ("Loa nén", "Loa phóng thanh", "Loa phát thanh"),
    "sim": ("SIM", "Sim 4G", "Thẻ SIM"),
    "pole": ("Trụ", "Cột", "Trụ anten", "Cột anten", "Cột loa"),
    "power": ("Bộ nguồn", "Nguồn điện", "UPS", "Ổn áp", "Bình ắc quy"),
    "microphone": ("Micro", "Micrô", "Mic"),
    "production": ("Thiết bị sản xuất chương trình", "Máy tính", "Bàn trộn âm thanh", "Mixer"),
}
CONDITION_WORDS = {
    "good": (
        "Tốt",
        "Hoạt động tốt",
        "Hoạt động bình thường",
        "Bình thường",
        "Đang hoạt động",
        "Đang sử dụng",
        "Sử dụng tốt",
        "Còn tốt",
        "Ổn định",
    ),
    "degraded": (
        "Hoạt động kém",
        "Yếu",
        "Kém",
        "Xuống cấp",
        "Chập chờn",
        "Âm thanh rè",
        "Rè",
        "Không ổn định",
        "Trung bình",
    ),
    "broken": (
        "Hỏng",
        "Hư",
        "Hư hỏng",
        "Bị hỏng",
        "Không hoạt động",
        "Đang sửa chữa",
        "Chờ sửa chữa",
        "Mất tín hiệu",
    ),
    "stopped": ("Ngừng hoạt động", "Ngưng hoạt động", "Tạm ngưng", "Không sử dụng", "Ngừng"),
}
# What the words around a list say about the kind of all its assets, the most telling first.
_TELLING = (
    ("cluster", ("cum loa", "cum thu", "loa phat thanh")),
    ("board", ("bang tin dien tu", "bang led")),
    ("board_plain", ("bang tin",)),
    ("station", ("dai truyen thanh",)),
)


def told_kind(context: str) -> str | None:
    """The code of the kind of asset that a file name, title and headings speak of.

    >>> told_kind("DANH SÁCH CỤM LOA ĐÀI TRUYỀN THANH XÃ"), told_kind("Danh sách")
    ('cluster', None)
    """
    words = fold(context.replace("_", " "))
    for code, phrases in _TELLING:
        if any(phrase in words for phrase in phrases):
            return code
    return None


def asset_specs(env) -> tuple[FieldSpec, ...]:
    """The fields of a list of assets, with labels in the user's language."""
    return (
        *_identity_specs(env),
        *_place_specs(env),
        *_technical_specs(env),
        *_book_specs(env),
        *_other_specs(env),
    )


def _identity_specs(env) -> tuple[FieldSpec, ...]:
    categories = env["maintenance.equipment.category"].search_fetch(
        [("family", "!=", False)], ["name", "code"]
    )
    return (
        FieldSpec(
            "category",
            env._("Kind of asset"),
            ("Loại tài sản", "Loại thiết bị", "Nhóm tài sản", "Loại", "Chủng loại tài sản"),
            kind="choice",
            required=True,
            choices={
                choice_key(category): (category.name, *KIND_WORDS.get(category.code, ()))
                for category in categories
            },
        ),
        FieldSpec(
            "name",
            env._("Name of asset"),
            (
                "Tên",
                "Tên tài sản",
                "Tên thiết bị",
                "Tên cụm loa",
                "Cụm loa",
                "Tên cụm",
                "Tên cụm thu",
                "Cụm thu phát thanh",
                "Tên đài",
                "Tên đài truyền thanh",
                "Điểm đài",
                "Tên bảng tin",
                "Tên gọi",
                "Tên điểm loa",
            ),
        ),
        FieldSpec(
            "code",
            env._("Asset code"),
            ("Mã tài sản", "Mã cụm loa", "Mã cụm", "Mã thiết bị", "Mã số", "Ký hiệu", "Số hiệu"),
        ),
        FieldSpec(
            "ledger_code",
            env._("Ledger code"),
            ("Mã sổ", "Mã kế toán", "Mã trên phần mềm tài sản", "Số thẻ tài sản", "Số thẻ"),
        ),
        FieldSpec(
            "serial_no",
            env._("Serial number"),
            ("Số sê-ri", "Sê-ri", "Serial", "Số serial", "S/N", "Số seri", "Seri", "Số máy"),
        ),
    )


def _place_specs(env) -> tuple[FieldSpec, ...]:
    return (
        FieldSpec(
            "hamlet",
            env._("Hamlet"),
            (
                "Ấp",
                "Khóm",
                "Ấp, khóm",
                "Ấp/Khóm",
                "Tên ấp",
                "Tên ấp, khóm",
                "Thôn, ấp",
                "Khu phố",
                "Địa bàn",
                "Địa bàn ấp, khóm",
                "Cụm dân cư",
            ),
        ),
        *commune_specs(env),
        FieldSpec(
            "site_note",
            env._("Where exactly"),
            (
                "Vị trí lắp đặt",
                "Địa điểm lắp đặt",
                "Nơi lắp đặt",
                "Nơi đặt",
                "Địa điểm",
                "Vị trí",
                "Địa chỉ",
            ),
        ),
        *position_specs(env),
        FieldSpec(
            "station",
            env._("Station"),
            ("Thuộc đài", "Đài", "Đài truyền thanh", "Thuộc đài truyền thanh", "Trực thuộc đài"),
        ),
        agency_spec(
            env,
            (
                "Đơn vị quản lý",
                "Cơ quan quản lý",
                "Đơn vị sử dụng",
                "Cơ quan, đơn vị",
                "Đơn vị",
                "Chủ sở hữu",
            ),
        ),
        FieldSpec(
            "owned_by_commune",
            env._("Owned by the committee of its commune"),
            kind="yes_or_no",
        ),
    )


def _technical_specs(env) -> tuple[FieldSpec, ...]:
    conditions = env["maintenance.equipment"]._fields["condition"]._description_selection(env)
    return (
        FieldSpec(
            "condition",
            env._("Condition"),
            (
                "Tình trạng",
                "Hiện trạng",
                "Tình trạng hoạt động",
                "Tình trạng sử dụng",
                "Chất lượng",
                "Trạng thái",
            ),
            kind="choice",
            choices={code: (label, *CONDITION_WORDS[code]) for code, label in conditions},
        ),
        FieldSpec(
            "horn_count",
            env._("Loudspeakers"),
            ("Số loa", "Số lượng loa", "SL loa", "Số loa/cụm", "Số lượng"),
            kind="integer",
        ),
        FieldSpec(
            "manufacturer",
            env._("Manufacturer"),
            ("Hãng", "Hãng sản xuất", "Nhà sản xuất", "Nhãn hiệu", "Thương hiệu", "Nhà cung cấp"),
        ),
        FieldSpec(
            "manufactured_in",
            env._("Country of manufacture"),
            ("Nước sản xuất", "Xuất xứ", "Nơi sản xuất"),
        ),
        FieldSpec(
            "model", env._("Model"), ("Model", "Kiểu máy", "Chủng loại", "Mã hiệu", "Kiểu loại")
        ),
        FieldSpec(
            "acquisition_year",
            env._("Year of manufacture"),
            ("Năm sản xuất", "Năm SX"),
            kind="year",
        ),
        FieldSpec(
            "sim_number", env._("SIM number"), ("Số SIM", "SIM", "Số thuê bao", "Số sim 4G")
        ),
    )


def _book_specs(env) -> tuple[FieldSpec, ...]:
    return (
        FieldSpec(
            "in_use_date",
            env._("In use since"),
            (
                "Ngày đưa vào sử dụng",
                "Năm đưa vào sử dụng",
                "Ngày sử dụng",
                "Năm sử dụng",
                "Năm SD",
                "Ngày lắp đặt",
                "Năm lắp đặt",
                "Thời gian lắp đặt",
                "Năm trang bị",
            ),
            kind="date",
        ),
        FieldSpec(
            "original_cost",
            env._("Original cost"),
            ("Nguyên giá", "Giá trị", "Đơn giá", "Thành tiền", "Giá mua", "Kinh phí đầu tư"),
            kind="money",
        ),
        FieldSpec(
            "funding_source",
            env._("Funding source"),
            ("Nguồn kinh phí", "Nguồn vốn", "Nguồn", "Nguồn đầu tư", "Nguồn hình thành"),
        ),
        FieldSpec(
            "warranty_date",
            env._("Warranty until"),
            ("Bảo hành đến", "Hạn bảo hành", "Thời hạn bảo hành"),
            kind="date",
        ),
    )


def _other_specs(env) -> tuple[FieldSpec, ...]:
    return (
        FieldSpec(
            "custodian",
            env._("Custodian"),
            (
                "Người quản lý",
                "Người phụ trách",
                "Cán bộ phụ trách",
                "Người trông coi",
                "Người sử dụng",
            ),
        ),
        FieldSpec("note", env._("Note"), ("Ghi chú", "G.chú", "GC", "Chú thích", "Diễn giải")),
    )
