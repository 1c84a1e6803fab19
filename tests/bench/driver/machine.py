"""What the machine is, and what else it does while we measure."""
import os
import platform
import time

TICKS = os.sysconf('SC_CLK_TCK')


def processor():
    with open('/proc/cpuinfo') as f:
        for line in f:
            if line.startswith(('model name', 'Model')):
                return line.partition(':')[2].strip()
    return platform.machine()


def widest_vectors():
    """AVX-512, AVX2 or the architecture's name: what our loops are compiled for."""
    with open('/proc/cpuinfo') as f:
        flags = set(f.read().split())
    return ('AVX-512' if {'avx512f', 'avx512dq', 'avx512vl'} <= flags
            else 'AVX2' if 'avx2' in flags else platform.machine())


def description():
    return {'processor': processor(), 'vectors': widest_vectors(), 'cores': os.cpu_count()}


def busy_seconds():
    """Of all cores together since the machine started, time that a hypervisor took included."""
    with open('/proc/stat') as f:
        user, nice, system, _, _, irq, soft, steal = (int(x) for x in f.readline().split()[1:9])
    return (user + nice + system + irq + soft + steal) / TICKS


class OtherLoad:
    """How many cores other programs keep busy, from the moment it is made."""

    def __init__(self, contestants):
        self._contestants = contestants
        self._begin = time.perf_counter()
        self._busy, self._ours = busy_seconds(), self._our_seconds()

    def _our_seconds(self):
        return (sum(os.times()[:4]) + sum(c.processor_seconds() for c in self._contestants))

    def cores(self):
        passed = time.perf_counter() - self._begin
        others = (busy_seconds() - self._busy) - (self._our_seconds() - self._ours)
        return max(0., others / passed)
