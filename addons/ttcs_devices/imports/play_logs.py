"""What a vendor's console says that it played, from the list that it exports.

Consoles differ in what they export, so every column but the loudspeaker and a moment may be
missing.  Times are those of the clock on the wall; the log keeps UTC.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytz

from odoo import fields

from odoo.addons.ttcs_base.imports.kind import ImportKind
from odoo.addons.ttcs_base.imports.record import REFUSED, ImportRecord
from odoo.addons.ttcs_base.spreadsheet.fields import FieldSpec
from odoo.addons.ttcs_base.text.vietnamese import normalize

from .loudspeaker_finder import LoudspeakerFinder

# A programme may begin so much late and still be in time, as in the log of our own devices.
IN_TIME = timedelta(minutes=5)
LONGEST = timedelta(days=1)
_MOMENTS = ("planned_at", "began_at", "ended_at")
_COMPARED = ("ended_at", "outcome", "planned", "played", "minutes", "success", *_MOMENTS[:2])


class PlayLogImport(ImportKind):
    code = "play_logs"
    model = "ttcs.play.log"

    def name(self):
        return self.env._("Broadcast log of a vendor")

    def explanation(self):
        return self.env._(
            "What the console of another vendor played: loudspeaker, bulletin, planned and real "
            "time, result. The same file again adds nothing."
        )

    def specs(self):
        env = self.env
        return (
            FieldSpec(
                "code",
                env._("Code of the loudspeaker"),
                (
                    "Mã thiết bị",
                    "Mã cụm loa",
                    "Mã loa",
                    "Mã tài sản",
                    "Mã cụm thu phát",
                    "Số sê-ri",
                    "Serial",
                    "Mã",
                ),
            ),
            FieldSpec(
                "name",
                env._("Loudspeaker"),
                (
                    "Cụm loa",
                    "Tên cụm loa",
                    "Tên thiết bị",
                    "Thiết bị",
                    "Tên loa",
                    "Cụm thu phát thanh",
                    "Điểm phát",
                ),
            ),
            FieldSpec("commune", env._("Commune"), ("Xã", "Phường", "Xã, phường", "Địa bàn")),
            FieldSpec(
                "title",
                env._("Bulletin"),
                (
                    "Bản tin",
                    "Tên bản tin",
                    "Chương trình",
                    "Tên chương trình",
                    "Nội dung",
                    "Nội dung phát",
                    "Tên tệp",
                ),
            ),
            FieldSpec(
                "planned_at",
                env._("Planned for"),
                ("Thời gian dự kiến", "Giờ hẹn", "Lịch phát", "Thời gian theo lịch", "Hẹn phát"),
                kind="moment",
            ),
            FieldSpec(
                "began_at",
                env._("Began"),
                (
                    "Thời gian phát",
                    "Thời điểm phát",
                    "Thời gian bắt đầu",
                    "Bắt đầu",
                    "Thời điểm bắt đầu",
                ),
                kind="moment",
            ),
            FieldSpec(
                "ended_at",
                env._("Ended"),
                ("Thời gian kết thúc", "Kết thúc", "Thời điểm kết thúc"),
                kind="moment",
            ),
            FieldSpec("day", env._("Day"), ("Ngày", "Ngày phát"), kind="date"),
            FieldSpec(
                "planned_time",
                env._("Planned time of day"),
                ("Giờ dự kiến", "Giờ theo lịch"),
                kind="time",
            ),
            FieldSpec(
                "began_time",
                env._("Beginning, time of day"),
                ("Giờ", "Giờ phát", "Giờ bắt đầu"),
                kind="time",
            ),
            FieldSpec("ended_time", env._("End, time of day"), ("Giờ kết thúc",), kind="time"),
            FieldSpec(
                "minutes",
                env._("Minutes on air"),
                ("Số phút", "Thời lượng (phút)", "Thời lượng phút", "Phút"),
                kind="decimal",
            ),
            FieldSpec(
                "seconds",
                env._("Seconds on air"),
                ("Số giây", "Thời lượng (giây)", "Thời lượng"),
                kind="decimal",
            ),
            FieldSpec(
                "outcome",
                env._("Outcome"),
                ("Kết quả", "Trạng thái", "Tình trạng", "Trạng thái phát"),
                kind="choice",
                choices={
                    "played": (
                        "Đã phát",
                        "Thành công",
                        "Phát thành công",
                        "Hoàn thành",
                        "OK",
                        "Xong",
                    ),
                    "missed": (
                        "Không phát",
                        "Thất bại",
                        "Lỗi",
                        "Phát lỗi",
                        "Không thành công",
                        "Mất kết nối",
                    ),
                    "cut": ("Phát dở", "Bị dừng", "Dừng giữa chừng", "Đã dừng"),
                },
            ),
        )

    def needs(self):
        return (("code", "name"), ("began_at", "planned_at", "day"))

    # Check ----------------------------------------------------------------------------------

    def prepare(self, records):
        self._zone = pytz.timezone(self.env.company._zone())
        self._now = fields.Datetime.now()
        self._loudspeakers = LoudspeakerFinder(self)

    def resolve(self, record):
        values = record.values
        title = normalize(str(values.get("title") or "")) or self.env._("Broadcast")
        named = str(values.get("name") or values.get("code") or "")
        record.label = f"{named}: {title}"
        asset = self._loudspeakers.find(record)
        if not asset:
            return
        planned, began, ended = self._moments(record)
        if record.settled:
            return
        outcome = values.get("outcome")
        if outcome == "missed":
            planned, began, ended = planned or began, None, None
        elif not began:
            began = planned
        elif outcome and not planned:
            planned = began
        if not (planned or began):
            record.settle(REFUSED, self.env._("Neither day nor hour of the broadcast is given."))
            return
        if not self._is_plausible(record, planned, began, ended):
            return
        record.vals = {
            **asset,
            "source": "file",
            "reference": title,
            "day": self._local_day(planned or began),
            **self._outcome(outcome, planned, began, ended),
        }
        record.key = self._key(record.vals)

    def _moments(self, record: ImportRecord):
        """The three moments in UTC, put together from days and hours where they stand apart."""
        values = record.values
        moments = []
        for moment, hour in (
            ("planned_at", "planned_time"),
            ("began_at", "began_time"),
            ("ended_at", "ended_time"),
        ):
            local = None
            if values.get(moment):
                local = datetime.fromisoformat(str(values[moment]))
            elif values.get("day") and values.get(hour):
                clock = time.fromisoformat(str(values[hour]))
                local = datetime.combine(datetime.fromisoformat(str(values["day"])).date(), clock)
            moments.append(local)
        planned, began, ended = moments
        start = began or planned
        if ended and start and ended < start and values.get("ended_time"):
            ended += LONGEST  # over midnight
        if not ended and start:
            length = self._length(record)
            ended = start + length if length else None
        return [self._utc(local) for local in (planned, began, ended)]

    def _length(self, record: ImportRecord) -> timedelta | None:
        for key, unit in (("minutes", 60), ("seconds", 1)):
            value = record.values.get(key)
            if value is not None:
                seconds = float(value) * unit
                if not 0 <= seconds <= LONGEST.total_seconds():
                    record.settle(
                        REFUSED,
                        self.env._("A broadcast lasts between nothing and a day, not %s.", value),
                    )
                    return None
                return timedelta(seconds=round(seconds))
        return None

    def _utc(self, local: datetime | None) -> datetime | None:
        if local is None:
            return None
        return self._zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def _local_day(self, moment: datetime) -> str:
        return pytz.utc.localize(moment).astimezone(self._zone).date().isoformat()

    def _is_plausible(self, record, planned, began, ended) -> bool:
        if (began or planned) > self._now:
            record.settle(REFUSED, self.env._("The broadcast lies in the future."))
        elif began and ended and not began <= ended <= began + LONGEST:
            record.settle(
                REFUSED, self.env._("It ends before it begins, or more than a day later.")
            )
        elif began and planned and abs(began - planned) > LONGEST:
            record.settle(
                REFUSED, self.env._("It began more than a day before or after its planned time.")
            )
        return not record.settled

    def _outcome(self, told, planned, began, ended) -> dict:
        """The figures of a line of the log."""
        if not began:
            outcome = "missed"
        elif not planned:
            outcome = "unplanned"
        elif told == "cut":
            outcome = "cut"
        else:
            outcome = "late" if began > planned + IN_TIME else "played"
        length = (ended - began).total_seconds() / 60 if began and ended else 0
        return {
            "outcome": outcome,
            "planned_at": _text(planned),
            "began_at": _text(began),
            "ended_at": _text(ended if began else None),
            "planned": int(bool(planned)),
            "played": int(bool(began)),
            "minutes": round(length, 1),
            "success": 100.0 * bool(began) if planned else 0.0,
        }

    @staticmethod
    def _key(vals) -> str:
        moment = vals["planned_at"] or vals["began_at"]
        return f"{vals['equipment_id']}|{moment}|{vals['reference']}"

    def find_existing(self, records):
        days = [record.vals["day"] for record in records]
        assets = {record.vals["equipment_id"] for record in records}
        lines = self.env["ttcs.play.log"].search_fetch(
            [
                ("source", "=", "file"),
                ("equipment_id", "in", list(assets)),
                ("day", ">=", min(days, default="2000-01-01")),
                ("day", "<=", max(days, default="2000-01-01")),
            ],
            ["equipment_id", "planned_at", "began_at", "reference"],
        )
        found: dict[tuple[str, object], list[int]] = {}
        for line in lines:
            key = self._key(
                {
                    "equipment_id": line.equipment_id.id,
                    "planned_at": _text(line.planned_at),
                    "began_at": _text(line.began_at),
                    "reference": line.reference,
                }
            )
            found.setdefault(("", key), []).append(line.id)
        return found

    def snapshot(self, ids, names):
        lines = self.env["ttcs.play.log"].browse(ids)
        return {
            line.id: {
                name: _text(line[name]) if name in _MOMENTS else line[name]
                for name in names & set(_COMPARED)
            }
            for line in lines
        }

    def text_of(self, name, value):
        if name == "outcome":
            words = self.env["ttcs.play.log"]._fields["outcome"]
            return dict(words._description_selection(self.env)).get(value, "")
        if name in _MOMENTS and value:
            local = pytz.utc.localize(fields.Datetime.to_datetime(value)).astimezone(self._zone)
            return f"{local:%H:%M %d/%m/%Y}"
        return super().text_of(name, value)

    def label_of(self, name):
        field = self.env["ttcs.play.log"]._fields.get(name)
        return field._description_string(self.env) if field else super().label_of(name)

    def update(self, changes):
        for res_id, vals in changes:
            self.env["ttcs.play.log"].browse(res_id)._by_steps().write(vals)


def _text(moment: datetime | None) -> str | None:
    return fields.Datetime.to_string(moment) if moment else None
