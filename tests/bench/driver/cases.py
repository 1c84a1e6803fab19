"""What is timed, in three sizes: tiny (to test this program), quick (two minutes) and full."""
import os
import sys
from dataclasses import dataclass, field
from typing import Callable

here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, here + '/peers')
import floors
import force_problem
import problem

python = sys.executable


@dataclass
class Case:
    group: str  # spectrum, ftle, training, ...
    name: str
    work: str  # what one turn is, in a sentence
    words: list  # of our program; FOLDER is the problem's
    floor: floors.Floor
    write: Callable[[str], None]  # the problem into a folder
    peers: dict = field(default_factory=dict)  # label: variants, each a command
    threads: int = 0  # of ours; 0: as many as the run has

    def our_command(self, folder, options, with_rates=True):
        """`with_rates`: the rates that the floor needs are measured before every turn."""
        words = [str(w).replace('FOLDER', folder) for w in self.words]
        if words[0] == python:
            return words
        return [options.binary, '--in-turns', '--workers', str(self.threads or options.threads),
                *(self.floor.options if with_rates else []), *words]


def peer(script, *words):
    return [python, f'{here}/peers/{script}', *words]


def thread_counts(options):
    return ['1'] if options.threads == 1 else ['1', str(options.threads)]


# The peers work out exponents alone: no history, no bootstrap, no check of their sum.
ALONE = {'spectrum': ['history=0', 'resamples=0', 'sum_rule=off'], 'ftle': []}


def exponents(options, analysis, cell, units, batch=10, steps=100, full=False, count=0, method=''):
    """Exponents of one network by `spectrum` or `ftle`, beside PyTorch in float64 and float32."""
    words = [analysis, 'FOLDER', cell, units, f'sequences={batch}', *ALONE[analysis]]
    keys = [f'state={"full" if full else "hidden"}', f'count={count}']
    words += keys + ([f'method={method}'] if method else [])
    theirs = keys + ['mean=%d' % (analysis == 'ftle')]

    def variants(dtype, way):
        return [peer('torch_spectrum.py', 'FOLDER', cell, dtype, way, threads, *theirs)
                for threads in thread_counts(options)]

    peers = {'PyTorch f64': variants('f64', 'qr')}
    if options.size == 'full' and not count:
        peers['PyTorch f64, implicit Q'] = variants('f64', 'implicit')
    if options.every_peer and not count and not method:
        peers['PyTorch f32'] = variants('f32', 'qr')
        if units <= 256:
            peers['as published, f32'] = variants('f32', 'published')
    name = ' '.join(w for w in (analysis, cell, f'N={units}', 'full state' if full else '',
                                f'k={count}' if count else '', method) if w)
    return Case(analysis, name, f'{batch} sequences of {steps} steps, float64', words,
                floors.exponents(cell, units, batch, steps, count, full, analysis == 'ftle'),
                lambda folder: problem.driven(folder, cell, units, batch, steps), peers)


def training(options, name, cell, units, batch, steps, inputs, classes, every_step, batches=8):
    words = ['FOLDER', cell, units, batch, batches]
    return Case('training', f'training {name} {cell} N={units}',
                f'a batch of {batch} sequences of {steps} steps, float32', ['train', *words],
                floors.training(cell, units, batch, steps, inputs, classes, every_step,
                                options.threads),
                lambda folder: problem.training(folder, cell, units, batch, batches, steps, inputs,
                                                classes, every_step),
                {'PyTorch f32': [peer('torch_training.py', *words, threads)
                                 for threads in thread_counts(options)]})


def rows(options, cell, units, batch=128, batches=8):
    return training(options, 'rows', cell, units, batch, 28, 28, 10, False, batches)


def letters(options, units, batch=100, batches=4, steps=99):
    return training(options, 'letters', 'lstm', units, batch, steps, 82, 82, True, batches)


def pixels(options, units, batch=128, batches=4, steps=784):
    return training(options, 'pixels', 'rnn', units, batch, steps, 1, 10, False, batches)


