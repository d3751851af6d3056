"""What a step can do wrong at run time, and how a failed step is held until somebody tries it again."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.task import Task

from app.domain.errors import N_, DomainError
from app.feel import FeelError

HELD = "held"


class StepError(DomainError):
    """A step could not do its work. `detail` is for the technical administrator."""

    sentence = N_("环节执行失败。")

    def __init__(self, sentence: str | None = None, *, detail: str = "", **values: Any) -> None:
        super().__init__(sentence, **values)
        self.detail = detail


class BudgetError(DomainError):
    """One move did not come to rest within its budget: nothing of it may be saved."""

    sentence = N_("流程一次自动执行超过 %(limit)s 步，已停止且未保存，请检查流程图中的循环。")


def held(task: Task) -> Mapping[str, Any] | None:
    """Why a task is held, None when it is not."""
    return task.internal_data.get(HELD)


def hold(task: Task, failure: Exception, *, during: str) -> None:
    """Keep a failed task where it is.

    `during`: update (it could not begin), run (not finish), open (nobody to do it), condition (nobody knows whether
    the instances are enough).
    """
    reason = _reason(failure)
    task.internal_data[HELD] = {
        "during": during,
        "sentence": reason.sentence,
        "values": {key: str(value) for key, value in reason.values.items()},
        "detail": reason.detail,
    }


def _reason(failure: BaseException) -> StepError:
    """The cause a person can act on: ours when the engine only wrapped it."""
    cause: BaseException | None = failure
    while cause is not None:
        if isinstance(cause, StepError):
            return cause
        if isinstance(cause, FeelError):
            return StepError(cause.sentence, detail=cause.detail, **cause.values)
        if isinstance(cause, DomainError):
            return StepError(cause.sentence, **cause.values)
        cause = cause.__cause__ or getattr(cause, "exception", None)
    return StepError(detail=f"{type(failure).__name__}: {str(failure)[:300]}")
