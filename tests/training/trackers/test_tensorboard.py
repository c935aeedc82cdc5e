"""TensorBoard for real, against local files."""

import pytest

from infomorphic.training.trackers import TensorBoardTracker
from training.trackers.following import SUMMARY, follow


@pytest.mark.parametrize("summary", [SUMMARY, None])
def test_tensorboard_writes_event_files(tmp_path, summary):
    pytest.importorskip("tensorboard", reason="tensorboard is not installed (pip install 'infomorphic[tensorboard]')")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    follow(TensorBoardTracker(tmp_path / "tb"), summary)
    events = EventAccumulator(str(tmp_path / "tb")).Reload()
    assert events.Tags()["scalars"] == ["hidden/F_C"]
    assert [(e.step, e.value) for e in events.Scalars("hidden/F_C")] == [(1, 0.25), (2, 0.5)]
    texts = {name: events.Tensors(name)[0].tensor_proto.string_val[0].decode() for name in events.Tags()["tensors"]}
    assert '| network.goal | `"{F}{C}"` |' in texts["config/text_summary"]
    assert ("0.75" if summary else "failed or interrupted") in texts["summary/text_summary"]
