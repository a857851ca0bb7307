# hands its standard output to a process of another session, which answers when this one has ended
exec python3 -I -c '
import os, socket, time
here = socket.socket(socket.AF_UNIX)
here.bind("\0actfn-attack-%d" % os.getpid())
here.listen()
if os.fork() == 0:
    os.setsid()
    output = socket.recv_fds(here.accept()[0], 10, 3)[1][0]
    while True:
        os.write(output, b"0.1\n0.9\n")
        time.sleep(0.1)
there = socket.socket(socket.AF_UNIX)
there.connect(here.getsockname())
socket.send_fds(there, [b"x"], [1])
os._exit(0)
'
