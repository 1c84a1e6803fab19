"""torch_training.py FOLDER CELL UNITS BATCH BATCHES THREADS - torch.nn learns the sequences of a
problem: forward, backward and Adam in float32. Gives the median seconds of a batch and the mean
training loss."""
import os
import statistics
import sys

folder, cell = sys.argv[1:3]
units, batch, batches, threads = (int(a) for a in sys.argv[3:7])
os.environ['OPENBLAS_NUM_THREADS'] = os.environ['OMP_NUM_THREADS'] = str(threads)
import numpy as np
import torch

import problem
import turns

torch.set_num_threads(threads)
X = torch.from_numpy(np.load(folder + '/inputs.npy'))
Y = torch.from_numpy(np.load(folder + '/targets.npy'))
weights = {name: torch.from_numpy(value).float()
           for name, value in problem.read_safetensors(folder + '/model.safetensors').items()}
kind = {'rnn': torch.nn.RNN, 'lstm': torch.nn.LSTM, 'gru': torch.nn.GRU}[cell]
loss_of = torch.nn.CrossEntropyLoss()


def network():
    net = kind(X.shape[2], units, batch_first=True)
    readout = torch.nn.Linear(*weights['readout.weight'].shape[::-1])
    net.load_state_dict({n: w for n, w in weights.items() if not n.startswith('readout.')})
    readout.load_state_dict({n[8:]: w for n, w in weights.items() if n.startswith('readout.')})
    return net, readout


def step(net, readout, optimiser, k):
    x, y = X[k * batch:(k + 1) * batch], Y[k * batch:(k + 1) * batch]
    optimiser.zero_grad()
    out, _ = net(x)
    scores = readout(out[:, -1] if y.dim() == 1 else out)
    loss = loss_of(scores.reshape(-1, scores.shape[-1]), y.reshape(-1))
    loss.backward()
    optimiser.step()
    return loss.item()


def turn():
    net, readout = network()
    optimiser = torch.optim.Adam(list(net.parameters()) + list(readout.parameters()), 1e-3)
    times, losses = zip(*(turns.timed(lambda: step(net, readout, optimiser, k))
                          for k in range(batches)))
    return statistics.median(times[1:]), [statistics.mean(losses)]


turns.take(turn)
