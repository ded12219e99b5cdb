"""Two people, or one double click, at the same moment: one quote, one contract, one invoice, one payment, one project."""

from tools.live import worlds
from tools.live.support import LiveCase



class TestTwiceIsOnce(LiveCase):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.db = self.new_database()
        self.install(self.db)
        self.run_shell(self.db, worlds.code("sheet(env).id"))

    def race(self, name):
        """What the rounds of a race brought."""
        code = f"import sys\nsys.path.append({str(worlds.project.ROOT)!r})\nfrom tools.live import race\nresult = race.{name}(env)"
        return self.run_shell(self.db, code)

    def check(self, name, refusable=False):
        """Each round makes one thing; a loser gets it too, or (where it may) a sentence."""
        rounds = self.race(name)
        for found in rounds:
            self.assertEqual(found["results"], 1, rounds)
            self.assertIn("done", found["outcomes"], rounds)
            for outcome in found["outcomes"]:
                allowed = outcome == "done" or (refusable and outcome.startswith("refused: ") and len(outcome) > 30)
                self.assertTrue(allowed, rounds)

    def test_two_at_once_make_one(self):
        for name, refusable in (
            ("generate", True),
            ("finalize", True),
            ("sign_up", True),
            ("start", True),
            ("invoice", True),
            ("collect", True),
            ("collect_again", False),
        ):
            with self.subTest(name):
                self.check(name, refusable)
