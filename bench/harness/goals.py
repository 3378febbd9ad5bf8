"""The goals that docs/performance.md states, each with its figure. In: the results of the parts that were measured. Out: rows.
A figure is made of medians, the minima stand beside it; a part that was not measured leaves its goals open."""

from . import peers
from .figures import Table, short
from .kernels import Events, Kernel
from .runs import Methods
from .sizes import Build, Memory, Threads

RANDOM_RULES = ("bernoulli", "fixed_indegree", "fixed_outdegree", "fixed_total")


class Row:
    def __init__(self, goal, bound, figure=None, least=None, note=""):
        """`bound` is ("≤" or "≥", number, unit)."""
        self.goal, self.bound, self.figure, self.least, self.note = goal, bound, figure, least, note

    def reached(self):
        if self.figure is None:
            return None
        relation, number, _ = self.bound
        return self.figure <= number if relation == "≤" else self.figure >= number

    def cells(self):
        relation, number, unit = self.bound
        beside = f" (minima {short(self.least)})" if self.least is not None else ""
        figure = "not measured" if self.figure is None else short(self.figure) + beside + (f"; {self.note}" if self.note else "")
        return [
            self.goal,
            f"{relation} {number:g}{unit}",
            figure,
            {None: "–", True: "reached", False: "not reached"}[self.reached()],
        ]


def _kernel(result):
    for k in result["kernels"] if result else []:
        ratio = k["ratio"]
        yield Row(f"kernel / hand-written, {k['precision']}, {k['target']}", ("≤", 1.10, " ×"), ratio["median"], ratio["min"])
    if not result:
        yield Row("kernel / hand-written", ("≤", 1.10, " ×"))


def _events(result):
    for e in result["events"] if result else []:
        yield Row(
            f"delivery / hand-written loop, {e['precision']}, {e['cells']} cells",
            ("≤", 1.2, " ×"),
            e["ratio"]["median"],
            e["ratio"]["min"],
        )
    if not result:
        yield Row("delivery / hand-written loop", ("≤", 1.2, " ×"))


def _start(result):
    for goal, key, kind, bound in (
        ("whole process, single, cold", "wall_ms", "single, cold", 150),
        ("whole process, double, cold", "wall_ms", "double, cold", 150),
        ("whole process, single, warm", "wall_ms", "single, warm", 60),
        ("whole process, double, warm", "wall_ms", "double, warm", 90),
        ("step loop, single", "loop_ms", "single", 24),
        ("step loop, double", "loop_ms", "double", 60),
    ):
        s = result[key][kind] if result else {}
        yield Row(f"`eic run models/cobahh.eic`, {goal}", ("≤", bound, " ms"), s.get("median"), s.get("min"))


def _peers(result):
    others = tuple(dict.fromkeys(peer[0] for peer in peers.PEERS if peer[1] != "braincell"))
    for goal, names, precision, bound in (
        ("braincell / eic, single, one core", ("braincell (JAX)",), "single", 7),
        ("braincell / eic, double, one core", ("braincell (JAX)",), "double", 5),
        ("every other peer / eic, same precision, one core", others, None, 8),
    ):
        least = peers.smallest_ratio(result, names, precision) if result else None
        yield Row(goal, ("≥", bound, " ×"), *((least["median"], least["min"], f"least: {least['of']}") if least else ()))


def _threads(result):
    gains, slowest = {}, None
    for row in result["rows"] if result else []:
        if row["cells"] == 40000 and "2" in row["ns"]:
            gains[row["precision"]] = Threads.gain(row, 2)
        if row["chosen"] > 1:  # with one thread chosen the two are the same run
            gain = Threads.gain(row, 0)
            if slowest is None or gain["min"] < slowest["min"]:
                slowest = gain | {"of": f"at {row['cells']} cells, {row['precision']}, {row['chosen']} threads chosen"}
    for precision, gain in (gains or {"double": {}}).items():
        yield Row(f"two threads, 40,000 cells, {precision}", ("≥", 1.8, " ×"), gain.get("median"), gain.get("min"))
    if slowest:
        yield Row(
            "threads chosen by size, the least gain at any size",
            *(("≥", 1, " ×"), slowest["median"], slowest["min"], slowest["of"]),
        )
    else:
        yield Row(
            "threads chosen by size, the least gain at any size",
            ("≥", 1, " ×"),
            *((1.0, None, "one thread was chosen everywhere") if result else ()),
        )


def _build(result):
    slowest = (
        max(((s["median"], s["min"], rule) for rule, s in result["ns"].items() if rule in RANDOM_RULES), default=None)
        if result
        else None
    )
    yield Row(
        "building, the slowest random rule, one core",
        ("≥", 50, " M synapses/s"),
        *((1e3 / slowest[0], 1e3 / slowest[1], slowest[2].replace("_", " ")) if slowest else ()),
    )


def _memory(result):
    if not result:
        yield Row("10⁶ cells × 1000 synapses", ("≤", 6, " GB"))
        yield Row("a synapse with a constant weight", ("≤", 5, " B"))
        return
    gb, measured = Memory.whole_gb(result)
    yield Row("10⁶ cells × 1000 synapses", ("≤", 6, " GB"), gb, None, "" if measured else "reckoned from smaller ones")
    yield Row("a synapse with a constant weight", ("≤", 5, " B"), result["peak_a_synapse"])


def _methods(result):
    for precision in ("single", "double"):
        known = result and f"exp_leapfrog, {precision}" in result["ns"]
        cost = Methods.cost(result, "exp_leapfrog", precision) if known else {}
        yield Row(f"`exp_leapfrog` / `exp_euler`, {precision}", ("≤", 1.1, " ×"), cost.get("median"), cost.get("min"))


GOALS = (
    (Kernel.name, _kernel),
    ("start", _start),
    ("peers", _peers),
    (Threads.name, _threads),
    (Events.name, _events),
    (Build.name, _build),
    (Memory.name, _memory),
    (Methods.name, _methods),
)


def rows(parts):
    return [row for name, of_part in GOALS for row in of_part(parts.get(name))]


def table(parts):
    return Table("Goals", ["", "goal", "measured", ""], [row.cells() for row in rows(parts)])
