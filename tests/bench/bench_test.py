"""bench_test.py LYAP_BENCH - what the benchmark prints and writes has its form, whatever the speed."""
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import unittest

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here + '/driver')
import growth
import guard
import recorded

binary = os.path.abspath(sys.argv.pop(1))
has_torch = importlib.util.find_spec('torch') is not None


def bench(*words):
    return subprocess.run([sys.executable, here + '/bench', '--tiny', '--rounds', '2', '--busy',
                           '--binary', binary, *words], capture_output=True, text=True)


class Growth(unittest.TestCase):
    def test_the_exponent_of_a_power_law_is_found(self):
        sizes = [32, 64, 128, 256]
        self.assertAlmostEqual(growth.exponent(sizes, [7e-9 * n ** 2.5 for n in sizes]), 2.5)

    def test_every_curve_has_its_exponent_beside_the_theory(self):
        with tempfile.TemporaryDirectory() as folder:
            done = bench('--growth', '--json', folder + '/growth.json')
            self.assertEqual(done.returncode, 0, done.stderr)
            with open(folder + '/growth.json') as f:
                curves = json.load(f)['growth']
        self.assertEqual(len(curves), 10)
        for curve in curves:
            self.assertGreaterEqual(len(curve['seconds']), 1, curve)
            self.assertIn(curve['theory'], (1, 2, 3))


class Guard(unittest.TestCase):
    report = {'machine': {'processor': 'x', 'vectors': 'y', 'cores': 2}, 'commit': 'c',
              'date': 'd', 'threads': 2,
              'recorded': [{'case': 'recorded rnn f64 N=8', 'ratios': {'push': 2.}}],
              'cases': [{'case': 'spectrum', 'times_floor': {'median': 3.},
                         'peers': {'PyTorch': {'ratio': {'median': 6.}}}}]}

    def stored(self, floor, peer, push):
        file = tempfile.NamedTemporaryFile('w', suffix='.json')
        json.dump({'machine': self.report['machine'], 'tolerance': .3,
                   'cases': {'spectrum': {'floor': floor, 'PyTorch': peer},
                             'recorded rnn f64 N=8': {'push': push}}}, file)
        file.flush()
        return file

    def test_ratios_within_the_tolerance_pass(self):
        with self.stored(2.4, 7.5, 1.6) as file:
            self.assertEqual(guard.regressions(self.report, file.name), ([], 3))

    def test_each_ratio_that_is_worse_is_one_sentence(self):
        with self.stored(2., 9., 1.) as file:
            sentences, _ = guard.regressions(self.report, file.name)
        self.assertEqual(sorted(sentences), [
            'recorded rnn f64 N=8: push takes 2.0 times as long as by hand, was 1.0',
            'spectrum: 6.0 times as fast as PyTorch, was 9.0',
            'spectrum: takes 3.0 times its floor, was 2.0'])


class Recorded(unittest.TestCase):
    def test_lines_are_taken_apart(self):
        text = 'processor time\nlstm  f32 N=64    step 1.05 (310 us)  push 1.21 (88 us)\n'
        self.assertEqual(recorded.parse(text), [
            {'case': 'recorded lstm f32 N=64', 'ratios': {'step': 1.05, 'push': 1.21}}])


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.files = [cls.folder.name + name for name in ('/report.json', '/ratios.json')]
        cls.done = bench('--json', cls.files[0], '--keep', cls.files[1], '--markdown',
                         *['--every-peer'] * has_torch)
        if cls.done.returncode == 0:
            with open(cls.files[0]) as f:
                cls.report = json.load(f)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.assertEqual(self.done.returncode, 0, self.done.stderr)

    def test_every_case_names_its_floor_and_the_ratio_to_it(self):
        self.assertGreaterEqual(len(self.report['cases']), 8)
        for case in self.report['cases']:
            self.assertGreater(case['seconds']['median'], 0, case)
            self.assertGreater(case['floor_seconds'], 0, case)
            self.assertGreater(len(case['floor_is']), 10, case)
            figures = case['times_floor']
            self.assertTrue(figures['low'] <= figures['median'] <= figures['high'], case)

    @unittest.skipUnless(has_torch, 'python3-torch is not installed')
    def test_peers_compute_the_same_exponents(self):
        for case in self.report['cases']:
            if case['case'].split()[0] in ('spectrum', 'ftle'):
                self.assertLess(case['peers']['PyTorch f64']['difference'], 1e-10, case)

    def test_the_table_has_a_line_for_every_case(self):
        table = [line for line in self.done.stdout.splitlines() if line.startswith('| ')]
        for columns, cases in ((11, self.report['cases']), (6, self.report['recorded'])):
            lines = [line for line in table if line.count('|') == columns + 1]
            names = [line.split('|')[1].strip() for line in lines[1:]]
            self.assertEqual([n for n in names if n], [c['case'] for c in cases])
            table = [line for line in table if line not in lines]
        self.assertEqual(table, [])

    @unittest.skipUnless(has_torch, 'python3-torch is not installed')
    def test_memory_is_told_of_one_process(self):
        for case in self.report['cases']:
            self.assertEqual(case['peak_mib'] is None, case['case'].startswith('sweep'), case)
            for peer in case['peers'].values():
                self.assertGreater(peer['peak_mib'], 10, case)

    def test_a_run_that_falls_behind_the_stored_ratios_fails(self):
        with open(self.files[1]) as f:
            stored = json.load(f)
        for figures in stored['cases'].values():
            if 'floor' in figures:
                figures['floor'] /= 100
        with open(self.files[1], 'w') as f:
            json.dump(stored, f)
        done = bench('--only', 'ftle', '--guard', self.files[1])
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertRegex(done.stdout, 'regression: ftle gru N=8: takes [0-9.]+ times its floor, was ')

    def test_a_baseline_that_is_missing_is_told(self):
        done = bench('--guard', 'nowhere.json')
        self.assertEqual((done.returncode, done.stderr.strip()), (
            1, 'bench: nowhere.json is not there; --keep nowhere.json makes it, on a quiet machine'))

    def test_a_program_that_cannot_go_on_says_why(self):
        done = bench('--binary', '/bin/false', '--only', 'ftle')
        self.assertEqual(done.returncode, 1)
        self.assertIn('bench: /bin/false', done.stderr)


if __name__ == '__main__':
    unittest.main()
