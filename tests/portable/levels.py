"""levels.py LYAP SDK_TESTS - the program on processors with narrower vectors, emulated by qemu-user: it
runs, its known answers and the SDK's tests hold, and what it computes does not depend on the width.

Nehalem has no AVX, Haswell has AVX2 and FMA; both are given the same BLAS kernels, so that what may
differ is our own choice of code alone."""
import glob
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

lyap, sdk_tests = (os.path.abspath(sys.argv.pop(1)) for _ in range(2))
NATIVE, NEHALEM, HASWELL = [], ['qemu-x86_64', '-cpu', 'Nehalem'], ['qemu-x86_64', '-cpu', 'Haswell']
PIPELINE = '''lyap: 1
name: levels
trials:
  task: {use: digits, with: {train: 256, test: 64}}
  cell: {use: CELL, with: {units: 24}}
  train: {use: bptt, with: {epochs: 1, batch: 64}}
  measure: [{use: spectrum, as: le, at: [0, 1], with: {sequences: 3}}]
  record: {loss: train.train_loss, before: "le.spectrum[0]", after: "le.spectrum[1]"}
'''


def run(emulator, *words, **more):
    done = subprocess.run([*emulator, lyap, *words], capture_output=True, text=True,
                          env={**os.environ, 'OPENBLAS_CORETYPE': 'Nehalem'}, **more)
    return done


def read_float64(path):
    with open(path, 'rb') as f:
        raw = f.read()
    size = struct.unpack('<Q', raw[:8])[0]
    found = {}
    for name, entry in json.loads(raw[8:8 + size]).items():
        if entry.get('dtype') == 'F64':
            begin, end = (8 + size + offset for offset in entry['data_offsets'])
            found[name] = struct.unpack(f'<{(end - begin) // 8}d', raw[begin:end])
    return found


def columns(emulator, cell):
    """What a small run records: losses and exponents before and after an epoch."""
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + '/levels.yaml', 'w') as f:
            f.write(PIPELINE.replace('CELL', cell))
        done = run(emulator, 'run', 'levels.yaml', cwd=folder)
        if done.returncode:
            raise AssertionError(done.stderr)
        return read_float64(glob.glob(folder + '/runs/*/row.safetensors')[0])


@unittest.skipUnless(shutil.which('qemu-x86_64'), 'qemu-user is not installed')
class Levels(unittest.TestCase):
    def test_known_answers_hold_without_avx_and_with_avx2(self):
        for emulator in (NEHALEM, HASWELL):
            done = run(emulator, 'selftest')
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_sdk_keeps_what_it_promises_without_avx_and_with_avx2(self):
        for emulator in (NEHALEM, HASWELL):
            done = subprocess.run([*emulator, sdk_tests], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout)

    def test_training_gives_the_same_numbers_and_exponents_agree(self):
        for cell in ('lstm', 'gru'):
            wide, narrow, here = (columns(e, cell) for e in (HASWELL, NEHALEM, NATIVE))
            self.assertEqual(set(wide), {'loss', 'before', 'after'}, wide.keys())
            self.assertEqual(wide['loss'], narrow['loss'])
            for column in ('before', 'after'):
                self.assertLess(max(abs(a - b) for a, b in zip(wide[column], narrow[column])), 1e-11)
            # Emulated and real processors approximate reciprocal roots differently: float32 noise.
            self.assertLess(max(abs(a - b) for a, b in zip(here['loss'], wide['loss'])), 1e-5)
            self.assertLess(max(abs(a - b) for a, b in zip(here['before'], wide['before'])), 1e-11)


if __name__ == '__main__':
    unittest.main()
