"""What goes in and out, field by field."""

from app.api.schemas.assessment import AssessmentAnswer
from app.api.schemas.definitions import Definitions
from app.api.schemas.papers import Uploaded
from app.api.schemas.people import Me
from app.api.schemas.problems import Problem
from app.api.schemas.proceedings import Case, History, Meeting, Opened, Procedure, ProceedingListing
from app.api.schemas.regulations import RegulationClauses, Regulations
from app.api.schemas.taken import (
    Answers,
    CaseOpening,
    MeetingOpening,
    OnceKey,
    PossibleKey,
    ProcedureOpening,
    ProceedingQuery,
    Release,
    TaskQuery,
    Transfer,
    Upload,
)
from app.api.schemas.tasks import Completed, DraftSaved, Task, TaskListing

LOCATION = {"Location": {"description": "Address of what was made.", "schema": {"type": "string"}}}

__all__ = [
    "LOCATION",
    "Answers",
    "AssessmentAnswer",
    "Case",
    "CaseOpening",
    "Completed",
    "Definitions",
    "DraftSaved",
    "History",
    "Me",
    "Meeting",
    "MeetingOpening",
    "OnceKey",
    "Opened",
    "PossibleKey",
    "Problem",
    "Procedure",
    "ProcedureOpening",
    "ProceedingListing",
    "ProceedingQuery",
    "RegulationClauses",
    "Regulations",
    "Release",
    "Task",
    "TaskListing",
    "TaskQuery",
    "Transfer",
    "Upload",
    "Uploaded",
]
