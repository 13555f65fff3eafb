"""The list of people who work for the network, with their positions, duties and accounts."""

from __future__ import annotations

import re

from ..spreadsheet.fields import FieldSpec
from ..text.vietnamese import fold, normalize
from .agency_resolver import AgencyResolver, agency_spec
from .kind import LEAVE_BLANK, ImportKind, choice_key, chosen_id
from .place_resolver import commune_specs
from .question import Option, Question
from .record import REFUSED, Change, ImportRecord

_PERSON_FIELDS = ("name", "phone", "email", "birth_date", "gender")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{2,63}")
_DUTY_SEPARATOR = re.compile(r"\s*[;,\n/]\s*")


class UserImport(ImportKind):
    code = "users"
    model = "ttcs.person"
    identifiers = ("login", "email", "phone")

    def name(self):
        return self.env._("People and accounts")

    def explanation(self):
        return self.env._(
            "Who works for the network: positions, duties, telephones, and an account for "
            "those who want one. Slips with one-time codes are printed afterwards."
        )

    def specs(self):
        env = self.env
        positions = env["ttcs.position"].search_fetch([], ["name"])
        return (
            FieldSpec(
                "name",
                env._("Full name"),
                ("Họ và tên", "Họ tên", "Tên cán bộ", "Họ và tên cán bộ", "Tên người dùng"),
                required=True,
            ),
            FieldSpec(
                "position",
                env._("Position"),
                ("Chức vụ", "Chức danh", "Vị trí việc làm", "Vị trí", "Chức vụ, chức danh"),
                required=True,
                kind="choice",
                choices={choice_key(position): (position.name,) for position in positions},
            ),
            agency_spec(
                env, ("Cơ quan", "Đơn vị", "Cơ quan, đơn vị", "Đơn vị công tác", "Nơi công tác")
            ),
            *commune_specs(env)[:1],
            FieldSpec(
                "duties",
                env._("Duties"),
                ("Nhiệm vụ", "Phân công", "Nhiệm vụ được giao", "Quyền", "Vai trò"),
            ),
            FieldSpec(
                "phone",
                env._("Phone"),
                ("Số điện thoại", "Điện thoại", "SĐT", "Số ĐT", "ĐTDĐ", "Di động"),
                kind="phone",
            ),
            FieldSpec("email", env._("E-mail"), ("Email", "Thư điện tử", "Hộp thư", "E-mail")),
            FieldSpec(
                "birth_date",
                env._("Birth date"),
                ("Ngày sinh", "Ngày tháng năm sinh", "Năm sinh"),
                kind="date",
            ),
            FieldSpec(
                "gender",
                env._("Gender"),
                ("Giới tính", "Phái"),
                kind="choice",
                choices={"male": ("Nam",), "female": ("Nữ",)},
            ),
            FieldSpec(
                "account",
                env._("Wants an account"),
                ("Cấp tài khoản", "Tài khoản", "Có tài khoản", "Cần tài khoản"),
                kind="yes_or_no",
            ),
            FieldSpec(
                "login",
                env._("Login"),
                ("Tên đăng nhập", "Tên truy cập", "Username", "Tài khoản đăng nhập"),
            ),
        )

    def constants(self):
        return ("position", "account")

    def guess_constant(self, key, context):
        return "x" if key == "account" else None

    def label_of(self, name):
        labels = {"duty_ids": self.env._("Duties"), "assignments": self.env._("Assignment")}
        return labels.get(name) or super().label_of(name)

    def text_of(self, name, value):
        if name == "gender":
            return self.by_key["gender"].choices.get(value, ("",))[0]
        return super().text_of(name, value)

    def prepare(self, records):
        self._agencies = AgencyResolver(self)
        duties = self.env["ttcs.duty"].search_fetch([], ["name", "code", "group_id"])
        self._duties = {duty.id: duty for duty in duties}
        self._duty_by_name = {fold(duty.name): duty.id for duty in duties}
        self._duty_by_name |= {duty.code: duty.id for duty in duties}
        logins = {login for record in records if (login := self._login(record.values))}
        # sudo: whether a login is taken must not depend on who asks; nothing else is read.
        users = self.env["res.users"].sudo().with_context(active_test=False)
        self._login_owner = {
            user.login: user.id
            for user in users.search_fetch([("login", "in", list(logins))], ["login"])
        }

    def resolve(self, record):
        values = record.values
        name = normalize(str(values["name"] or ""))
        record.label = name
        named = record.values.get("agency") or record.values.get("commune") or ""
        agency = self._agencies.find(record, str(named))
        duties = self._duties_of(record)
        if record.settled:
            return
        record.label = f"{name}, {self._agencies.names[agency]}"
        record.vals = {"name": name}
        for key in ("phone", "birth_date", "gender"):
            if values.get(key):
                record.vals[key] = values[key]
        email = str(values.get("email") or "").strip().lower()
        if email:
            record.vals["email"] = email
        record.vals |= {
            "agency_id": agency,
            "position_id": chosen_id(values["position"]),
            "duty_ids": sorted(duties),
        }
        if values.get("account") or values.get("login"):
            self._resolve_login(record, email)
        record.key = f"{agency}|{fold(name)}"

    def find_existing(self, records):
        persons = self.env["ttcs.person"]
        found: dict[tuple[str, object], list[int]] = {}
        agencies = list({record.vals["agency_id"] for record in records})
        named = {
            name: [record.vals[name] for record in records if record.vals.get(name)]
            for name in ("login", "email", "phone")
        }
        known = persons.search_fetch(
            [
                "|",
                "|",
                "|",
                ("user_id.login", "in", named["login"]),
                ("email", "in", named["email"]),
                ("phone", "in", named["phone"]),
                ("assignment_ids.agency_id", "in", agencies),
            ],
            ["name", "email", "phone", "user_id", "assignment_ids"],
        )
        self.env["ttcs.assignment"].browse(known.assignment_ids.ids).fetch(
            ["agency_id", "position_id", "valid_from", "valid_to", "duty_ids"]
        )
        for person in known:
            for identity in (
                ("login", person.user_id.login),
                ("email", (person.email or "").lower()),
                ("phone", person.phone),
            ):
                if identity[1]:
                    found.setdefault(identity, []).append(person.id)
            for agency in person.assignment_ids.agency_id:
                found.setdefault(("", f"{agency.id}|{fold(person.name)}"), []).append(person.id)
        return found

    def snapshot(self, ids, names):
        persons = self.env["ttcs.person"].browse(ids)
        today = self.env.company._today()
        snapshot = {}
        for person in persons:
            in_force = person.assignment_ids.filtered(
                lambda each: not each.valid_to or each.valid_to >= today
            )
            snapshot[person.id] = {
                "name": person.name,
                "phone": person.phone,
                "email": person.email,
                "birth_date": person.birth_date.isoformat() if person.birth_date else False,
                "gender": person.gender,
                "login": person.user_id.login,
                "assignments": [
                    [each.agency_id.id, each.position_id.id, sorted(each.duty_ids.ids)]
                    for each in in_force
                ],
            }
        return snapshot

    def compare(self, record, before):
        """Accounts and duties are only added by a list, and never taken away."""
        vals = record.vals
        if before["login"]:
            vals.pop("login", None)
        super().compare(record, before)
        wanted = (vals["agency_id"], vals["position_id"])
        held = next((each for each in before["assignments"] if tuple(each[:2]) == wanted), None)
        if held is None:
            self._note(record, before["assignments"], self._assignment_text(vals))
            vals["assignments"] = [*wanted, vals["duty_ids"]]
        elif set(vals["duty_ids"]) - set(held[2]):
            added = set(vals["duty_ids"]) - set(held[2])
            self._note(record, before["assignments"], self._duty_names(added))
            vals["assignments"] = [*wanted, sorted(added)]

    def create(self, vals_list):
        persons = self.env["ttcs.person"].create(
            [{key: vals[key] for key in _PERSON_FIELDS if key in vals} for vals in vals_list]
        )
        self.env["ttcs.assignment"].create(
            [
                {
                    "person_id": person.id,
                    "agency_id": vals["agency_id"],
                    "position_id": vals["position_id"],
                    "duty_ids": [(6, 0, vals["duty_ids"])],
                }
                for person, vals in zip(persons, vals_list, strict=True)
            ]
        )
        persons._open_accounts(
            {
                person: vals["login"]
                for person, vals in zip(persons, vals_list, strict=True)
                if vals.get("login")
            }
        )
        return persons.ids

    def update(self, changes):
        persons = self.env["ttcs.person"]
        logins = {}
        for res_id, vals in changes:
            person = persons.browse(res_id)
            plain = {key: vals[key] for key in _PERSON_FIELDS if key in vals}
            if plain:
                person.write(plain)
            if "assignments" in vals:
                self._assign(person, *vals["assignments"])
            if vals.get("login"):
                logins[person] = vals["login"]
        persons._open_accounts(logins)

    def _assign(self, person, agency: int, position: int, duties: list[int]) -> None:
        """Add duties to the assignment in force, or assign anew."""
        assignments = self.env["ttcs.assignment"]
        held = assignments.search(
            [
                ("person_id", "=", person.id),
                ("agency_id", "=", agency),
                ("position_id", "=", position),
                ("in_force", "=", True),
            ]
        )
        if held:
            held.write({"duty_ids": [(4, duty) for duty in duties]})
            return
        assignments.create(
            {
                "person_id": person.id,
                "agency_id": agency,
                "position_id": position,
                "duty_ids": [(6, 0, duties)],
            }
        )

    def _note(self, record: ImportRecord, before: object, added: str) -> None:
        label = self.label_of("assignments")
        record.changes.append(Change("assignments", label, before, "", f"+ {added}"))

    def _assignment_text(self, vals) -> str:
        position = self.by_key["position"].choices[f"record_{vals['position_id']}"][0]
        return f"{position}, {self._agencies.names[vals['agency_id']]}"

    def _duty_names(self, ids) -> str:
        return ", ".join(self._duties[duty].name for duty in sorted(ids))

    def _login(self, values) -> str:
        """The login asked for, else the e-mail, else the telephone."""
        if not values.get("account") and not values.get("login"):
            return ""
        for key in ("login", "email", "phone"):
            if values.get(key):
                return str(values[key]).strip().lower()
        return ""

    def _resolve_login(self, record: ImportRecord, email: str) -> None:
        login = self._login(record.values)
        if not login:
            record.settle(
                REFUSED,
                self.env._("An account needs a login, an e-mail or a telephone number."),
            )
        elif not _LOGIN.fullmatch(login):
            record.settle(
                REFUSED,
                self.env._(
                    "“%(login)s” cannot be a login: use letters without accents, digits, and "
                    "the signs . _ - @.",
                    login=login,
                ),
            )
        else:
            record.vals["login"] = login

    def _find_existing(self, records):
        super()._find_existing(records)
        persons = self.env["ttcs.person"].browse(
            record.res_id for record in records if record.res_id
        )
        owner = {person.id: person.user_id.id for person in persons}
        for record in records:
            login = record.vals.get("login")
            taken_by = self._login_owner.get(login)
            if taken_by and owner.get(record.res_id) != taken_by:
                record.settle(
                    REFUSED,
                    self.env._(
                        "The login “%(login)s” belongs to another account. Give another one.",
                        login=login,
                    ),
                )

    def _duties_of(self, record: ImportRecord) -> set[int]:
        texts = _DUTY_SEPARATOR.split(normalize(str(record.values.get("duties") or "")))
        wanted: set[int] = set()
        for text in filter(None, texts):
            duty = self._duty_by_name.get(fold(text)) or self._ask_duty(record, text)
            if duty:
                wanted.add(duty)
        if record.values.get("account") or record.values.get("login"):
            wanted.add(self._duty_by_name["user"])
        withheld = [duty for duty in wanted if not self._may_assign(duty)]
        if withheld:
            record.settle(
                REFUSED,
                self.env._(
                    "You cannot assign the duty %(duties)s, because you do not hold it "
                    "yourself. Ask an administrator.",
                    duties=self._duty_names(withheld),
                ),
            )
        return wanted

    def _ask_duty(self, record: ImportRecord, text: str) -> int | None:
        options = [
            Option(str(duty.id), duty.name)
            for duty in self._duties.values()
            if self._may_assign(duty.id)
        ]
        question = Question(
            topic="duty",
            key=fold(text),
            text=text,
            prompt=self.env._("“%(text)s” is no duty. Which one is meant?", text=text),
            options=(
                *options,
                Option(LEAVE_BLANK, self.env._("Leave blank")),
                self.leave_out_option(),
            ),
        )
        answer = self.ask(record, question)
        return int(answer) if answer and answer.isdigit() and int(answer) in self._duties else None

    def _may_assign(self, duty: int) -> bool:
        if self.env.user.has_group("ttcs_base.ttcs_base_group_administrator"):
            return True
        # sudo: reading which group a duty stands for reveals nothing about a person.
        return self._duties[duty].sudo().group_id in self.env.user.all_group_ids
