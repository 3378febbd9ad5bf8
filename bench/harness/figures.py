"""Numbers of repeats, and tables of them, as text for a terminal and as Markdown for docs/performance.md."""

import statistics


def summary(values):
    return {"median": statistics.median(values), "min": min(values), "n": len(values)}


def summaries(table):
    return {key: summary(values) for key, values in table.items()}


def ratio(above, below):
    """Of two summaries: medians by medians, minima by minima. The second is what a busy machine disturbs least."""
    return {"median": above["median"] / below["median"], "min": above["min"] / below["min"]}


def short(value, digits=3):
    """Three significant digits, no exponent."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if value == 0:
        return "0"
    size = abs(value)
    whole = len(str(int(size))) if size >= 1 else 0
    if whole >= digits:
        return f"{value:,.0f}"
    zeros = 0
    while size < 1 and size * 10 ** (zeros + 1) < 1:
        zeros += 1
    return f"{value:.{digits - whole + zeros}f}"


class Table:
    """The first column is text, the others numbers or text."""

    def __init__(self, title, header, rows, notes=()):
        self.title, self.header, self.notes = title, header, notes
        self.rows = [[short(cell) for cell in row] for row in rows]

    def text(self):
        cells = [list(self.header), *self.rows]
        widths = [max(len(row[i]) for row in cells) for i in range(len(self.header))]
        lines = [self.title]
        for row in cells:
            lines.append("  " + "  ".join([row[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(row[1:], widths[1:])]).rstrip())
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])

    def markdown(self):
        lines = [f"{self.title}", "", "| " + " | ".join(self.header) + " |", "| " + " | ".join("---" for _ in self.header) + " |"]
        lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in self.rows]
        return "\n".join([*lines, *(["", *self.notes] if self.notes else [])])
