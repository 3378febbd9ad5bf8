"""Starts `eic run` and other programs, pinned to as many processors as asked for. In: arguments; out: wall time, JSON, memory."""

import json
import os
import pathlib
import subprocess
import tempfile
import threading
import time

from .machine import ROOT, usable_cpus


class Failed(RuntimeError):
    """A program that was to be measured ended badly; its last words are in the text."""


def pinned(count):
    """For `preexec_fn`: the last `count` processors, or nothing where the system has no such call or not as many."""
    cpus = usable_cpus()
    if not hasattr(os, "sched_setaffinity") or not count or count >= len(cpus):
        return None
    chosen = set(cpus[-count:])
    return lambda: os.sched_setaffinity(0, chosen)


def finished(command, *, cpus=0, env=None, cwd=None, timeout=600):
    began = time.perf_counter()
    try:
        done = subprocess.run(
            [str(word) for word in command],
            capture_output=True,
            text=True,
            cwd=cwd,
            timeout=timeout,
            env=os.environ | (env or {}),
            preexec_fn=pinned(cpus),
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise Failed(str(fault)) from fault
    wall_s = time.perf_counter() - began
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines() or ["no message"]
        told = next((line for line in words if "error" in line.lower()), words[-1])
        raise Failed(f"{pathlib.Path(command[0]).name} ended with {done.returncode}: {told.replace(f'{ROOT}/', '')[-250:]}")
    return wall_s, done.stdout


def last_object(text):
    """The JSON object in the last line that looks like one: peers print more than we asked for."""
    for line in reversed(text.splitlines()):
        if line.startswith("{"):
            return json.loads(line)
    raise Failed("no JSON was printed")


class Eic:
    """The program under test, with a cache folder and a folder for recordings of its own."""

    def __init__(self, build, scratch):
        self.binary, self.scratch = build / "eic", scratch
        self.cache = scratch / "cache"

    def run(self, *arguments, model=ROOT / "models/cobahh.eic", cache=None, cpus=0, timeout=900):
        """Wall seconds of the whole process, and what it reports."""
        command = [self.binary, "run", model, "--json", "--out", self.scratch / "out", *arguments]
        wall_s, text = finished(command, cpus=cpus, env={"EIC_CACHE_DIR": str(cache or self.cache)}, timeout=timeout)
        return wall_s, json.loads(text)

    def peak_memory(self, *arguments, model=ROOT / "models/cobahh.eic", timeout=900):
        """Bytes that were in memory at most, and what it reports. The system's mark of a child starts at what its parent held
        when it was started: this program's some 20 MB, below what any run of `eic` takes."""
        command = [str(word) for word in (self.binary, "run", model, "--json", "--out", self.scratch / "out", *arguments)]
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(command, stdout=output, stderr=errors, env=os.environ | {"EIC_CACHE_DIR": str(self.cache)})
            killer = threading.Timer(timeout, process.kill)
            killer.start()
            _, status, usage = os.wait4(process.pid, 0)
            killer.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            errors.seek(0)
            text, words = output.read().decode(), errors.read().decode()
        if process.returncode:
            raise Failed(f"eic ended with {process.returncode}: {words.strip().splitlines()[-1:]}")
        return usage.ru_maxrss * 1024, json.loads(text)
