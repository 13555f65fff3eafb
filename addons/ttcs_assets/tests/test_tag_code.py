"""Tag codes: made and accepted by our keys only, read however they are spelled."""

import base64
import doctest
import hashlib
import hmac
import json
import stat
import tempfile
from importlib import import_module
from pathlib import Path
from random import Random
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ttcs_assets.tagging import (
    KeyRing,
    KeyRingError,
    ScannedText,
    fold_symbols,
    grouped_code,
    new_identifier,
    scanned_code,
    tag_address,
)
from odoo.addons.ttcs_assets.tagging.code import LARGEST_RING, SYMBOLS

SECRET = bytes(range(32))
RING = KeyRing({1: SECRET})
HOSTS = ("ttcs.dongthap.gov.vn", "localhost:8069")
FOREIGN = ScannedText("foreign", None)

identifiers = st.text(SYMBOLS, min_size=10, max_size=10)
mixed_case = st.lists(st.booleans(), min_size=80, max_size=80)


def in_mixed_case(text, upper):
    return "".join(
        letter.upper() if up else letter.lower() for letter, up in zip(text, upper, strict=False)
    )


class TestCode(TestCase):
    @given(identifiers)
    def test_a_signed_code_gives_its_identifier_back(self, identifier):
        code = RING.sign(identifier)
        self.assertEqual(len(code), 18)
        self.assertEqual(RING.verify(code), identifier)

    @given(identifiers)
    def test_the_code_is_a_truncated_hmac_sha256(self, identifier):
        # Computed again with other means: printed plates must stay valid for ever.
        digest = hmac.new(SECRET, b"ttcs-tag-v1" + identifier.encode(), hashlib.sha256).digest()
        alphabet = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", SYMBOLS)
        mac = base64.b32encode(digest[:5]).decode().translate(alphabet)
        self.assertEqual(RING.sign(identifier), identifier + mac)

    @given(identifiers, mixed_case, st.sampled_from(["-", " ", "\u00a0", "\u2011"]))
    def test_case_confusable_letters_and_separators_do_not_matter(
        self, identifier, upper, separator
    ):
        code = RING.sign(identifier)
        spelled = code.replace("0", "O").replace("1", "L")
        spelled = in_mixed_case(separator.join(spelled), upper)
        self.assertEqual(RING.verify(spelled), identifier)
        self.assertEqual(RING.verify(code.replace("1", "i")), identifier)

    def test_every_wrong_symbol_is_refused(self):
        code = RING.sign("7K3QM9XWTA")
        for position, right in enumerate(code):
            for wrong in set(SYMBOLS) - {right}:
                self.assertIsNone(RING.verify(code[:position] + wrong + code[position + 1 :]))

    @given(identifiers)
    def test_every_exchange_of_neighbours_is_refused(self, identifier):
        code = RING.sign(identifier)
        for left in range(17):
            swapped = code[:left] + code[left + 1] + code[left] + code[left + 2 :]
            if swapped != code:
                self.assertIsNone(RING.verify(swapped))

    @given(st.text())
    def test_junk_is_refused_quietly(self, text):
        self.assertIsNone(RING.verify(text))
        self.assertEqual(scanned_code(text, HOSTS).kind, "foreign")

    @given(st.text(SYMBOLS + "oil- ", max_size=70))
    def test_a_guessed_code_is_refused(self, text):
        self.assertIsNone(RING.verify(text))

    def test_junk_of_any_length_is_refused(self):
        for text in ("", "\0", "0" * 10_000_000, "-" * 100, "Ỷ" * 18, "\ud800" * 18, "ſ" * 18):
            self.assertIsNone(RING.verify(text))
            self.assertEqual(scanned_code(text, HOSTS), FOREIGN)

    def test_letters_outside_the_alphabet_are_not_folded_into_it(self):
        for letter in ("U", "u", "\u0131", "\u212a", "\u017f", "\uff10", "\u0663", "\u00b2"):
            self.assertIsNone(fold_symbols(letter, 1), letter)

    def test_a_code_of_another_key_is_forged(self):
        self.assertIsNone(RING.verify(KeyRing({1: bytes(32)}).sign("7K3QM9XWTA")))

    def test_only_a_canonical_identifier_is_signed(self):
        for wrong in ("7k3qm9xwta", "7K3QM9XWT", "7K3QM 9XWTA", "7K3QM9XWTU", ""):
            with self.assertRaises(ValueError):
                RING.sign(wrong)

    def test_identifiers_are_ten_symbols_of_fifty_bits(self):
        drawn = [new_identifier(Random(seed)) for seed in range(3000)]
        self.assertEqual(len(set(drawn)), 3000)
        for position in range(10):
            self.assertEqual({name[position] for name in drawn}, set(SYMBOLS))
        self.assertNotEqual(new_identifier(), new_identifier())

    def test_the_examples_of_the_documentation_hold(self):
        failed, tried = doctest.testmod(import_module(KeyRing.__module__))
        self.assertEqual((failed, tried), (0, 11))


