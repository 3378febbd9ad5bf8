"""The network that eic and every peer run: benchmark 3 of Brette et al. (2007), as models/cobahh.eic states it, with one drawn
graph and one set of starting voltages for all. Only the standard library: each peer lives in an environment of its own.

Also what the peers' scripts share: their arguments, and the one JSON object that each prints."""

import argparse
import array
import json
import pathlib
import random
import time

STARTED = time.perf_counter()

# ms, mV, nS, pF; per cell: a membrane of 20000 um^2 with 1 uF/cm^2
EXCITATORY_SHARE, OUT_DEGREE = 0.8, 80
AREA_UM2, CAPACITANCE, LEAK, G_NA, G_K = 20000, 200, 10, 20000, 6000
E_LEAK, E_NA, E_K, SHIFT, THRESHOLD = -60, 50, -90, -63, -20
TAU_EXC, TAU_INH, E_EXC, E_INH, W_EXC, W_INH = 5, 10, 0, -80, 6, 67
DT, DELAY = 0.1, 0.1
V_FROM, V_TO = -70, -60


class Network:
    """Cell i has the targets [80 i, 80 (i + 1)), in ascending order; the first 80 % of the cells excite."""

    def __init__(self, cells, v, targets):
        self.cells, self.excitatory, self.v, self.targets = cells, int(cells * EXCITATORY_SHARE), v, targets

    def sources(self):
        return array.array("I", (i for i in range(self.cells) for _ in range(OUT_DEGREE)))


def draw(cells, seed):
    generator = random.Random(seed)
    v = array.array("d", (generator.uniform(V_FROM, V_TO) for _ in range(cells)))
    targets = array.array("I")
    everyone = range(cells)
    for _ in range(cells):
        targets.extend(sorted(generator.sample(everyone, OUT_DEGREE)))
    return Network(cells, v, targets)


def write(folder, cells, seed):
    """The binary files that the peers read, and the same as a model with lists for eic: network.eic."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "network.eic").write_text(listed_model(cells))
    network = draw(cells, seed)
    (folder / "v.f64").write_bytes(network.v.tobytes())
    (folder / "targets.u32").write_bytes(network.targets.tobytes())
    (folder / "v.csv").write_text("v_mV\n" + "".join(f"{v!r}\n" for v in network.v))
    split = network.excitatory
    for name, begin, end in (("exc", 0, split), ("inh", split, cells)):
        with open(folder / f"{name}.csv", "w") as file:
            file.write("pre,post\n")
            for i in range(begin, end):
                file.writelines(f"{i - begin},{post}\n" for post in network.targets[OUT_DEGREE * i : OUT_DEGREE * (i + 1)])


def listed_model(cells):
    """models/cobahh.eic, its draws replaced by the lists."""
    text = (pathlib.Path(__file__).resolve().parents[2] / "models/cobahh.eic").read_text().partition("\nsweep ")[0]
    split = int(cells * EXCITATORY_SHARE)
    for old, new, times in (
        ("uniform(-70 mV, -60 mV)", 'csv("v.csv")', 1),
        ("HH[4000] { E = 0 .. 3200, I = 3200 .. 4000 }", f"HH[{cells}] {{ E = 0 .. {split}, I = {split} .. {cells} }}", 1),
        ("fixed_outdegree(80)", "csv", 2),
    ):
        if text.count(old) != times:
            raise SystemExit(f"models/cobahh.eic has changed: `{old}` is not in it {times} times")
        text = text.replace(old, new)
    for name in ("exc", "inh"):
        text = text.replace("connect = csv,", f'connect = csv("{name}.csv"),', 1)
    return text + "\n"


def read(folder):
    v, targets = array.array("d"), array.array("I")
    v.frombytes((folder / "v.f64").read_bytes())
    targets.frombytes((folder / "targets.u32").read_bytes())
    return Network(len(v), v, targets)


def rates(v):
    """alpha and beta of m, h and n at v, in 1/ms."""
    from math import exp, expm1

    ratio = lambda x, y: y if x == 0 else x / expm1(x / y)
    w = v - SHIFT
    return {
        "m": (0.32 * ratio(13 - w, 4), 0.28 * ratio(w - 40, 5)),
        "h": (0.128 * exp((17 - w) / 18), 4 / (1 + exp((40 - w) / 5))),
        "n": (0.032 * ratio(15 - w, 5), 0.5 * exp((10 - w) / 40)),
    }


def steady(v):
    """m, h and n of a cell that has been at v for ever: what they start from."""
    return {gate: alpha / (alpha + beta) for gate, (alpha, beta) in rates(v).items()}


def arguments():
    """What each peer's script is given; `modes` of a peer are its own (a code generator, a precision)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--network", type=pathlib.Path, required=True, help="folder with the drawn network")
    parser.add_argument("--build", type=pathlib.Path, required=True, help="folder for what the peer compiles")
    parser.add_argument("--duration", type=float, default=100, help="ms")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--mode", default="")
    options = parser.parse_args()
    options.build.mkdir(parents=True, exist_ok=True)
    return options


def peak_memory_mb(process="self"):
    for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return None


def report(network, options, *, version, spikes, run_s, setup_s, compile_s=0.0, import_s=0.0, delay=DELAY, memory_mb=None):
    """`spikes` are the indices of the cells that fired; `run_s` is the wall time of the loop over time alone."""
    of_exc = sum(1 for i in spikes if i < network.excitatory)
    per_second = 1000 / options.duration
    print(
        json.dumps(
            {
                "version": version,
                "mode": options.mode,
                "threads": options.threads,
                "cells": network.cells,
                "synapses": len(network.targets),
                "duration_ms": options.duration,
                "delay_ms": delay,
                "import_s": import_s,
                "compile_s": compile_s,
                "setup_s": setup_s,
                "run_s": run_s,
                "ms_per_1000_steps": 1e6 * run_s / round(options.duration / DT),
                "memory_mb": memory_mb if memory_mb is not None else peak_memory_mb(),
                "spikes": len(spikes),
                "rate_hz": len(spikes) * per_second / network.cells,
                "rate_e_hz": of_exc * per_second / network.excitatory,
                "rate_i_hz": (len(spikes) - of_exc) * per_second / (network.cells - network.excitatory),
            }
        )
    )
