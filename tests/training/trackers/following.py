"""A training of two epochs, as a tracker sees it."""

CONFIG = {"network": {"hidden": 3, "goal": "{F}{C}"}, "training": {"seed": 1}}
EPOCHS = [{"epoch": 1, "hidden.{F}{C}": 0.25, "note": "text"}, {"epoch": 2, "hidden.{F}{C}": 0.5}]
SUMMARY = {"run": "runs/r", "test_accuracy": 0.75}


def follow(tracker, summary):
    tracker.start(CONFIG)
    for metrics in EPOCHS:
        tracker.log(metrics["epoch"], metrics)
    tracker.finish(summary)
