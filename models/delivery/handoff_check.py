from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be there before works begin; `detail` says what was found, or what to do."""

    key: str
    label: str
    is_done: bool
    detail: str = ""

    def to_html(self, env):
        """Draw it as a row of a list, with a mark that is also read aloud."""
        icon, colour = ("fa-check-square-o", "text-success") if self.is_done else ("fa-square-o", "text-warning")
        mark = env._("Done") if self.is_done else env._("Missing")
        return Markup("<li class='mb-1'><i class='fa %s %s me-2' title='%s'></i><b>%s</b> <span>%s</span></li>") % (
            icon,
            colour,
            mark,
            self.label,
            self.detail,
        )
