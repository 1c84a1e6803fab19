"""torch_autoencoder.py FOLDER BATCH EPOCHS THREADS - AeLLE's autoencoder in PyTorch, float32:
n, n/4, 32, n/4, n with tanh and dropout 0.1, a linear head, loss = L1 + 5 MSE, Adam. Gives seconds
and the mean reconstruction loss of the last epoch."""
import os
import sys

folder = sys.argv[1]
batch, epochs, threads = (int(a) for a in sys.argv[2:5])
os.environ['OPENBLAS_NUM_THREADS'] = os.environ['OMP_NUM_THREADS'] = str(threads)
import numpy as np
import torch
from torch.nn import Dropout, Linear, Sequential, Tanh

import turns

torch.set_num_threads(threads)
X = torch.from_numpy(np.load(folder + '/spectra.npy')).float()
losses = torch.from_numpy(np.load(folder + '/losses.npy')).float()
Y = (losses - losses.min()) / (losses.max() - losses.min())
n, latent = X.shape[1], 32


def train():
    torch.manual_seed(0)
    encoder = Sequential(Linear(n, n // 4), Tanh(), Dropout(.1), Linear(n // 4, latent))
    decoder = Sequential(Linear(latent, n // 4), Tanh(), Dropout(.1), Linear(n // 4, n), Dropout(.1))
    head = Linear(latent, 1)
    parts = torch.nn.ModuleList([encoder, decoder, head])
    optimiser = torch.optim.Adam(parts.parameters(), 1e-4)
    for _ in range(epochs):
        order, total = torch.randperm(len(X)), 0.
        for rows in order.split(batch):
            optimiser.zero_grad()
            code = encoder(X[rows])
            reconstruction = (decoder(code) - X[rows]).abs().mean()
            prediction = (head(code)[:, 0] - Y[rows]).square().mean()
            (reconstruction + 5 * prediction).backward()
            optimiser.step()
            total += reconstruction.item() * len(rows)
    return [total / len(X)]


turns.take(lambda: turns.timed(train))
