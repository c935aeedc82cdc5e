"""Studies: sets of trials in a storage, which any number of workers on any number of machines run."""

from infomorphic.studies.engine.kind import Kind
from infomorphic.studies.engine.report import Report
from infomorphic.studies.engine.results import export, table
from infomorphic.studies.engine.settings import DatasetSettings, Listed, RepeatedSettings, Seeds, StudySettings, TrainingSettings
from infomorphic.studies.engine.space import Grid, Params, Search
from infomorphic.studies.engine.storage import embedded, open_storage
from infomorphic.studies.engine.study import Status, Study
from infomorphic.studies.engine.supervise import work_in_processes
from infomorphic.studies.engine.trial import TrialContext
from infomorphic.studies.engine.worker import WorkInterrupted, WorkOptions, work

__all__ = [
    "DatasetSettings",
    "Grid",
    "Kind",
    "Listed",
    "Params",
    "RepeatedSettings",
    "Report",
    "Search",
    "Seeds",
    "Status",
    "Study",
    "StudySettings",
    "TrainingSettings",
    "TrialContext",
    "WorkInterrupted",
    "WorkOptions",
    "embedded",
    "export",
    "open_storage",
    "table",
    "work",
    "work_in_processes",
]
