"""Studies: sets of trials in a storage, which any number of workers on any number of machines run."""

from infomorphic.studies.engine.results import export, table
from infomorphic.studies.engine.storage import embedded, open_storage
from infomorphic.studies.engine.study import Status, Study
from infomorphic.studies.engine.supervise import work_in_processes
from infomorphic.studies.engine.worker import WorkInterrupted, WorkOptions, work

__all__ = ["Status", "Study", "WorkInterrupted", "WorkOptions", "embedded", "export", "open_storage", "table", "work", "work_in_processes"]
