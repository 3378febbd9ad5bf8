"""The measures of `expect`, as docs/language.md defines them, of spikes from another simulator; and the table of runs that a
comment of a model quotes: mean and sd over seeds."""
import sys

import numpy as np


def rate(times, cells, begin, end):
    """Spikes per cell and second; times in s, of all the `cells` cells."""
    return np.count_nonzero((times > begin) & (times <= end)) / cells / (end - begin)


def cv_isi(times, index, begin, end):
    """Mean over the cells with at least 5 intervals of sd/mean, ddof 1."""
    inside = (times > begin) & (times <= end)
    times, index = times[inside], index[inside]
    order = np.lexsort((times, index))
    trains = np.split(times[order], np.flatnonzero(np.diff(index[order])) + 1)
    isi = [np.diff(train) for train in trains if len(train) > 5]
    return np.mean([np.std(i, ddof=1) / np.mean(i) for i in isi]) if isi else np.nan


def synchrony(times, index, cells, begin, end):
    """Golomb's chi squared of the counts in bins of 1 ms."""
    bins = int(round((end - begin) * 1e3))
    inside = (times > begin) & (times <= end)
    counts = np.zeros((cells, bins))
    np.add.at(counts, (index[inside], np.minimum(np.ceil((times[inside] - begin) * 1e3 - 1e-6).astype(int) - 1, bins - 1)), 1)
    each = counts.var(axis=1).mean()
    return counts.mean(axis=0).var() / each if each else np.nan


def frequency(times, begin, end):
    """Where the power spectrum of the count in bins of 1 ms is largest, in Hz."""
    bins = int(round((end - begin) * 1e3))
    inside = times[(times > begin) & (times <= end)]
    index = np.minimum(np.ceil((inside - begin) * 1e3 - 1e-6).astype(int) - 1, bins - 1)
    counts = np.bincount(index, minlength=bins).astype(float)
    power = np.abs(np.fft.rfft(counts - counts.mean())) ** 2
    power[-1] = 0
    return int(np.argmax(power)) / (end - begin)


def silent(index, cells):
    return 1 - len(np.unique(index)) / cells


def table(run, seeds):
    """Prints what `run(seed)`, a dict of figures, gives over the seeds."""
    runs = [run(seed) for seed in seeds]
    print(f"{sys.argv[0].rsplit('/', 1)[-1]}, {len(runs)} seeds")
    for name in runs[0]:
        figures = np.array([r[name] for r in runs])
        print(f"  {name:24} {figures.mean():10.4f} +- {figures.std(ddof=1):8.4f}   {figures.min():10.4f} .. {figures.max():10.4f}")
