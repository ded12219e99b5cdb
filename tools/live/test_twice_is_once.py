"""Two people at the same moment make one quote, one contract, one invoice, one payment, one project."""

from tools.live import worlds
from tools.live.support import LiveCase

RACE = f"""
import sys
sys.path.append({str(worlds.project.ROOT)!r})
from tools.live import race_contract, race_deal, race_quote, race_site, race_stages, race_supply, race_works, worlds
worlds.sheet(env)
env.cr.commit()
rooms = (race_deal, race_quote, race_contract, race_supply, race_site, race_stages, race_works)
result = {{name: getattr(room, name)(env) for room in rooms for name in room.RACES}}
"""
# What Odoo logs of the transaction it then starts again.
RETRIED = ("could not serialize access due to concurrent update", "deadlock detected")


class TestTwiceIsOnce(LiveCase):
    maxDiff = None

    def test_two_at_once_make_one_and_the_loser_gets_it_or_a_clear_word(self):
        db = self.new_database()
        self.install(db)
        races = self.run_shell(db, RACE, allow=RETRIED)
        for name, rounds in races.items():
            for found in rounds:
                with self.subTest(name, **found):
                    self.assertEqual(found["results"], 1)
                    self.assertIn("done", found["outcomes"])
                    for outcome in found["outcomes"]:
                        self.assertTrue(outcome == "done" or is_clear(outcome), outcome)
        repeated = [outcome for found in races["collect_again"] for outcome in found["outcomes"]]
        self.assertEqual(set(repeated), {"done"}, "a request sent twice is answered twice alike")


def is_clear(outcome):
    """Whether a refusal is a sentence for people: it names something and ends as sentences do."""
    word, _colon, text = outcome.partition(": ")
    return word == "refused" and len(text) > 30 and text.rstrip().endswith((".", "!"))
