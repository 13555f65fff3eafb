from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..field_actions import is_in_country

# What people see and measure on site; the book is kept by those in charge of assets.
WRITTEN_ON_SITE = frozenset(
    {
        "condition",
        "condition_date",
        "latitude",
        "longitude",
        "position_accuracy",
        "message_follower_ids",
        "activity_ids",
    }
)
PLACING = frozenset({"agency_id", "unit_id"})
BOOK_KEEPER = "ttcs_assets.ttcs_assets_group_user"
BOOK_MANAGER = "ttcs_assets.ttcs_assets_group_manager"
# An asset may be recorded while it is still being installed.
LONGEST_AHEAD = timedelta(days=366)


class MaintenanceEquipment(models.Model):
    """Who may write what of an asset, whatever the screen shows.

    Whoever works on site writes what he sees there.  Another owner follows from a decision and
    another holder from a hand-over; errors of the register are corrected by who manages assets.
    """

    _inherit = "maintenance.equipment"

    # This file is loaded after those that extend assets: what was given is checked here.
    @api.model_create_multi
    def create(self, vals_list):
        assets = super().create(vals_list)
        if not self._is_step(creates=True):
            assets._check_place_and_owner_are_in_force()
        return assets

    def write(self, vals):
        if self._is_step():
            return super().write(vals)
        self._check_is_for_bookkeepers(vals)
        self._check_follows_from_papers(vals)
        result = super().write(vals)
        if PLACING & vals.keys():
            self._check_place_and_owner_are_in_force()
        return result

    def _check_is_for_bookkeepers(self, vals):
        kept = vals.keys() - WRITTEN_ON_SITE
        if kept and not self.env.user.has_group(BOOK_KEEPER):
            labels = sorted(
                self._fields[name]._description_string(self.env)
                for name in kept
                if name in self._fields
            )
            raise AccessError(
                self.env._(
                    "%(fields)s: kept by whoever is in charge of assets. On site the condition "
                    "and the position are recorded; ask the officer for anything else.",
                    fields=", ".join(labels),
                )
            )

    def _check_follows_from_papers(self, vals):
        """Owner, holder and the register itself are not changed by the way."""
        if self.env.user.has_group(BOOK_MANAGER):
            return
        if "agency_id" in vals and any(a.agency_id.id != vals["agency_id"] for a in self):
            raise UserError(
                self.env._(
                    "%(asset)s: another owner follows from a decision on its transfer. Propose "
                    "one with “Propose a decision” in the list of assets.",
                    asset=self[:1].display_name,
                )
            )
        if "custodian_id" in vals or "custodian_agency_id" in vals:
            held = self.filtered(lambda a: a.custodian_id or a.custodian_agency_id)
            moved = held.filtered(
                lambda a: (
                    vals.get("custodian_id", a.custodian_id.id) != a.custodian_id.id
                    or vals.get("custodian_agency_id", a.custodian_agency_id.id)
                    != a.custodian_agency_id.id
                )
            )
            if moved:
                raise UserError(
                    self.env._(
                        "%(asset)s is held by %(holder)s. It passes to somebody else by a "
                        "hand-over that both sides sign: choose “Hand over”.",
                        asset=moved[0].display_name,
                        holder=moved[0].custodian_id.name or moved[0].custodian_agency_id.name,
                    )
                )
        if vals.get("active") is False or vals.get("active") == 0:
            raise AccessError(
                self.env._(
                    "An asset does not leave the register by being archived: it is disposed of by "
                    "a decision. What was recorded twice is archived by who manages assets."
                )
            )

    def _check_place_and_owner_are_in_force(self):
        """Nothing new is put into a place or given to an agency that ended; what stood there is
        moved by the reform, and registers of years ago are loaded as steps."""
        today = self.env.company._today()
        for asset in self:
            for ended in (asset.agency_id, asset.unit_id):
                if ended.valid_to and ended.valid_to < today:
                    raise ValidationError(
                        self.env._(
                            "%(asset)s: %(place)s ended on %(day)s. Choose the one that took its "
                            "part.",
                            asset=asset.name,
                            place=ended.name,
                            day=f"{ended.valid_to:%d/%m/%Y}",
                        )
                    )

    @api.constrains("in_use_date", "warranty_date")
    def _check_days_of_use(self):
        latest = self.env.company._today() + LONGEST_AHEAD
        for asset in self.filtered("in_use_date"):
            if asset.in_use_date > latest:
                raise ValidationError(
                    self.env._(
                        "%(asset)s cannot be in use only from %(day)s on. Check the year.",
                        asset=asset.name,
                        day=f"{asset.in_use_date:%d/%m/%Y}",
                    )
                )
            if asset.warranty_date and asset.warranty_date < asset.in_use_date:
                raise ValidationError(
                    self.env._(
                        "The warranty of %(asset)s ends on %(end)s, before it was in use on "
                        "%(start)s. Correct one of the two days.",
                        asset=asset.name,
                        end=f"{asset.warranty_date:%d/%m/%Y}",
                        start=f"{asset.in_use_date:%d/%m/%Y}",
                    )
                )

    @api.constrains("latitude", "longitude")
    def _check_is_in_the_country(self):
        for asset in self.filtered(lambda asset: asset.latitude or asset.longitude):
            if not is_in_country(asset.latitude, asset.longitude):
                raise ValidationError(
                    self.env._(
                        "%(asset)s: latitude %(latitude)s, longitude %(longitude)s lies "
                        "outside Việt Nam. Check whether the two were exchanged, such as 10,45 "
                        "and 105,63.",
                        asset=asset.name,
                        latitude=f"{asset.latitude:.5f}".replace(".", ","),
                        longitude=f"{asset.longitude:.5f}".replace(".", ","),
                    )
                )
