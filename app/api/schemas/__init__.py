"""What goes in and out, field by field."""

from app.api.schemas.acts import (
    BulletinQuery,
    CalendarQuery,
    Extension,
    LedgerQuery,
    NewSubject,
    Reasoned,
    RecusalDecision,
    RecusalRequest,
    SubjectStatus,
    Suspending,
    YearQuery,
)
from app.api.schemas.assessment import AssessmentAnswer
from app.api.schemas.definitions import (
    MOST_MIGRATED,
    DefinitionFiles,
    DefinitionNotes,
    Definitions,
    HandedIn,
    Migrating,
    Migrations,
    Published,
    Publishing,
)
from app.api.schemas.handling import (
    Appointing,
    Asking,
    Deputies,
    ExtensionRequesting,
    Handling,
    OpinionGiven,
    SendingBack,
    SheetIssuing,
    Urging,
)
from app.api.schemas.kept import PhraseKeeping, Phrases, RemarkChanging, Remarking, Remarks, ViewKeeping, Views
from app.api.schemas.outlines import OutlineAnswer, OutlineQuery
from app.api.schemas.overview import OverviewAnswer, ProcessesAnswer, ProcessStatusAnswer, StatusQuery
from app.api.schemas.papers import Uploaded
from app.api.schemas.people import Me
from app.api.schemas.periods import Periods
from app.api.schemas.problems import Problem
from app.api.schemas.proceedings import Case, History, Meeting, Opened, Procedure, ProceedingListing
from app.api.schemas.recusals import Recusals
from app.api.schemas.regulations import RegulationClauses, Regulations
from app.api.schemas.rules import Calendar, Rules
from app.api.schemas.series import SeriesAnswer, SeriesRun, SeriesTable
from app.api.schemas.stats import AssessmentSheet, BulletinAnswer, Counts, LedgerAnswer
from app.api.schemas.taken import (
    Answers,
    CaseOpening,
    MeetingOpening,
    OnceKey,
    PossibleKey,
    ProcedureOpening,
    ProceedingQuery,
    Release,
    StepDone,
    TaskQuery,
    Transfer,
    Upload,
)
from app.api.schemas.tasks import Completed, DraftSaved, Task, TaskListing

LOCATION = {"Location": {"description": "Address of what was made.", "schema": {"type": "string"}}}

__all__ = [
    "LOCATION",
    "MOST_MIGRATED",
    "Answers",
    "Appointing",
    "Asking",
    "AssessmentAnswer",
    "AssessmentSheet",
    "BulletinAnswer",
    "BulletinQuery",
    "Calendar",
    "CalendarQuery",
    "Case",
    "CaseOpening",
    "Completed",
    "Counts",
    "DefinitionFiles",
    "DefinitionNotes",
    "Definitions",
    "Deputies",
    "DraftSaved",
    "Extension",
    "ExtensionRequesting",
    "HandedIn",
    "Handling",
    "History",
    "LedgerAnswer",
    "LedgerQuery",
    "Me",
    "Meeting",
    "MeetingOpening",
    "Migrating",
    "Migrations",
    "NewSubject",
    "OnceKey",
    "Opened",
    "OpinionGiven",
    "OutlineAnswer",
    "OutlineQuery",
    "OverviewAnswer",
    "Periods",
    "PhraseKeeping",
    "Phrases",
    "PossibleKey",
    "Problem",
    "Procedure",
    "ProcedureOpening",
    "ProceedingListing",
    "ProceedingQuery",
    "ProcessStatusAnswer",
    "ProcessesAnswer",
    "Published",
    "Publishing",
    "Reasoned",
    "RecusalDecision",
    "RecusalRequest",
    "Recusals",
    "RegulationClauses",
    "Regulations",
    "Release",
    "RemarkChanging",
    "Remarking",
    "Remarks",
    "Rules",
    "SendingBack",
    "SeriesAnswer",
    "SeriesRun",
    "SeriesTable",
    "SheetIssuing",
    "StatusQuery",
    "StepDone",
    "SubjectStatus",
    "Suspending",
    "Task",
    "TaskListing",
    "TaskQuery",
    "Transfer",
    "Upload",
    "Uploaded",
    "Urging",
    "ViewKeeping",
    "Views",
    "YearQuery",
]
