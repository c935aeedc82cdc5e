"""The choice of the evaluator of a goal, made only here."""

from typing import Literal

from infomorphic.errors import ObjectiveInputError
from infomorphic.objective.batch import Batch
from infomorphic.objective.closed_form import CompiledClosedForm, TorchClosedForm
from infomorphic.objective.dense import Dense
from infomorphic.objective.evaluator import Evaluator

Method = Literal["kernel", "torch", "dense"]
"""How to evaluate a goal. "kernel": the closed form, compiled, on the CPU; "torch": the closed form on any device; "dense": the joint
histogram and autograd, for any measure of redundancy, any alphabet and soft bins."""

EVALUATORS: dict[Method, Evaluator] = {"kernel": CompiledClosedForm(), "torch": TorchClosedForm(), "dense": Dense()}
"""By name, fastest first."""


def evaluator_for(batch: Batch, method: Method | None = None) -> Evaluator:
    """The evaluator with this name; by default the fastest that can evaluate the batch.

    Raises:
        ObjectiveInputError: if no evaluator has this name, or it cannot evaluate the batch.
    """
    if method is None:
        return next(evaluator for evaluator in EVALUATORS.values() if evaluator.refusal(batch) is None)
    if method not in EVALUATORS:
        raise ObjectiveInputError(f'`method` must be "kernel", "torch", "dense" or None; got {method!r}.')
    refusal = EVALUATORS[method].refusal(batch)
    if refusal is not None:
        raise ObjectiveInputError(refusal)
    return EVALUATORS[method]
