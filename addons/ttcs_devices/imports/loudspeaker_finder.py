"""Which asset a line of a vendor's list means: by a code of its own or by its name."""

from __future__ import annotations

from odoo.addons.ttcs_base.imports.kind import ImportKind, choice_key, chosen_id
from odoo.addons.ttcs_base.imports.question import Option, Question
from odoo.addons.ttcs_base.imports.record import REFUSED, ImportRecord
from odoo.addons.ttcs_base.text.vietnamese import fold, similarity

_SUGGESTED = 5
_CODES = ("code", "ledger_code", "serial_no")
_FAMILIES = ("station", "cluster", "board")


class LoudspeakerFinder:
    """The stations, clusters and boards that the user may see, read once for a list."""

    def __init__(self, kind: ImportKind) -> None:
        self.kind = kind
        self.env = kind.env
        assets = self.env["maintenance.equipment"].search_fetch(
            [("family", "in", _FAMILIES), ("life_state", "!=", "disposed")],
            ["name", *_CODES, "unit_id", "commune_id", "agency_id"],
        )
        self._assets = {asset.id: asset for asset in assets}
        self._by_code: dict[str, set[int]] = {}
        self._by_name: dict[str, set[int]] = {}
        for asset in assets:
            for name in _CODES:
                self._note(self._by_code, asset[name], asset.id)
            self._note(self._by_name, asset.name, asset.id)
        self._note_devices()

    def _note_devices(self) -> None:
        """A code may also be that of the device on the asset."""
        if not self.env["ttcs.device"].has_access("read"):
            return
        devices = self.env["ttcs.device"].search_fetch(
            [("equipment_id", "in", list(self._assets))], ["code", "serial_no", "equipment_id"]
        )
        for device in devices:
            for code in (device.code, device.serial_no):
                self._note(self._by_code, code, device.equipment_id.id)

    @staticmethod
    def _note(index: dict[str, set[int]], text: str | None, asset: int) -> None:
        if text:
            index.setdefault(fold(text), set()).add(asset)

    def find(self, record: ImportRecord) -> dict[str, int] | None:
        """What the log keeps of the asset; None, and the row asks or is refused."""
        code = str(record.values.get("code") or "")
        name = str(record.values.get("name") or "")
        if not code and not name:
            record.settle(REFUSED, self.env._("No loudspeaker is named."))
            return None
        found = self._by_code.get(fold(code)) or self._by_name.get(fold(name)) or set()
        found = self._in_commune(record, found)
        asset = next(iter(found)) if len(found) == 1 else self._asked(record, code, name, found)
        return self._kept(self._assets[asset]) if asset else None

    def _in_commune(self, record: ImportRecord, found: set[int]) -> set[int]:
        commune = fold(str(record.values.get("commune") or ""))
        if len(found) < 2 or not commune:
            return found
        near = {
            asset
            for asset in found
            if commune
            in (
                fold(self._assets[asset].commune_id.full_name or ""),
                fold(self._assets[asset].commune_id.name or ""),
            )
        }
        return near or found

    def _asked(self, record, code: str, name: str, found: set[int]) -> int | None:
        text = name or code
        candidates = found or self._alike(text)
        question = Question(
            topic="loudspeaker",
            key=f"{fold(code)}|{fold(name)}|{fold(str(record.values.get('commune') or ''))}",
            text=text,
            prompt=self.env._("“%s” is no loudspeaker of the register. Which one is meant?", text)
            if not found
            else self.env._("“%s” may mean several loudspeakers. Which one?", text),
            options=(
                *(
                    Option(choice_key(self._assets[asset]), self._label(self._assets[asset]))
                    for asset in sorted(candidates)[:_SUGGESTED]
                ),
                self.kind.leave_out_option(),
            ),
        )
        answer = self.kind.ask(record, question)
        chosen = chosen_id(answer) if answer and answer.startswith("record_") else None
        return chosen if chosen in self._assets else None

    def _alike(self, text: str) -> list[int]:
        ranked = sorted(
            self._assets, key=lambda asset: -similarity(self._assets[asset].name or "", text)
        )
        return ranked[:_SUGGESTED]

    @staticmethod
    def _label(asset) -> str:
        place = asset.commune_id.full_name
        return f"{asset.display_name}, {place}" if place else asset.display_name

    @staticmethod
    def _kept(asset) -> dict[str, int]:
        return {
            "equipment_id": asset.id,
            "unit_id": asset.unit_id.id,
            "commune_id": asset.commune_id.id,
            "agency_id": asset.agency_id.id,
        }
