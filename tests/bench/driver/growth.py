"""How cost grows with size: the exponent of a power law through each curve, and what theory allows."""
import math
import statistics
import tempfile

import cases
from contestant import Contestant

TOLERANCE = 0.2  # of an exponent; memory that outgrows a cache shows as a steeper piece


def exponent(sizes, seconds):
    """Slope of the least-squares line through (ln size, ln seconds)."""
    x, y = [math.log(s) for s in sizes], [math.log(s) for s in seconds]
    mx, my = statistics.mean(x), statistics.mean(y)
    return sum((a - mx) * (b - my) for a, b in zip(x, y)) / sum((a - mx) ** 2 for a in x)


def doubled(first, last):
    sizes = [first]
    while sizes[-1] < last:
        sizes.append(2 * sizes[-1])
    return sizes


def curves(options):
    """(what grows, theory's exponent, {size: case})"""
    tiny, quick = options.size == 'tiny', options.size == 'quick'
    most = 32 if tiny else 256 if quick else 512
    units = doubled(8 if tiny else 32, most)
    small = 8 if tiny else 64

    def spectrum(**what):
        what = {'units': small, 'batch': 8, 'steps': 50, **what}
        return cases.exponents(options, 'spectrum', 'lstm', **what)

    def rows(**what):
        what = {'units': small, 'batch': 32, 'batches': 6, **what}
        return cases.rows(options, 'lstm', **what)

    last = 2 if tiny else 16
    yield 'spectrum lstm, N', 3, {n: spectrum(units=n, steps=20) for n in units}
    yield 'spectrum lstm full state, N', 3, {
        n: spectrum(units=n, steps=20, full=True) for n in units[:-1]}
    yield 'spectrum lstm, T', 1, {50 * k: spectrum(steps=50 * k) for k in doubled(1, last)}
    yield 'spectrum lstm, B', 1, {k * 4: spectrum(batch=k * 4) for k in doubled(1, last)}
    # Between N^2 k of the product and N k^2 of the factorisation.
    yield f'spectrum lstm N={units[-1]}, k', 2, {
        k: spectrum(units=units[-1], steps=20, count=k) for k in doubled(2, units[-1])}
    yield 'spectrum lstm k=1, N', 2, {n: spectrum(units=n, count=1) for n in units}
    yield 'ftle lstm, N', 3, {
        n: cases.exponents(options, 'ftle', 'lstm', n, 8, 20) for n in units}
    yield 'training rows lstm, N', 2, {n: rows(units=n) for n in units}
    yield 'training rows lstm, B', 1, {k * 16: rows(batch=k * 16) for k in doubled(1, last)}
    yield 'training pixels rnn, T', 1, {
        49 * k: cases.pixels(options, small, 32, 3, 49 * k) for k in doubled(1, last)}


def seconds_of(case, options):
    """Processor time of all threads, the least of several turns: other programs disturb it least."""
    with tempfile.TemporaryDirectory() as folder:
        case.write(folder)
        with Contestant(case.our_command(folder, options, with_rates=False)) as ours:
            ours.wait_until_ready()
            ours.turn()
            return min(ours.turn()['processor_seconds'] for _ in range(options.rounds))


def measure(options):
    """A curve a line as it is measured; returns them all."""
    measured = []
    for name, theory, by_size in curves(options):
        if options.only and not set(options.only) & set(name.replace(',', '').split()):
            continue
        seconds = {size: seconds_of(case, options) for size, case in by_size.items()}
        fitted = exponent(list(seconds), list(seconds.values()))
        too_steep = fitted > theory + TOLERANCE
        points = ', '.join(f'{size}: {1e3 * s:.3g}' for size, s in seconds.items())
        print(f'{name:<30} exponent {fitted:5.2f}, theory {theory}  ms of processor time at {points}'
              + ('  WARNING: steeper than theory' if too_steep else ''), flush=True)
        measured.append({'curve': name, 'theory': theory, 'exponent': fitted,
                         'seconds': seconds, 'too_steep': too_steep})
    return measured
