"""Problems in files, the same for us and for the peers: weights under PyTorch's names in
model.safetensors, everything else in .npy files."""
import json
import struct

import numpy as np

GATES = {'rnn': 1, 'lstm': 4, 'gru': 3}


def write_safetensors(path, tensors):
    header, data = {}, b''
    for name, tensor in tensors.items():
        raw = np.ascontiguousarray(tensor, '<f8').tobytes()
        header[name] = {'dtype': 'F64', 'shape': list(tensor.shape),
                        'data_offsets': [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as f:
        f.write(struct.pack('<Q', len(text)) + text + data)


def read_safetensors(path):
    with open(path, 'rb') as f:
        raw = f.read()
    size = struct.unpack('<Q', raw[:8])[0]
    tensors = {}
    for name, entry in json.loads(raw[8:8 + size]).items():
        begin, end = (8 + size + offset for offset in entry['data_offsets'])
        tensors[name] = np.frombuffer(raw[begin:end], '<f8').reshape(entry['shape']).copy()
    return tensors


def driven(folder, cell, units, batch=10, steps=100, inputs=28, seed=0):
    """A network without biases, weights U(+-1/sqrt N) as PyTorch's, and inputs U(0, 1)."""
    rng = np.random.default_rng(seed)
    bound, rows = 1 / np.sqrt(units), GATES[cell] * units
    write_safetensors(folder + '/model.safetensors',
                      {'weight_ih_l0': rng.uniform(-bound, bound, (rows, inputs)),
                       'weight_hh_l0': rng.uniform(-bound, bound, (rows, units))})
    np.save(folder + '/inputs.npy', rng.uniform(0, 1, (batch, steps, inputs)))


def read_driven(folder):
    """Input weights, recurrent weights, and the inputs as [steps, batch, inputs]."""
    weights = read_safetensors(folder + '/model.safetensors')
    inputs = np.load(folder + '/inputs.npy').transpose(1, 0, 2).copy()
    return weights['weight_ih_l0'], weights['weight_hh_l0'], inputs


def training(folder, cell, units, batch, batches, steps, inputs, classes, every_step, seed=0):
    """A classifier and its sequences: one-hot letters and the letter that follows each when
    `every_step`, else numbers U(0, 1) and a class a sequence.  Weights are float32 numbers."""
    rng = np.random.default_rng(seed)
    bound, rows = 1 / np.sqrt(units), GATES[cell] * units

    def uniform(*shape):
        return rng.uniform(-bound, bound, shape).astype('f4').astype('f8')

    write_safetensors(folder + '/model.safetensors',
                      {'weight_ih_l0': uniform(rows, inputs), 'weight_hh_l0': uniform(rows, units),
                       'bias_ih_l0': uniform(rows), 'bias_hh_l0': uniform(rows),
                       'readout.weight': uniform(classes, units), 'readout.bias': uniform(classes)})
    count = batch * batches + 4  # four of them are not trained on (training_bench.cpp)
    if every_step:
        text = rng.integers(0, classes, (count, steps + 1))
        text[0, :classes] = np.arange(classes)[:steps + 1]
        x, y = np.eye(inputs, dtype='f4')[text[:, :-1]], text[:, 1:].copy()
    else:
        x, y = rng.uniform(0, 1, (count, steps, inputs)).astype('f4'), np.arange(count) % classes
    np.save(folder + '/inputs.npy', x)
    np.save(folder + '/targets.npy', y)


def spectra(folder, networks, length, seed=0):
    """Falling spectra of different slopes, and a loss that is a function of the slope."""
    rng = np.random.default_rng(seed)
    slope = rng.uniform(.2, 3, networks)
    index = np.linspace(0, 1, length)
    noise = .05 * rng.standard_normal((networks, length))
    np.save(folder + '/spectra.npy', -slope[:, None] * index ** 1.5 + noise)
    np.save(folder + '/losses.npy', np.abs(slope - 1.2))
