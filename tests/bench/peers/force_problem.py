"""The problem of FORCE learning in a file, the same for us and for NumPy: M = g/sqrt(p N) times N(0,
1) in p N^2 places, w_f uniform in -1 .. 1, the state and the feedback that learning begins with."""
import numpy as np

import problem


def write(folder, units, gain=1.4, share=.1, seed=0):
    rng = np.random.default_rng(seed)
    M = np.zeros(units * units)
    places = rng.choice(M.size, round(share * M.size), replace=False)
    M[places] = gain / np.sqrt(share * units) * rng.standard_normal(len(places))
    problem.write_safetensors(folder + '/model.safetensors', {
        'cell.M_l0': M.reshape(units, units),
        'cell.w_f_l0': rng.uniform(-1, 1, (units, 1)),
        'readout.weight': np.zeros((1, units)),
        'carried.state': .5 * rng.standard_normal(units),
        'carried.input': .5 * rng.standard_normal(1)})
