"""What a case cannot be faster than: operations over the rate of matrix products of its size, or
bytes over the memory's rate, both measured in the same process before every turn."""
from dataclasses import dataclass, field

GATES = {'rnn': 1, 'lstm': 4, 'gru': 3}


@dataclass
class Floor:
    text: str  # what is counted
    operations: float = 0
    product: str = ''  # "f64:64x64x64", m x n x k, at whose rate they would be done
    bytes: float = 0
    working_set: int = 0  # bytes of one worker that the traffic goes over and over
    options: list = field(init=False)  # of lyap_bench, so that it measures the rates

    def __post_init__(self):
        self.options = ['--gemm', self.product] if self.product else []
        if self.working_set:
            self.options += ['--triad', str(self.working_set)]

    def seconds(self, turn):
        """From the rates that came with a turn; nothing when the floor is not known."""
        if 'floor_seconds' in turn:  # the program measured it by itself
            return turn['floor_seconds']
        limits = []
        if self.product:
            limits.append(self.operations / (turn['gemm_gflops'] * 1e9))
        if self.working_set:
            limits.append(self.bytes / (turn['triad_gbytes'] * 1e9))
        return max(limits, default=None)


def exponents(cell, units, batch, steps, count=0, full=False, every_r=False):
    """Product J (P^T L), triangular, and row-pivoted LU of d x k: 5/3 d^3 operations when k = d;
    `every_r`: L^T L and its Cholesky factor too. The forward pass of the network is counted as
    well."""
    d = units * (2 if full and cell == 'lstm' else 1)
    k = count or d
    forward = 2 * GATES[cell] * units * (units + 28)
    if k == 1:  # no Jacobian: the weights times one vector for each sequence, at the width of all
        tangent, product = 2 * GATES[cell] * units * units, (GATES[cell] * units, batch, units)
        text = 'tangent vector through the weights'
    else:
        tangent = 2 * d * d * k - k ** 3 / 3
        text = '2 d^2 k - k^3 / 3 a step' if count else '5/3 d^3 a step'
        if every_r:
            tangent += 2 / 3 * k ** 3
            text = '7/3 d^3 a step'
        product = (d, k, d)
    return Floor(text + ' and the forward pass', batch * steps * (forward + tangent),
                 'f64:%dx%dx%d' % product)


def training(cell, units, batch, steps, inputs, classes, every_step, workers):
    """Products of one batch: forward, back to the state before, and into the weights."""
    gates = GATES[cell] * units
    recurrence = 2 * gates * (3 * units + 2 * inputs) * batch * steps
    readout = 3 * 2 * classes * units * batch * (steps if every_step else 1)
    return Floor('products of forward, backward and weight gradient', recurrence + readout,
                 'f32:%dx%dx%d' % (gates, max(batch // workers, 1), units))


def autoencoder(length, networks, batch, epochs, latent=32):
    """Products of forward, backward and weight gradient, n - n/4 - 32 - n/4 - n."""
    weights = 2 * (length * (length // 4) + length // 4 * latent)
    return Floor('products of forward, backward and weight gradient',
                 6. * weights * networks * epochs, 'f32:%dx%dx%d' % (length, batch, length // 4))


def force(units, epochs, test_epochs, share=.1, steps=1200):
    """Traffic: half of the symmetric P is read for P r every second step, and read and written once
    for four of them; M has a number and its place, 12 bytes, in `share` of N^2 places, and is read
    once a step of learning and once for a step of eight tests."""
    updates = epochs * steps / 2
    passes = steps * (epochs + -(-(epochs + 1) // 8) * test_epochs)
    return Floor('traffic of P one and a half times an update and of M for eight tests at once',
                 bytes=6. * units ** 2 * updates + 12. * share * units ** 2 * passes,
                 working_set=4 * units ** 2)
