"""Tables into docs/performance.md, between `<!-- bench: NAME -->` and `<!-- bench end -->`; what was not measured stays."""

import re


class NoPlace(RuntimeError):
    """A name that the page has no place for."""


def rewritten(page, blocks):
    """`blocks`: {name: Markdown}."""
    for name, block in blocks.items():
        pattern = re.compile(rf"(<!-- bench: {re.escape(name)} -->\n).*?(<!-- bench end -->)", re.S)
        page, times = pattern.subn(lambda found: found[1] + block.strip() + "\n" + found[2], page)
        if times != 1:
            raise NoPlace(f"the page has {times} places for `{name}`")
    return page
