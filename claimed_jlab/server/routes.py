"""The table of routes. Handlers import what they serve when they are called, so that a server starts fast."""

from __future__ import annotations

from claimed_jlab.server.artifacts import CardHandler, CompareNodesHandler, ReproducedHandler, ReproduceHandler
from claimed_jlab.server.catalogs import (
    CatalogHandler,
    CatalogsHandler,
    DisableHandler,
    EnableHandler,
    RefreshHandler,
    TrustHandler,
)
from claimed_jlab.server.code import ComponentCodeHandler
from claimed_jlab.server.components import ComponentHandler, ComponentsHandler, InspectHandler
from claimed_jlab.server.engines import (
    DisableScheduleHandler,
    EnableScheduleHandler,
    EnginesHandler,
    ScheduleHandler,
    SchedulesHandler,
    SettingsHandler,
    TestHandler,
)
from claimed_jlab.server.explorer import (
    BetweenHandler,
    ExecutedCodeHandler,
    GraphHandler,
    NodeHandler,
    NoteHandler,
    PreviewHandler,
    TagsHandler,
    UsedHandler,
    VersionsHandler,
)
from claimed_jlab.server.exports import ExportHandler
from claimed_jlab.server.lineage import LineageHandler
from claimed_jlab.server.pipelines import (
    DescribeHandler,
    DifferenceHandler,
    FromPythonHandler,
    PythonHandler,
    ValidateHandler,
)
from claimed_jlab.server.runs import (
    ArchiveHandler,
    CancelHandler,
    CompareHandler,
    ReportHandler,
    RerunHandler,
    RetryHandler,
    RunHandler,
    RunsHandler,
    UnarchiveHandler,
)
from claimed_jlab.server.search import CompleteHandler, FindHandler
from claimed_jlab.server.taskforms import NewerHandler, TaskSchemaHandler
from claimed_jlab.server.tasks import LogHandler, NotebookHandler, OutputHandler
from claimed_jlab.server.tryout import TryHandler

_RUN = r"/claimed/runs/([\w-]+)"
_CATALOG = r"/claimed/catalogs/([\w-]+)"
_ENGINE = r"/claimed/engines/([\w-]+)"
_SCHEDULE = rf"{_ENGINE}/schedules/([\w-]+)"
_NODE = r"/claimed/lineage/nodes/((?:artifact|execution|context)/\d+)"
_TASK = rf"{_RUN}/tasks/([\w.-]+)"

ROUTES = [
    (r"/claimed/components", ComponentsHandler),
    (r"/claimed/components/inspect", InspectHandler),
    (r"/claimed/components/try", TryHandler),
    (r"/claimed/components/trust", TrustHandler),
    (r"/claimed/components/([\w./-]+)/code", ComponentCodeHandler),
    (r"/claimed/components/([\w./-]+)/newer", NewerHandler),
    (r"/claimed/components/([\w./-]+)", ComponentHandler),
    (r"/claimed/catalogs", CatalogsHandler),
    (_CATALOG, CatalogHandler),
    (rf"{_CATALOG}/enable", EnableHandler),
    (rf"{_CATALOG}/disable", DisableHandler),
    (rf"{_CATALOG}/refresh", RefreshHandler),
    (r"/claimed/engines", EnginesHandler),
    (rf"{_ENGINE}/settings", SettingsHandler),
    (rf"{_ENGINE}/test", TestHandler),
    (rf"{_ENGINE}/schedules", SchedulesHandler),
    (_SCHEDULE, ScheduleHandler),
    (rf"{_SCHEDULE}/enable", EnableScheduleHandler),
    (rf"{_SCHEDULE}/disable", DisableScheduleHandler),
    (r"/claimed/pipelines/describe", DescribeHandler),
    (r"/claimed/pipelines/validate", ValidateHandler),
    (r"/claimed/pipelines/python", PythonHandler),
    (r"/claimed/pipelines/from-python", FromPythonHandler),
    (r"/claimed/pipelines/difference", DifferenceHandler),
    (r"/claimed/pipelines/task-schema", TaskSchemaHandler),
    (r"/claimed/runs", RunsHandler),
    (r"/claimed/runs/compare", CompareHandler),
    (_RUN, RunHandler),
    (rf"{_RUN}/cancel", CancelHandler),
    (rf"{_RUN}/rerun", RerunHandler),
    (rf"{_RUN}/retry", RetryHandler),
    (rf"{_RUN}/archive", ArchiveHandler),
    (rf"{_RUN}/unarchive", UnarchiveHandler),
    (rf"{_RUN}/report", ReportHandler),
    (rf"{_TASK}/log", LogHandler),
    (rf"{_TASK}/notebook", NotebookHandler),
    (rf"{_TASK}/outputs/([\w -]+)", OutputHandler),
    (r"/claimed/lineage/find", FindHandler),
    (r"/claimed/lineage/complete", CompleteHandler),
    (r"/claimed/lineage/graph", GraphHandler),
    (r"/claimed/lineage/graph/between", BetweenHandler),
    (r"/claimed/lineage/used", UsedHandler),
    (r"/claimed/lineage/compare", CompareNodesHandler),
    (r"/claimed/lineage/export", ExportHandler),
    (_NODE, NodeHandler),
    (rf"{_NODE}/versions", VersionsHandler),
    (rf"{_NODE}/tags", TagsHandler),
    (rf"{_NODE}/note", NoteHandler),
    (rf"{_NODE}/preview", PreviewHandler),
    (rf"{_NODE}/code", ExecutedCodeHandler),
    (rf"{_NODE}/card", CardHandler),
    (rf"{_NODE}/reproduce", ReproduceHandler),
    (rf"{_NODE}/reproduced", ReproducedHandler),
    (r"/claimed/lineage/([\w:./%-]+)", LineageHandler),
]
