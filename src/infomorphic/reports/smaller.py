"""The smaller pages: what can be shown of a layer that learned bars."""

from typing import Any

import torch

from infomorphic.bars.evaluation import evaluate
from infomorphic.bars.network import receptive_fields
from infomorphic.networks.presets import bars as preset
from infomorphic.reports.pictures import field_picture
from infomorphic.reports.record import RunRecord
from infomorphic.training.tasks.bars import Data


def field_content(record: RunRecord) -> list[dict[str, Any]] | None:
    """Receptive field and bar of each neuron of a run of `bars`; None for other runs, or without a checkpoint."""
    if record.task != "bars" or record.config is None or record.checkpoint is None:
        return None
    data = record.config.section("data", Data)
    network = preset.build(record.config.section("network", preset.Settings), data.num_pixels)
    record.checkpoint.restore(network)
    coding = evaluate(network, data, torch.Generator().manual_seed(record.config.training.seed)).coding
    return [
        {
            "field": field_picture(field.numpy(), (data.size, data.size)),
            "says": f"bar {bar}{', inverted' if inverted else ''}" if bar >= 0 else "no bar",
            "agreement": round(float(agreement[bar].abs()) if bar >= 0 else 0.0, 3),
        }
        for field, bar, inverted, agreement in zip(
            receptive_fields(network), coding.bar.tolist(), coding.inverted.tolist(), coding.agreement, strict=True
        )
    ]