class TestScannedCode(TestCase):
    @given(identifiers, mixed_case, st.sampled_from(HOSTS))
    def test_our_printed_address_is_ours_in_any_case(self, identifier, upper, host):
        code = RING.sign(identifier)
        scanned = scanned_code(in_mixed_case(tag_address(host, code), upper), HOSTS)
        self.assertEqual(scanned, ScannedText("ours", code))

    @given(identifiers)
    def test_the_bare_code_as_printed_is_ours(self, identifier):
        code = RING.sign(identifier)
        self.assertEqual(scanned_code(grouped_code(code), HOSTS), ScannedText("ours", code))

    def test_spellings_of_an_address(self):
        ours = ScannedText("ours", "7K3QM9XWTA4F2P8BCD")
        for text in (
            "http://ttcs.dongthap.gov.vn/a/7k3qm9xwta4f2p8bcd",
            "ttcs.dongthap.gov.vn/a/7k3qm9xwta4f2p8bcd",
            "https://ttcs.dongthap.gov.vn:443/A/7K3QM9XWTA4F2P8BCD/",
            "HTTPS://TTCS.DONGTHAP.GOV.VN/A/7K3QM-9XWTA-4F2P-8BCD?utm_source=x#top",
            " HTTP://LOCALHOST:8069/A/7K3QM9XWTA4F2P8BCD\r\n",
        ):
            self.assertEqual(scanned_code(text, HOSTS), ours, text)

    def test_our_code_on_another_host_is_an_imitation(self):
        code = "7K3QM9XWTA4F2P8BCD"
        for host in (
            "ttcs.dongthap.gov.vn.evil.com",
            "evil-ttcs.dongthap.gov.vn",
            "ttcs-dongthap-gov.vn",
            "localhost",
            "localhost:8070",
        ):
            scanned = scanned_code(f"https://{host}/A/{code}", HOSTS)
            self.assertEqual(scanned, ScannedText("foreign", code), host)

    def test_disguised_hosts_are_foreign(self):
        code = "7K3QM9XWTA4F2P8BCD"
        for text in (
            f"https://ttcs.dongthap.gov.vn@evil.com/A/{code}",
            f"https://evil.com\\@ttcs.dongthap.gov.vn/A/{code}",
            f"https://evil.com/x#https://ttcs.dongthap.gov.vn/A/{code}",
            f"https://evil.com/?u=https://ttcs.dongthap.gov.vn/A/{code}",
            f"javascript:https://ttcs.dongthap.gov.vn/A/{code}",
            f"https://ttcs.dongthap.gov.vn/kt/A/{code}",
            f"https://ttcs.dongthap.gov.vn/A/{code}/../../web",
            f"https://ttcs.dongthap.gov.vn/A/{code}0",
            f"https://ttcs.dongthap.gov.vn/A/{code}\nhttps://evil.com",
            f"https://ttcs.đongthap.gov.vn/A/{code}",
        ):
            self.assertEqual(scanned_code(text, HOSTS).kind, "foreign", text)

    def test_other_barcodes_are_foreign(self):
        for text in (
            "8934563138165",
            "TS-00123",
            "WIFI:S:ttcs;T:WPA;P:x;;",
            "https://vnexpress.net",
        ):
            self.assertEqual(scanned_code(text, HOSTS), FOREIGN)


