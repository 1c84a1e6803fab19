"""Cells whose derivatives are recorded from their equations, beside the same cells by hand: what
lyap_recorded_bench prints, a line for each cell, type and size."""
import os
import re
import subprocess

from contestant import Failed

LINE = re.compile(r'(?P<cell>\w+) +(?P<dtype>f32|f64) N=(?P<units>\d+)')
OPERATION = re.compile(r'(\w+) ([0-9.]+) \(([0-9.]+) us\)')


def parse(text):
    """[{'case': 'recorded lstm f64 N=64', 'ratios': {'push': 1.1, ...}}, ...]: processor time of the
    recorded cell over that of the one by hand."""
    found = []
    for line in text.splitlines():
        name = LINE.match(line)
        if name:
            found.append({'case': 'recorded {cell} {dtype} N={units}'.format(**name.groupdict()),
                          'ratios': {operation: float(ratio) for operation, ratio, _ in
                                     OPERATION.findall(line)}})
    return found


def measure(options):
    """Nothing where the program was not built, or other cases were asked for."""
    program = os.path.join(os.path.dirname(options.binary), 'lyap_recorded_bench')
    if not os.path.exists(program) or (options.only and 'recorded' not in options.only):
        return []
    units = options.units or {'tiny': [8], 'quick': [64], 'full': [64, 128, 256]}[options.size]
    done = subprocess.run([program, *map(str, units)], capture_output=True, text=True)
    if done.returncode:
        raise Failed(f'{program}: {done.stderr.strip()}')
    return [r for r in parse(done.stdout)
            if not options.cells or set(options.cells) & set(r['case'].split())]


def print_table(measured, markdown):
    if not measured:
        return
    operations = list(measured[0]['ratios'])
    rows = [['recorded / by hand, processor time', *operations]]
    rows += [[r['case'], *(f'{r["ratios"][o]:.2f}' for o in operations)] for r in measured]
    print()
    for i, row in enumerate(rows):
        if markdown:
            print('| ' + ' | '.join(row) + ' |' + ('\n' + '|---' * len(row) + '|' if i == 0 else ''))
        else:
            print(row[0].ljust(36) + ''.join(cell.rjust(10) for cell in row[1:]))
