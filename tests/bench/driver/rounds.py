"""One case: our program and its peers in turn, A B A B, and what came of it."""
import statistics
import time

from contestant import Contestant
from machine import OtherLoad

QUIET = 0.2  # cores that other programs may keep busy in a round that counts
CLOSE = 1.25  # variants of a peer within this factor of its fastest go on racing
HOPELESS = 4  # and those beyond this one are not waited for


class Figures:
    """The median of some numbers, with their range."""

    def __init__(self, values):
        self.median, self.low, self.high = statistics.median(values), min(values), max(values)

    def json(self):
        return {'median': self.median, 'low': self.low, 'high': self.high}


def difference(ours, theirs):
    """The largest difference of two results, or nothing when they are not of one kind."""
    if not ours or len(ours) != len(theirs):
        return None
    return max(abs(a - b) for a, b in zip(ours, theirs))


def open_all(case, folder, options):
    """Our program, and the variants of every peer; all of them ready."""
    ours = Contestant(case.our_command(folder, options))
    peers = {}
    if options.peers:
        for label, variants in case.peers.items():
            peers[label] = [Contestant([str(w).replace('FOLDER', folder) for w in variant])
                            for variant in variants]
    for contestant in [ours] + [c for variants in peers.values() for c in variants]:
        contestant.wait_until_ready()
    return ours, peers


def keep_the_fast(peers):
    """Everybody's first turn, which warms them up; only the fast variants of each peer go on. Threads
    that wait for each other are so slow on a busy machine that nobody waits for the end of it."""
    for label, variants in peers.items():
        seconds = {}
        for contestant in variants:
            limit = 2 + HOPELESS * min(seconds.values()) if seconds else None
            turn = contestant.turn(at_most=limit)
            if turn:
                seconds[contestant] = turn['seconds']
        fastest = min(seconds.values())
        for contestant in seconds:
            if seconds[contestant] > CLOSE * fastest:
                contestant.__exit__()
        peers[label] = [c for c in seconds if seconds[c] <= CLOSE * fastest]


def one_round(case, ours, peers):
    load = OtherLoad([ours] + [c for variants in peers.values() for c in variants])
    mine = ours.turn()
    result = {'seconds': mine['seconds'], 'floor': case.floor.seconds(mine), 'peers': {},
              'peak_mib': mine.get('peak_mib'), 'gemm_gflops': mine.get('gemm_gflops'),
              'triad_gbytes': mine.get('triad_gbytes')}
    for label, variants in peers.items():
        best = min((c.turn() for c in variants), key=lambda turn: turn['seconds'])
        result['peers'][label] = {'seconds': best['seconds'], 'peak_mib': best.get('peak_mib'),
                                  'difference': difference(mine['numbers'], best['numbers'])}
    result['other_load'] = load.cores()
    return result


def rounds(case, folder, options):
    """So many quiet rounds as asked for; beside other programs the quietest of twice as many."""
    everybody = []
    try:
        ours, peers = open_all(case, folder, options)
        everybody = [ours] + [c for variants in peers.values() for c in variants]
        ours.turn()
        keep_the_fast(peers)
        done = []
        while len(done) < 2 * options.rounds:
            time.sleep(.02)  # threads of the last turn that spin have stopped
            done.append(one_round(case, ours, peers))
            quiet = [r for r in done if r['other_load'] <= QUIET]
            if len(quiet) >= options.rounds or (options.busy and len(done) >= options.rounds):
                break
        return sorted(done, key=lambda r: r['other_load'])[:options.rounds]
    finally:
        for contestant in everybody:
            contestant.__exit__()


def peak(turns):
    """Memory of the largest of them; none when they are several processes'."""
    return max((t['peak_mib'] for t in turns), default=None) if turns[0]['peak_mib'] else None


def summary(case, done):
    """A case's entry of the report: medians and ranges, ratios of each round."""
    entry = {'case': case.name, 'work': case.work, 'floor_is': case.floor.text,
             'seconds': Figures([r['seconds'] for r in done]).json(), 'peers': {},
             'other_load': statistics.median(r['other_load'] for r in done),
             'peak_mib': peak(done)}
    for rate in ('gemm_gflops', 'triad_gbytes'):
        if done[0][rate] is not None:
            entry[rate] = statistics.median(r[rate] for r in done)
    if done[0]['floor'] is not None:
        entry['floor_seconds'] = statistics.median(r['floor'] for r in done)
        entry['times_floor'] = Figures([r['seconds'] / r['floor'] for r in done]).json()
    for label in done[0]['peers']:
        theirs = [r['peers'][label] for r in done]
        entry['peers'][label] = {
            'seconds': Figures([t['seconds'] for t in theirs]).json(),
            'ratio': Figures([t['seconds'] / r['seconds'] for t, r in zip(theirs, done)]).json(),
            'difference': theirs[0]['difference'], 'peak_mib': peak(theirs)}
    return entry
