import math
import struct

import pytest

import luffy


def events(path):
    """The scalars of an event file: length, its checksum, the event, its checksum."""
    from tensorboardX.proto.event_pb2 import Event

    data, found = path.read_bytes(), {}
    while data:
        (length,) = struct.unpack("<Q", data[:8])
        event = Event.FromString(data[12 : 12 + length])
        data = data[16 + length :]
        for value in event.summary.value:
            found[(value.tag, event.step)] = value.simple_value
    return found


def test_metrics_become_scalars(tmp_path):
    pytest.importorskip("tensorboardX")
    with luffy.TensorBoardLogger(tmp_path) as board:
        board.log({"actor/loss": 0.5, "actor/grad_norm": math.nan}, step=1)
        board.log({"actor/loss": 0.25}, step=2)
    [file] = tmp_path.iterdir()
    assert events(file) == {("actor/loss", 1): 0.5, ("actor/loss", 2): 0.25}


def test_what_to_install_is_said(monkeypatch, tmp_path):
    monkeypatch.setitem(__import__("sys").modules, "tensorboardX", None)
    with pytest.raises(ImportError, match=r"luffy\[tensorboard\]"):
        luffy.TensorBoardLogger(tmp_path)
