"""How every program that is timed takes its turns: it says `{}` when it is ready, and does its work
once for every line of standard input, with seconds and results as one line of JSON."""
import json
import resource
import sys
import time


def timed(work):
    """(seconds, what `work` gave)"""
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def take(turn):
    """turn(): (seconds, numbers), or a dictionary with both and more."""
    print('{}', flush=True)
    for _ in sys.stdin:
        result = turn()
        if not isinstance(result, dict):
            result = {'seconds': result[0], 'numbers': [float(x) for x in result[1]]}
        result.setdefault('peak_mib', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        print(json.dumps(result), flush=True)
