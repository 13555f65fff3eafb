"""What breaks in such a network, how people word it, and what technicians write afterwards."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A kind of work with the notes that close it, by result.

    ``technologies`` empty means any; ``weight`` is how often it happens.
    """

    subject: str
    weight: int
    repaired: tuple[str, ...]
    technologies: tuple[str, ...] = ()
    partly: str = "Đã xử lý tạm, chờ vật tư để thay."
    no_fault: str = "Kiểm tra tại chỗ, thiết bị phát bình thường, không phát hiện lỗi."
    not_repairable: str = "Hư hỏng nặng, chi phí sửa gần bằng mua mới; đề nghị thanh lý."


OF_CLUSTERS = (
    Fault(
        "Mất tiếng",
        20,
        (
            "Ampli cháy tầng công suất, đã thay ampli, phát lại bình thường.",
            "Cầu chì đứt, thay cầu chì 5A và siết lại đầu nối nguồn.",
            "Jack tín hiệu bị ẩm, đã vệ sinh, sấy khô và bọc lại.",
        ),
        partly="Còn một loa chưa phát, chờ loa thay thế.",
    ),
    Fault(
        "Mất kết nối 4G",
        18,
        (
            "SIM hết gói cước, đã gia hạn; thiết bị kết nối lại sau 5 phút.",
            "Ăng-ten 4G gãy, thay ăng-ten mới, sóng đạt -71 dBm.",
            "Bộ thu treo, khởi động lại và nâng cấp phần mềm.",
        ),
        technologies=("ip",),
        no_fault="Mất sóng do nhà mạng bảo trì trạm, đã có sóng trở lại.",
    ),
    Fault(
        "Loa rè, nghe không rõ",
        12,
        (
            "Thay màng loa rách, chỉnh lại âm lượng mức 11.",
            "Nước vào họng loa, đã thay loa và xoay miệng loa xuống.",
        ),
        partly="Thay được một trong hai loa, loa còn lại vẫn rè nhẹ.",
    ),
    Fault(
        "Mất nguồn điện",
        12,
        (
            "CB nhảy do chập dây, thay dây nguồn và CB 10A.",
            "Điện lực đã đấu lại công tơ, hoạt động bình thường.",
            "Bộ nguồn hỏng, thay bộ nguồn 12V-5A.",
        ),
        no_fault="Khu vực cắt điện theo lịch, có điện lại thì thiết bị tự hoạt động.",
    ),
    Fault(
        "Trụ loa nghiêng",
        5,
        ("Gia cố chân trụ bằng bê tông, căng lại cáp néo.", "Đã dời loa sang trụ điện bên cạnh."),
    ),
    Fault(
        "Loa phát liên tục, không tắt",
        4,
        ("Đặt lại lịch phát và khởi động lại bộ thu.", "Rơ-le dính tiếp điểm, đã thay rơ-le."),
        technologies=("ip",),
    ),
    Fault(
        "Sét đánh hỏng thiết bị",
        4,
        (
            "Thay bộ thu và lắp bổ sung chống sét lan truyền.",
            "Thay bo nguồn, đo lại tiếp địa 4 Ω.",
        ),
        not_repairable="Cháy toàn bộ tủ điều khiển, không còn linh kiện thay; đề nghị thanh lý.",
    ),
    Fault(
        "Âm lượng quá nhỏ",
        6,
        ("Tăng âm lượng lên mức 12, cân chỉnh lại hướng loa.", "Thay biến áp xuất âm bị yếu."),
    ),
    Fault(
        "Loa quá to, gần nhà dân",
        4,
        ("Giảm âm lượng còn mức 7, xoay loa ra hướng ruộng; hộ dân đồng ý.",),
    ),
    Fault(
        "Nhiễu sóng, lẫn đài khác",
        14,
        ("Chỉnh lại tần số thu, thay dây ăng-ten.", "Thay khối thu FM, mã hóa lại mã đài."),
        technologies=("fm",),
        partly="Giảm nhiễu, nhưng trời mưa còn lẫn đài bên cạnh.",
    ),
    Fault(
        "Đứt dây truyền thanh",
        16,
        ("Nối lại 40 m dây bị xe tải kéo đứt.", "Thay 120 m dây lưỡng kim, nâng cao qua lộ."),
        technologies=("wired",),
    ),
)
OF_STATIONS = (
    Fault(
        "Micrô phòng thu bị rè",
        8,
        ("Thay dây micrô và giắc canon.", "Thay micrô mới, giữ micrô cũ làm dự phòng."),
    ),
    Fault(
        "Máy tính phòng thu không vào được phần mềm",
        10,
        (
            "Cài lại trình duyệt, cấp lại mật khẩu cho cán bộ đài.",
            "Thay ổ cứng, khôi phục dữ liệu.",
        ),
        technologies=("ip",),
    ),
    Fault(
        "Đường truyền Internet chập chờn",
        8,
        ("Nhà mạng thay bộ phát và kéo lại cáp quang.", "Đổi sang gói 100 Mbps, ổn định."),
        technologies=("ip",),
    ),
    Fault(
        "Máy phát FM giảm công suất",
        10,
        ("Thay bóng công suất, đo lại đạt 48 W.", "Chỉnh lại ăng-ten phát, hệ số sóng đứng 1,3."),
        technologies=("fm",),
    ),
    Fault(
        "Tăng âm nóng, tự ngắt",
        8,
        ("Vệ sinh quạt, thay keo tản nhiệt.", "Thay tụ lọc nguồn phồng."),
        technologies=("wired",),
    ),
)
OF_BOARDS = (
    Fault(
        "Màn hình mất một mô-đun",
        10,
        ("Thay 2 mô-đun LED, cân lại màu.", "Thay card nhận và cáp dữ liệu."),
        partly="Thay tạm mô-đun khác mẻ, màu còn lệch nhẹ.",
    ),
    Fault(
        "Bảng tin không nhận nội dung mới",
        8,
        ("Khởi động lại bộ điều khiển, đồng bộ lại lịch.", "Thay SIM hết hạn."),
    ),
    Fault(
        "Bảng tin tắt vào ban ngày",
        4,
        ("Đặt lại lịch độ sáng.", "Thay nguồn 5V-60A, thay quạt."),
    ),
)
PREVENTIVE = Fault(
    "Bảo dưỡng định kỳ",
    1,
    (
        "Vệ sinh tủ, siết đầu nối, đo điện áp 218 V; hoạt động tốt.",
        "Phát quang cây quanh trụ, kiểm tra cáp néo, thử phát 5 phút.",
        "Vệ sinh loa, bôi mỡ bu-lông, kiểm tra chống sét và tiếp địa.",
    ),
    partly="Đã bảo dưỡng; tủ bị gỉ đáy, đề nghị thay trong quý sau.",
)
