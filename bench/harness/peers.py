"""The same network on other simulators and on eic, in turns, in one run.

In: which peers, how many repeats. Out: figures of each, or the reason why it could not be had. Each peer is a script of
bench/peers in an environment of its own; what eic runs is models/cobahh.eic with the same drawn lists."""

import pathlib
import statistics
import sys

from . import environments, machine
from .figures import Table, summary
from .program import Eic, Failed, finished, last_object

HERE = machine.ROOT / "bench/peers"

# name, script and requirements, mode, precision, numbers of threads
PEERS = (
    ("braincell (JAX)", "braincell", "single", "single", (1, 2)),
    ("braincell (JAX)", "braincell", "double", "double", (1, 2)),
    ("Brian2 C++ standalone", "brian2", "double", "double", (1, 2)),
    ("Brian2 C++ standalone", "brian2", "single", "single", (1,)),
    ("Brian2 Cython", "brian2", "cython", "double", (1,)),
    ("CoreNEURON", "neuron", "coreneuron", "double", (1, 2)),
    ("NEURON", "neuron", "", "double", (1, 2)),
    ("Arbor", "arbor", "", "double", (1, 2)),
    ("NEST", "nest", "", "double", (1, 2)),
)
NAMES = tuple(dict.fromkeys(peer[1] for peer in PEERS))
SEED = 1


def say(text):
    print(f"peers: {text}", file=sys.stderr, flush=True)


def drawn(into, cells):
    """The folder of the network's lists, drawn once."""
    sys.path.insert(0, str(HERE))
    import network

    folder = into / f"network-{cells}-{SEED}"
    if not (folder / "inh.csv").exists():
        say(f"drawing the network of {cells} cells")
        network.write(folder, cells, SEED)
    (folder / "network.eic").write_text(network.listed_model(cells))
    return folder


class Contender:
    """One row: how it is started, and what its repeats gave."""

    def __init__(self, label, precision, threads):
        self.label, self.precision, self.threads = label, precision, threads
        self.results, self.python, self.failure = [], None, None

    def figures(self):
        last = self.results[-1]
        median_of = lambda key: statistics.median(r[key] for r in self.results)
        return {
            "name": self.label,
            "version": last["version"],
            "python": self.python,
            "precision": self.precision,
            "threads": self.threads,
            "ms_per_1000_steps": summary([r["ms_per_1000_steps"] for r in self.results]),
            "import_s": median_of("import_s"),
            "compile_s": max(r["compile_s"] for r in [*self.results, self.first]),
            "setup_s": median_of("setup_s"),
            "memory_mb": last["memory_mb"],
            "delay_ms": last["delay_ms"],
            "spikes": last["spikes"],
            "rate_e_hz": last["rate_e_hz"],
            "rate_i_hz": last["rate_i_hz"],
        }

    def start(self):
        """The first run compiles what is to be compiled, and is not counted."""
        self.first = self.once()

    def turn(self):
        self.results.append(self.once())


class Peer(Contender):
    def __init__(self, peer, threads, python, version, options):
        label, script, mode, precision, _ = peer
        super().__init__(label, precision, threads)
        self.python = f"{version[0]}.{version[1]}"
        build = options.into / f"made-{script}-{mode or 'default'}-{threads}-{options.cells}-{options.duration:g}"
        self.command = [
            python,
            HERE / f"on_{script}.py",
            "--network",
            options.network,
            "--build",
            build,
            "--mode",
            mode,
            "--threads",
            threads,
            "--duration",
            options.duration,
        ]
        self.tools = str(pathlib.Path(python).parent)

    def once(self):
        env = {
            "OMP_NUM_THREADS": str(self.threads),
            "PYTHONWARNINGS": "ignore",
            "VIRTUAL_ENV": str(pathlib.Path(self.tools).parent),
        }
        return last_object(finished(self.command, cpus=self.threads, env=env, timeout=1800)[1])


class Ours(Contender):
    def __init__(self, eic, precision, threads, options):
        super().__init__("eic", precision, threads)
        self.eic, self.options, self.python = eic, options, ""

    def arguments(self):
        return ("--precision", self.precision, "--threads", self.threads, "--duration", f"{self.options.duration:g} ms")

    def start(self):
        """Cold, for what compiling takes; and once for its memory."""
        model = self.options.network / "network.eic"
        self.first = self.figures_of(
            self.eic.run(*self.arguments(), model=model, cache=self.eic.scratch / f"cold-{self.precision}-{self.threads}")[1]
        )
        self.memory_mb = self.eic.peak_memory(*self.arguments(), model=model)[0] / 2**20

    def once(self):
        report = self.eic.run(*self.arguments(), model=self.options.network / "network.eic", cpus=self.threads)[1]
        return self.figures_of(report) | {"memory_mb": self.memory_mb}

    def figures_of(self, report):
        groups = report["populations"]
        return {
            "version": report["version"],
            "import_s": 0.0,
            "compile_s": report["compile_s"],
            "setup_s": report["build_s"],
            "ms_per_1000_steps": 1e6 * report["run_s"] / report["steps"],
            "delay_ms": 0.1,
            "spikes": report["spikes"],
            "rate_e_hz": groups["N.E"]["rate_hz"],
            "rate_i_hz": groups["N.I"]["rate_hz"],
        }


