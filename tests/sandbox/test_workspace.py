"""A command at arm's length: what it finds, what it is denied, what is left of it."""

import os
import sys
from pathlib import Path

import pytest

from actfn.sandbox.limits import Limits
from actfn.sandbox.privileges import unprivileged_user
from actfn.sandbox.workspace import Workspace


def run(script, folder, given=b"", most=10**6, **limits):
    with Workspace(folder, Limits(**limits), ["actfn"]) as workspace:
        return workspace.run(["/bin/sh", "-c", script], given, most)


def said(script, folder, **options):
    return run(script, folder, **options).output.decode().split()


def test_the_files_of_the_folder_are_there_but_hidden_ones(folder):
    (folder / "data.txt").write_text("42")
    (folder / ".git").mkdir()
    (folder / "more").mkdir()
    assert said("ls -A; cat data.txt", folder) == ["data.txt", "more", "42"]


def test_what_is_written_stays_in_the_scratch_directory(folder):
    assert said("echo 1 > new; cat new; rm new; pwd; echo $HOME $TMPDIR", folder)[0] == "1"
    assert not list(folder.iterdir())


def test_the_environment_is_small(folder, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    names = {line.partition("=")[0] for line in run("env", folder).output.decode().splitlines()}
    assert names <= {
        "PATH", "HOME", "TMPDIR", "LANG", "PYTHONPATH", "PYTHONNOUSERSITE", "PYTHONDONTWRITEBYTECODE",
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ACTFN_REFUSED", "PWD", "OLDPWD", "SHLVL", "_",
    }  # fmt: skip


def test_no_descriptor_is_inherited(folder):
    with (folder / "file").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        look = f"import os; os.fstat({file.fileno()})"
        assert said(f"{sys.executable} -c '{look}' && echo there || echo closed", folder) == ["closed"]


def test_limits_hold(folder):
    limits = dict(line.split() for line in run(
        "for each in t d f n c; do echo $each $(ulimit -$each); done", folder, seconds=7, memory=100
    ).output.decode().splitlines())  # fmt: skip
    assert limits == {"t": "8", "d": str(100 * 1024), "f": str(64 * 2048), "n": "256", "c": "0"}


@pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="sessions are told by Linux")
def test_it_leads_a_session_of_its_own(folder):
    session, itself = said("cut -d' ' -f6 /proc/$$/stat; echo $$", folder)
    assert session == itself


def test_output_is_bounded_and_ends_the_run(folder):
    ended = run("yes", folder, most=1000)
    assert ended.flooded
    assert ended.status is None
    assert len(ended.output) <= 1000
    assert run("yes >&2", folder, most=1000).flooded


def test_much_input_and_output_at_once(folder):
    data = b"0123456789\n" * 200_000
    ended = run("cat", folder, given=data, most=10**7)
    assert (ended.output, ended.status) == (data, 0)


def test_a_program_that_reads_nothing(folder):
    assert run("echo 1", folder, given=b"x" * 10**6).output == b"1\n"


def test_time(folder):
    ended = run("echo 1; sleep 600", folder, seconds=1)
    assert ended.overtime
    assert ended.output == b"1\n"


def test_an_interrupt_does_not_wait_for_the_program(folder, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("actfn.sandbox.conversation.Conversation._exchange", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run("sleep 600", folder)


def test_all_runs_of_a_room_together_have_an_end(folder):
    with Workspace(folder, Limits(0.1), []) as workspace:
        workspace.deadline = 0
        assert workspace.run(["/bin/sh", "-c", "echo 1"], b"", 100).overtime


def test_children_that_live_on_are_not_waited_for(folder):
    ended = run("sleep 600 & setsid sleep 600 & echo 1", folder)
    assert (ended.output, ended.status) == (b"1\n", 0)


def test_a_room_that_cannot_be_furnished_leaves_nothing(folder, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    with pytest.raises(FileNotFoundError):
        run("echo 1", folder / "nowhere")
    assert not list(folder.iterdir())


def test_what_cannot_be_started(folder):
    with Workspace(folder, Limits(), []) as workspace:
        ended = workspace.run(["/nowhere/program"], b"", 100, channel=True)
    assert (ended.unstarted, ended.status, ended.errors) == (True, None, b"No such file or directory")


def test_status_and_signals(folder):
    assert run("exit 3", folder).status == 3
    assert run("kill -TERM $$", folder).status == -15


@pytest.mark.skipif(unprivileged_user() is None, reason="only root becomes somebody else")
def test_root_becomes_an_unprivileged_user_who_may_read(folder):
    (folder / "secret").write_text("readable")
    (folder / "secret").chmod(0o600 if unprivileged_user().kept else 0o644)
    user, text = said("id -u; cat secret", folder)
    assert int(user) >= 61184
    assert text == "readable"
    assert run("echo 1 > secret", folder).status != 0
