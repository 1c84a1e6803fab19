"""Keeps the ratios of a run in a file, and says where another run falls behind them."""
import json
import os

from contestant import Failed

# Ratios to a floor or a peer that is measured in turn scatter by about a tenth between runs of a
# quiet machine, and by more beside other programs.
TOLERANCE = 0.3


def ratios(report):
    """Times the floor, and times the cell by hand (the less the better), and times as fast as each
    peer (the more the better)."""
    cases = {r['case']: r['ratios'] for r in report['recorded']}
    for entry in report['cases']:
        figures = {label: round(peer['ratio']['median'], 2)
                   for label, peer in entry['peers'].items()}
        if 'times_floor' in entry:
            figures['floor'] = round(entry['times_floor']['median'], 2)
        cases[entry['case']] = figures
    return cases


def read(path):
    try:
        with open(path) as f:
            return json.load(f)
    except FileNotFoundError:
        raise Failed(f'{path} is not there; --keep {path} makes it, on a quiet machine') from None


def keep(report, path):
    """Cases that this run has not keep what the file has, if it is of the same processor."""
    kept = {}
    if os.path.exists(path):
        before = read(path)
        if before['machine'] == report['machine']:
            kept = before['cases']
    with open(path, 'w') as f:
        json.dump({'machine': report['machine'], 'commit': report['commit'],
                   'date': report['date'], 'threads': report['threads'], 'tolerance': TOLERANCE,
                   'cases': {**kept, **ratios(report)}}, f, indent=1)
        f.write('\n')


def worse(case, label, before, now):
    """By which factor, and what to say of it."""
    if case.startswith('recorded'):
        return now / before, f'{case}: {label} takes {now} times as long as by hand, was {before}'
    if label == 'floor':
        return now / before, f'{case}: takes {now} times its floor, was {before}'
    return before / now, f'{case}: {now} times as fast as {label}, was {before}'


def regressions(report, path):
    """One sentence for every ratio that is worse than the stored one by more than the tolerance,
    and the number of ratios that were compared."""
    stored = read(path)
    allowed, sentences, compared = 1 + stored['tolerance'], [], 0
    for case, now in ratios(report).items():
        before = stored['cases'].get(case, {})
        for label in now.keys() & before.keys():
            compared += 1
            ratio, sentence = worse(case, label, before[label], now[label])
            if ratio > allowed:
                sentences.append(sentence)
    return sentences, compared


def tell(report, path):
    """Prints what regressed; true when nothing did."""
    stored = read(path)
    sentences, compared = regressions(report, path)
    if stored['machine'] != report['machine']:
        print(f'{path} was measured on {stored["machine"]["processor"]}, '
              f'{stored["machine"]["vectors"]}: ratios to a floor differ between processors')
    for sentence in sorted(sentences):
        print('regression: ' + sentence)
    print(f'{compared} ratios compared with {path}, {len(sentences)} worse by more than '
          f'{stored["tolerance"]:.0%}')
    return not sentences
