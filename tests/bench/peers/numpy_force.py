"""numpy_force.py FOLDER UNITS EPOCHS TEST_EPOCHS [in-place] - FORCE learning of four sines in NumPy,
one thread: recursive least squares every second step, and after each epoch (and before the first)
tests with fixed weights. Gives seconds and every train_error and test_error, in the order of the epochs.
M is sparse where SciPy is there, which is faster; NumPy alone has full matrices. in-place: P is
updated by SciPy's dger, without a matrix for the outer product."""
import os
import sys

os.environ['OPENBLAS_NUM_THREADS'] = os.environ['OMP_NUM_THREADS'] = '1'
import numpy as np

import problem
import turns

folder, units, epochs, test_epochs = sys.argv[1], *map(int, sys.argv[2:5])
tensors = problem.read_safetensors(folder + '/model.safetensors')
M, w_f = tensors['cell.M_l0'], tensors['cell.w_f_l0'][:, 0]
try:
    from scipy.linalg.blas import dger
    from scipy.sparse import csr_matrix
    M = csr_matrix(M)
except ImportError:
    dger = None


def minus_outer(P, a, b):
    """P - a b^T, of P by columns."""
    if dger and 'in-place' in sys.argv:
        return dger(-1., a, b, a=P, overwrite_a=1)
    P -= np.outer(a, b)
    return P


dt, steps, every = .1, 1200, 2
t = dt * np.arange(steps)
f = sum(np.sin(q * np.pi * t / 60) / a for a, q in ((1, 1), (2, 2), (6, 3), (3, 4)))
f = (f - (f.max() + f.min()) / 2) / ((f.max() - f.min()) / 2)


class Network:
    def __init__(self, x, z, w):
        self.x, self.z, self.w, self.r = x.copy(), z, w, np.tanh(x)

    def step(self):
        self.x = (1 - dt) * self.x + dt * (M @ self.r + self.z * w_f)
        self.r = np.tanh(self.x)
        self.z = self.w @ self.r


def test(trained):
    network, error = Network(trained.x, trained.z, trained.w), 0.
    for _ in range(test_epochs):
        for target in f:
            network.step()
            error += abs(network.z - target)
    return error / (test_epochs * steps)


def learn():
    network = Network(tensors['carried.state'], tensors['carried.input'][0], np.zeros(units))
    P = np.eye(units, order='F')
    errors = [test(network)]
    for epoch in range(epochs):
        error = 0.
        for i, target in enumerate(f):
            network.step()
            e = network.z - target
            error += abs(e)
            if (epoch * steps + i) % every == 0:
                Pr = P @ network.r
                k = Pr / (1 + network.r @ Pr)
                P = minus_outer(P, Pr, k)
                network.w = network.w - e * k
        errors += [error / steps, test(network)]
    return errors


turns.take(lambda: turns.timed(learn))