def _contenders(options, eic):
    """Those that can be had, and {name: why not} of the others."""
    most = len(machine.usable_cpus())
    found, missing = [], {}
    for precision in ("single", "double"):
        found += [Ours(eic, precision, threads, options) for threads in options.threads if threads <= most]
    made = {}
    for peer in PEERS:
        label, script = peer[:2]
        if script not in options.peers:
            continue
        if script not in made:
            made[script] = environments.environment(script, HERE / f"requirements/{script}.txt", options.into, say)
        python, version, reasons = made[script]
        if python is None:
            missing[label] = "could not be installed: " + "; ".join(reasons)
            continue
        if reasons:
            say(f"{label} runs on Python {version[0]}.{version[1]}: {'; '.join(reasons)}")
        found += [
            Peer(peer, threads, python, version, options) for threads in peer[4] if threads in options.threads and threads <= most
        ]
    return found, missing


def measure(options):
    """`options`: build, into, scratch, cells, duration (ms), repeats, threads, peers."""
    options.into.mkdir(parents=True, exist_ok=True)
    options.network = drawn(options.into, options.cells)
    found, missing = _contenders(options, Eic(options.build, options.scratch))
    load_before = machine.load()
    going = []
    for contender in found:
        say(f"first run of {contender.label}, {contender.precision}, {contender.threads} thread(s)")
        try:
            contender.start()
            going.append(contender)
        except Failed as fault:
            missing[f"{contender.label}, {contender.precision}, {contender.threads} thread(s)"] = str(fault)
    for turn in range(options.repeats):
        say(f"turn {turn + 1} of {options.repeats}")
        for contender in list(going):
            try:
                contender.turn()
            except Failed as fault:
                missing[f"{contender.label}, {contender.precision}, {contender.threads} thread(s)"] = str(fault)
                going.remove(contender)
    return {
        "cells": options.cells,
        "duration_ms": options.duration,
        "repeats": options.repeats,
        "load": [load_before, machine.load()],
        "rows": [contender.figures() for contender in going],
        "missing": missing,
    }


def of_eic(result, precision, threads):
    for row in result["rows"]:
        if row["name"] == "eic" and row["precision"] == precision and row["threads"] == threads:
            return row
    return None


def ratio_to_eic(result, row, by="median"):
    """How many times as long as eic with the same precision and number of threads."""
    ours = of_eic(result, row["precision"], row["threads"])
    return row["ms_per_1000_steps"][by] / ours["ms_per_1000_steps"][by] if ours else None


def tables(result):
    rows = []
    for row in sorted(result["rows"], key=lambda row: (row["threads"], row["ms_per_1000_steps"]["median"])):
        name = f"{row['name']} {row['version']}" + (f" (Python {row['python']})" if row["python"] else "")
        of_itself = row["name"] == "eic"
        rows.append(
            [
                name,
                row["precision"],
                str(row["threads"]),
                row["ms_per_1000_steps"]["median"],
                row["ms_per_1000_steps"]["min"],
                "" if of_itself else ratio_to_eic(result, row),
                "" if of_itself else ratio_to_eic(result, row, "min"),
                row["import_s"],
                row["compile_s"],
                row["setup_s"],
                row["memory_mb"],
                row["rate_e_hz"],
                row["rate_i_hz"],
                f"{row['delay_ms']:g}",
            ]
        )
    notes = [f"{name}: {why}" for name, why in result["missing"].items()]
    synapses = 80 * result["cells"]
    title = (
        f"The same network on other simulators: {result['cells']} cells, {synapses} synapses, {result['duration_ms']:g} ms, "
        f"{result['repeats']} runs each in turns, each on as many processors as it has threads; "
        f"load {result['load'][0][0]} to {result['load'][1][0]}."
    )
    header = [
        "",
        "precision",
        "threads",
        "ms per 1000 steps",
        "min",
        "× eic",
        "of minima",
        "import s",
        "compile s",
        "set-up s",
        "MB",
        "E Hz",
        "I Hz",
        "delay ms",
    ]
    return [Table(title, header, rows, notes)]


def text(result):
    return "\n\n".join(table.text() for table in tables(result))


def smallest_ratio(result, names, precision):
    """The slowest of us against the fastest of them, on one core: {"median", "min", "of"}; None where none was measured."""
    found = [
        row
        for row in result["rows"]
        if row["name"] in names and row["threads"] == 1 and (not precision or row["precision"] == precision)
    ]
    ratios = [(ratio_to_eic(result, row), ratio_to_eic(result, row, "min"), row["name"]) for row in found]
    ratios = [r for r in ratios if r[0] is not None]
    if not ratios:
        return None
    least = min(ratios)
    return {"median": least[0], "min": least[1], "of": least[2]}