class TestKeyRing(TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "tag-keys.json"

    def test_old_plates_stay_valid_after_rotation(self):
        ring = KeyRing.generate()
        old = ring.sign("7K3QM9XWTA")
        rotated = ring.rotated()
        new = rotated.sign("7K3QM9XWTA")
        self.assertNotEqual(old, new)
        self.assertEqual([rotated.verify(old), rotated.verify(new)], ["7K3QM9XWTA"] * 2)
        self.assertIsNone(ring.verify(new))

    def test_plates_of_a_dropped_key_are_refused(self):
        ring = KeyRing.generate()
        old = ring.sign("7K3QM9XWTA")
        rotated = ring.rotated()
        new = rotated.sign("7K3QM9XWTA")
        left = rotated.without(1)
        self.assertIsNone(left.verify(old))
        self.assertEqual(left.verify(new), "7K3QM9XWTA")

    def test_the_highest_number_signs_whatever_the_order(self):
        codes = {
            KeyRing(keys).sign("7K3QM9XWTA")
            for keys in ({1: bytes(32), 2: SECRET}, {2: SECRET, 1: bytes(32)})
        }
        self.assertEqual(codes, {KeyRing({2: SECRET}).sign("7K3QM9XWTA")})

    def test_a_key_number_never_comes_back(self):
        ring = KeyRing.generate().rotated()
        with self.assertRaisesRegex(KeyRingError, "rotate the ring before"):
            ring.without(2)
        self.assertEqual(ring.without(1).rotated().numbers, (2, 3))
        with self.assertRaisesRegex(KeyRingError, "no key 9"):
            ring.without(9)

    def test_a_full_ring_is_not_rotated(self):
        ring = KeyRing.generate()
        for _ in range(LARGEST_RING - 1):
            ring = ring.rotated()
        with self.assertRaisesRegex(KeyRingError, "drop a key"):
            ring.rotated()

    def test_weak_keys_are_refused(self):
        for keys in ({}, {1: b"short"}, {0: SECRET}, {n: SECRET for n in range(1, 10)}):
            with self.assertRaises(KeyRingError):
                KeyRing(keys)

    def test_a_saved_ring_makes_the_same_codes(self):
        ring = KeyRing.generate().rotated()
        ring.save(self.path)
        loaded = KeyRing.load(self.path)
        self.assertEqual(loaded.numbers, (1, 2))
        self.assertEqual(loaded.sign("7K3QM9XWTA"), ring.sign("7K3QM9XWTA"))

    def test_only_the_owner_can_read_a_saved_ring(self):
        self.path.touch(mode=0o644)
        KeyRing.generate().save(self.path)
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o600)
        self.assertEqual([entry.name for entry in self.path.parent.iterdir()], [self.path.name])

    def test_a_broken_file_is_named_and_its_secrets_are_not_shown(self):
        secret = SECRET.hex()
        for content in (
            "",
            "[]",
            "{}",
            '{"keys": []}',
            '{"keys": [{"number": 1}]}',
            f'{{"keys": [{{"number": 1, "secret": "{secret}zz"}}]}}',
            f'{{"keys": [{{"number": 1, "secret": "{secret}"}}',
            json.dumps({"keys": [{"number": 1, "secret": secret}] * 2}),
        ):
            self.path.write_text(content)
            with self.assertRaises(KeyRingError) as caught:
                KeyRing.load(self.path)
            self.assertNotIn(secret[:8], str(caught.exception))
        self.assertNotIn(secret[:8], repr(RING))

    def test_a_missing_file_is_named(self):
        with self.assertRaisesRegex(KeyRingError, "tag-keys.json"):
            KeyRing.load(self.path)
        with self.assertRaisesRegex(KeyRingError, "Cannot write"):
            RING.save(self.path / "below" / "tag-keys.json")
