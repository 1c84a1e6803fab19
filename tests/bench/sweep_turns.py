"""sweep_turns.py LYAP FOLDER POINTS - the fixed cost of a network of a sweep: untrained RNNs of 16
units, five steps of one sequence, one worker. Its floor: the same files, written and flushed."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + '/peers')
import turns

lyap, folder, points = sys.argv[1], sys.argv[2], int(sys.argv[3])
pipeline = f'''lyap: 1
name: fixed-cost
trials:
  sweep: {{network: {{count: {points}}}}}
  task: {{use: driven_noise, with: {{inputs: 1}}}}
  cell: {{use: rnn, with: {{units: 16}}}}
  measure: [{{use: spectrum, as: le, with: {{sequences: 1, steps: 5}}}}]
  record: {{spectrum: le.spectrum}}
'''


def run_sweep(parent):
    with open(parent + '/fixed-cost.yaml', 'w') as f:
        f.write(pipeline)
    done = subprocess.run([lyap, 'sweep', 'run', 'fixed-cost.yaml', '--jobs', '1', '-j', '1'],
                          cwd=parent, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr.strip())


def contents(parent):
    """All files below: relative path and bytes."""
    found = []
    for place, _, names in os.walk(parent):
        for name in names:
            with open(os.path.join(place, name), 'rb') as f:
                found.append((os.path.relpath(os.path.join(place, name), parent), f.read()))
    return found


def write_flushed(parent, files):
    for path, data in files:
        target = os.path.join(parent, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, 'wb') as f:
            f.write(data)
            f.flush()
            os.fsync(f.fileno())


def turn():
    with tempfile.TemporaryDirectory(dir=folder) as parent:
        seconds, _ = turns.timed(lambda: run_sweep(parent))
        files = contents(parent)
        copy = parent + '/copy'
        floor, _ = turns.timed(lambda: write_flushed(copy, files))
        shutil.rmtree(copy)
    return {'seconds': seconds / points, 'floor_seconds': floor / points, 'numbers': [],
            'peak_mib': None}  # the work is done in other processes


turns.take(turn)
