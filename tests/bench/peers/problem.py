"""Networks for the benchmarks: weights in PyTorch's layout, without biases, and their inputs."""
import json
import struct

import numpy as np

GATES = {'rnn': 1, 'lstm': 4, 'gru': 3}


def write(folder, cell, units, batch=10, steps=100, inputs=28, seed=0):
    """Writes model.safetensors and inputs.npy of a network with PyTorch's default weights."""
    rng = np.random.default_rng(seed)
    bound = 1 / np.sqrt(units)
    rows = GATES[cell] * units
    tensors = {'weight_ih_l0': rng.uniform(-bound, bound, (rows, inputs)),
               'weight_hh_l0': rng.uniform(-bound, bound, (rows, units))}
    header, data = {}, b''
    for name, tensor in tensors.items():
        raw = np.ascontiguousarray(tensor, '<f8').tobytes()
        header[name] = {'dtype': 'F64', 'shape': list(tensor.shape),
                        'data_offsets': [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    with open(folder + '/model.safetensors', 'wb') as f:
        f.write(struct.pack('<Q', len(text)) + text + data)
    np.save(folder + '/inputs.npy', rng.uniform(0, 1, (batch, steps, inputs)))


def read(folder):
    """The two weights and the inputs as [steps, batch, inputs]."""
    with open(folder + '/model.safetensors', 'rb') as f:
        raw = f.read()
    size = struct.unpack('<Q', raw[:8])[0]
    header = json.loads(raw[8:8 + size])

    def tensor(name):
        begin, end = header[name]['data_offsets']
        return np.frombuffer(raw[8 + size + begin:8 + size + end], '<f8').reshape(
            header[name]['shape']).copy()

    inputs = np.load(folder + '/inputs.npy').transpose(1, 0, 2).copy()
    return tensor('weight_ih_l0'), tensor('weight_hh_l0'), inputs
