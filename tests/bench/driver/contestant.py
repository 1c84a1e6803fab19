"""A program that is timed: started once, it waits between its turns."""
import json
import os
import select
import subprocess

TICKS = os.sysconf('SC_CLK_TCK')


class Failed(Exception):
    """A program said why it cannot go on."""


class Contestant:
    def __init__(self, command):
        self.command = command
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def _line(self):
        line = self.process.stdout.readline()
        if not line:
            words = self.process.stderr.read().strip().splitlines()
            raise Failed(' '.join(self.command) + ': ' + (words[-1] if words else 'no output'))
        return json.loads(line)

    def wait_until_ready(self):
        self._line()

    def turn(self, at_most=None):
        """What one turn printed: its `seconds` and `numbers`, and more.  After `at_most` seconds it is
        given up, and the program with it: nothing."""
        self.process.stdin.write('\n')
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], at_most)[0]:
            self.__exit__()
            return None
        return self._line()

    def processor_seconds(self):
        """User and system time of the program and of the children it has waited for."""
        with open(f'/proc/{self.process.pid}/stat') as f:
            fields = f.read().rpartition(')')[2].split()
        return sum(int(ticks) for ticks in fields[11:15]) / TICKS
