"""What is measured on: the processor, its vectors, how busy it is. In: nothing. Out: plain values for tables and JSON."""

import datetime
import os
import pathlib
import platform
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def _lscpu():
    if not shutil.which("lscpu"):
        return {}
    text = subprocess.run(["lscpu"], capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"}).stdout
    return dict(map(str.strip, line.split(":", 1)) for line in text.splitlines() if ":" in line)


def load():
    return [round(x, 2) for x in os.getloadavg()]


def usable_cpus():
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))


def available_bytes():
    try:
        for line in pathlib.Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return 1024 * int(line.split()[1])
    except OSError:
        pass
    return 0


def describe():
    """A loaded machine makes every wall time a bound from above, so its load stands beside its name."""
    fields = _lscpu()
    flags = fields.get("Flags", "").split()
    return {
        "cpu": fields.get("Model name", platform.processor() or platform.machine()),
        "family_model": f"{fields.get('CPU family', '?')}/{fields.get('Model', '?')}",
        "cpus": len(usable_cpus()),
        "caches": {level: fields[level] for level in ("L1d cache", "L2 cache", "L3 cache") if level in fields},
        "avx2": "avx2" in flags,
        "avx512": "avx512f" in flags,
        "memory_gb": round(available_bytes() / 1e9, 1),
        "load": load(),
        "system": f"{platform.system()} {platform.release()}",
        "architecture": platform.machine(),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
    }


def machine_class(machine):
    """Ratios of one class are compared with each other: the instruction set decides them first."""
    vectors = "avx512" if machine["avx512"] else "avx2" if machine["avx2"] else "other"
    return f"{machine['architecture']} {vectors}"


def sentence(machine):
    caches = ", ".join(f"{level.split()[0]} {size.split(' (')[0]}" for level, size in machine["caches"].items())
    return (
        f"{machine['cpu']} (family/model {machine['family_model']}), {machine['cpus']} CPUs, "
        f"AVX-512 {'yes' if machine['avx512'] else 'no'}"
        f"{', ' + caches if caches else ''}, load {' '.join(map(str, machine['load']))}, {machine['system']}"
    )
