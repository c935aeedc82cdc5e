"""TensorBoard: event files in a folder."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infomorphic.training.trackers.names import flat, imported, numbers


class TensorBoardTracker:
    """Writes event files that `tensorboard --logdir` shows: metrics by epoch, settings and result as text.

    Args:
        log_dir: the folder of one training. A resumed run adds to it.
    """

    def __init__(self, log_dir: Path | str):
        self.log_dir = Path(log_dir)

    def start(self, config: Mapping[str, Any]) -> None:
        torch_writer = imported("torch.utils.tensorboard", "tensorboard")
        self._writer = torch_writer.SummaryWriter(str(self.log_dir))
        self._writer.add_text("config", _table(flat(config)))

    def log(self, epoch: int, metrics: Mapping[str, Any]) -> None:
        for name, value in numbers({k: v for k, v in metrics.items() if k != "epoch"}).items():
            self._writer.add_scalar(name, value, epoch)
        self._writer.flush()

    def finish(self, summary: Mapping[str, Any] | None) -> None:
        self._writer.add_text("summary", "failed or interrupted" if summary is None else _table(summary))
        self._writer.close()


def _table(values: Mapping[str, Any]) -> str:
    """A Markdown table of names and values."""
    rows = [f"| {name} | `{json.dumps(value, default=str)}` |" for name, value in values.items()]
    return "\n".join(["| setting | value |", "| --- | --- |", *rows])