def autoencoder(options, length, networks, batch, epochs):
    words = ['FOLDER', batch, epochs]
    return Case('autoencoder', f'autoencoder n={length}',
                f'{epochs} epochs on {networks} spectra, batch {batch}, float32',
                ['autoencoder', *words], floors.autoencoder(length, networks, batch, epochs),
                lambda folder: problem.spectra(folder, networks, length),
                {'PyTorch f32': [peer('torch_autoencoder.py', *words, threads)
                                 for threads in thread_counts(options)]})


def force(options, units, epochs, test_epochs):
    words = ['FOLDER', units, epochs, test_epochs]
    return Case('force', f'FORCE N={units}',
                f'{epochs} epochs of 1200 steps, tests of {test_epochs} times as many before and after '
                'each, one thread, float64',
                ['force', *words], floors.force(units, epochs, test_epochs),
                lambda folder: force_problem.write(folder, units),
                {'NumPy f64': [peer('numpy_force.py', *words)],
                 'NumPy, P in place': [peer('numpy_force.py', *words, 'in-place')]}, threads=1)


def sweep(options, points):
    lyap = os.path.join(os.path.dirname(options.binary), 'lyap')
    return Case('sweep', 'sweep, each network', f'{points} untrained networks N=16, one worker',
                [python, here + '/sweep_turns.py', lyap, 'FOLDER', points],
                floors.Floor('writing the same files, flushed'), lambda folder: None)


def tiny(options):
    return [exponents(options, 'spectrum', 'lstm', 8, 2, 10),
            exponents(options, 'spectrum', 'lstm', 8, 2, 10, full=True),
            exponents(options, 'spectrum', 'rnn', 8, 2, 10, count=1),
            exponents(options, 'ftle', 'gru', 8, 2, 10),
            training(options, 'rows', 'lstm', 8, 4, 6, 5, 10, False, 3),
            training(options, 'letters', 'gru', 8, 4, 12, 12, 12, True, 3),
            autoencoder(options, 16, 40, 8, 4), force(options, 16, 1, 1), sweep(options, 2)]


def quick(options):
    return ([exponents(options, 'spectrum', cell, 64) for cell in ('rnn', 'lstm', 'gru')] +
            [exponents(options, 'spectrum', 'lstm', 128),
             exponents(options, 'spectrum', 'lstm', 64, full=True),
             exponents(options, 'spectrum', 'lstm', 128, count=32),
             exponents(options, 'spectrum', 'lstm', 128, count=1),
             exponents(options, 'ftle', 'lstm', 64),
             rows(options, 'lstm', 64), rows(options, 'rnn', 64), letters(options, 128),
             autoencoder(options, 256, 400, 64, 20), force(options, 256, 3, 15),
             sweep(options, 20)])


def full(options):
    cells = ('rnn', 'lstm', 'gru')
    return ([exponents(options, 'spectrum', cell, units)
             for cell in cells for units in (64, 128, 256, 512)] +
            [exponents(options, 'spectrum', 'lstm', units, full=True) for units in (64, 128, 256)] +
            [exponents(options, 'spectrum', 'lstm', units, count=units // 4)
             for units in (128, 256, 512)] +
            [exponents(options, 'spectrum', 'lstm', units, count=1) for units in (64, 256, 512)] +
            [exponents(options, 'spectrum', 'lstm', units, method='householder')
             for units in (64, 256)] +
            [exponents(options, 'ftle', cell, 128) for cell in cells] +
            [rows(options, cell, 64) for cell in cells] +
            [rows(options, cell, 256) for cell in cells] +
            [letters(options, 512), pixels(options, 128),
             autoencoder(options, 1024, 1600, 128, 40), force(options, 512, 15, 15),
             sweep(options, 100)])


def chosen(options):
    """The cases of the size that have one of the words of every filter."""
    filters = [options.only, [f'N={n}' for n in options.units], options.cells]

    def wanted(case):
        words = case.name.split() + [case.group]
        return all(not any_of or set(any_of) & set(words) for any_of in filters)

    return [case for case in {'tiny': tiny, 'quick': quick, 'full': full}[options.size](options)
            if wanted(case)]
