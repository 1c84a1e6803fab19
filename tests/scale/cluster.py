"""tests/scale/cluster.py - Slurm on one machine: own keys, ports and files, nothing of the system's."""
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile
import time

CONFIGURATION = """\
ClusterName=lyap
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={here}/munge/socket
CredType=cred/munge
StateSaveLocation={here}/state
SlurmdSpoolDir={here}/spool
SlurmctldPidFile={here}/slurmctld.pid
SlurmdPidFile={here}/slurmd.pid
SlurmctldLogFile={here}/slurmctld.log
SlurmdLogFile={here}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1
SlurmdParameters=config_overrides
ReturnToService=2
NodeName={host} NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def missing():
    """What lacks for a cluster of one's own; empty: nothing."""
    programs = [p for p in ("munged", "slurmctld", "slurmd", "sbatch", "squeue") if not find(p)]
    if programs:
        return "not installed here: " + ", ".join(programs)
    return "" if os.geteuid() == 0 else "slurmd has to be started by root"


def find(program):
    return shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin")


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Cluster:
    def __init__(self):
        self.here = pathlib.Path(tempfile.mkdtemp(prefix="lyap-slurm-"))
        self.here.chmod(0o755)
        self.daemons = []
        self.environment = {"SLURM_CONF": str(self.here / "slurm.conf")}
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    def start(self):
        for name in ("state", "spool", "munge"):
            (self.here / name).mkdir()
        self.start_munge()
        (self.here / "slurm.conf").write_text(CONFIGURATION.format(
            host=socket.gethostname().split(".")[0], here=self.here, ports=free_ports(2)))
        (self.here / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n")
        self.daemon("slurmctld", "-D", "-i")
        self.daemon("slurmd", "-D")
        self.wait_for("the node", lambda: "idle" in self.ask("sinfo", "-h", "-o", "%T"))

    def start_munge(self):
        user, folder = pwd.getpwnam("munge"), self.here / "munge"
        (folder / "key").write_bytes(os.urandom(128))
        for path, mode in ((folder / "key", 0o400), (folder, 0o755)):
            path.chmod(mode)
            os.chown(path, user.pw_uid, user.pw_gid)
        self.daemon("munged", "--foreground", f"--key-file={folder}/key", f"--socket={folder}/socket",
                    f"--pid-file={folder}/pid", f"--log-file={folder}/log", f"--seed-file={folder}/seed",
                    user=user.pw_uid, group=user.pw_gid)
        self.wait_for("munged", (folder / "socket").exists)

    def daemon(self, program, *words, **more):
        log = open(self.here / f"{program}.out", "wb")
        self.daemons.append(subprocess.Popen([find(program), *words], stdin=subprocess.DEVNULL,
                                             stdout=log, stderr=log, start_new_session=True,
                                             env={**os.environ, **self.environment}, **more))
        log.close()

    def ask(self, *words):
        return subprocess.run(words, env={**os.environ, **self.environment}, text=True,
                              capture_output=True, check=False).stdout

    def wait_for(self, what, condition, within=60):
        end = time.monotonic() + within
        while not condition():
            if time.monotonic() > end or any(d.poll() is not None for d in self.daemons):
                raise RuntimeError(f"{what} did not come: {self.logs()}")
            time.sleep(0.1)

    def logs(self):
        return "\n".join(f"{p.name}: {p.read_text(errors='replace')[-1500:]}"
                         for p in [*self.here.glob("*.out"), *self.here.glob("*.log")])

    def wait_until_empty(self):
        self.wait_for("the end of the queue", lambda: not self.ask("squeue", "-h").strip(), within=300)

    def stop(self):
        for daemon in reversed(self.daemons):
            daemon.terminate()
            try:
                daemon.wait(timeout=10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        shutil.rmtree(self.here, ignore_errors=True)
