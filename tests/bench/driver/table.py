"""The report of a run as a table, for a terminal or in Markdown."""


def duration(seconds):
    for unit, scale in (('s', 1), ('ms', 1e-3), ('us', 1e-6)):
        if seconds >= scale:
            break
    return f'{seconds / scale:.3g} {unit}'


def spread(figures):
    return f'{figures["median"]:.1f} ({figures["low"]:.1f}-{figures["high"]:.1f})'


def memory(entry):
    return f'{entry["peak_mib"]:.0f} MiB' if entry['peak_mib'] else ''


HEADINGS = ['case', 'ours', 'memory', 'floor', 'times floor', 'peer', 'peer takes', 'memory',
            'ratio', 'difference', 'others']


def lines_of(entry):
    """Cells of one case: a line for each peer, ours in the first."""
    floor = entry.get('floor_seconds')
    ours = [entry['case'], duration(entry['seconds']['median']), memory(entry),
            duration(floor) if floor else '', spread(entry['times_floor']) if floor else '']
    others = f'{entry["other_load"]:.1f}'
    lines = []
    for label, peer in entry['peers'].items():
        off = peer['difference']
        lines.append([label, duration(peer['seconds']['median']), memory(peer),
                      spread(peer['ratio']), '' if off is None else f'{off:.0e}'])
    lines = lines or [[''] * 5]
    return [ours + lines[0] + [others]] + [[''] * 5 + line + [''] for line in lines[1:]]


def heading(report):
    """What a reader must know before the numbers, as a list of sentences."""
    machine = report['machine']
    sentences = [f'{machine["processor"]}, {machine["cores"]} cores, {machine["vectors"]}; '
                 f'commit {report["commit"]}, {report["date"]}.',
                 f'Medians of {report["rounds"]} rounds in turn, range in brackets; '
                 f'{report["threads"]} threads.']
    loud = sum(entry['other_load'] > report['quiet'] for entry in report['cases'])
    if loud:
        sentences.append(f'The machine was not quiet: other programs kept more than '
                         f'{report["quiet"]} cores busy in {loud} of {len(report["cases"])} cases '
                         f'(load average {report["load_average"]:.1f}).')
    return sentences


class Terminal:
    """Prints a line of the table as soon as its case is done."""
    widths = [34, 8, 8, 8, 16, 23, 10, 8, 17, 10, 6]

    def line(self, cells):
        print('  '.join(c.ljust(w) for c, w in zip(cells, self.widths)).rstrip(), flush=True)

    def begin(self):
        self.line(HEADINGS)

    def case(self, entry):
        for cells in lines_of(entry):
            self.line(cells)

    def end(self, report):
        print('\n' + '\n'.join(heading(report)))
        print('floor: operations over the rate of products of that size, or bytes over the rate of '
              'the memory,\nmeasured before every turn; others: cores that other programs kept busy')


class Markdown:
    """Prints the whole report when all cases are done."""

    def begin(self):
        self.entries = []

    def case(self, entry):
        self.entries.append(entry)

    def end(self, report):
        print('\n'.join(heading(report)) + f' Command: `./dev bench {report["arguments"]}`\n')
        print('| ' + ' | '.join(HEADINGS) + ' |\n' + '|---' * len(HEADINGS) + '|')
        for entry in self.entries:
            for cells in lines_of(entry):
                print('| ' + ' | '.join(cells) + ' |')
