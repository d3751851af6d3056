"""Every table, by subject. Import from here."""

from app.storage.models.accounts import (
    Account,
    ApiToken,
    GrantRequest,
    RecoveryCode,
    SecurityRule,
    Session,
    SignInAttempt,
    UsedPassword,
)
from app.storage.models.archives import ArchivePackage, FileOrder
from app.storage.models.boxes import Follow, SavedView
from app.storage.models.calendars import CalendarDayRow, CalendarNotice
from app.storage.models.cases import Attachment, Case, CaseFact, CaseSubject
from app.storage.models.definitions import DefinitionFile, Regulation, Release, ReleaseFile
from app.storage.models.evidence import (
    Erasure,
    HistoryEntry,
    JournalCheck,
    JournalHead,
    JournalLine,
    JournalPurge,
    Submission,
)
from app.storage.models.exchange import CourtListEntry
from app.storage.models.handling import Deputy, ExtensionRequest, SideTask, SupervisionSheet
from app.storage.models.identity_numbers import IdentityNumberReading, SealedIdentityNumber
from app.storage.models.interventions import Intervention
from app.storage.models.issued import IssuedPaper
from app.storage.models.meetings import AgendaItem, AgendaItemCase, Meeting
from app.storage.models.migrations import MigrationItem, MigrationRow, MigrationRun
from app.storage.models.notifications import CalendarFeed, Delivery, NotificationSettings, ReminderDay
from app.storage.models.organisation import County, MemberUnit, Organ, OrganisationMark, Person, RoleAssignment
from app.storage.models.papers import Comment, PaperReading
from app.storage.models.periods import Suspension
from app.storage.models.phrases import Phrase
from app.storage.models.procedures import Procedure
from app.storage.models.proceedings import IncidentRow, Proceeding, SubscriptionRow, Tally, Task, TaskDraft, TimerRow
from app.storage.models.recusals import Recusal
from app.storage.models.regulations import OfficialClause, OfficialImport
from app.storage.models.reports import CourtTotal
from app.storage.models.rules import RuleSetting
from app.storage.models.search import SearchText
from app.storage.models.series import SeriesItem, SeriesRun
from app.storage.models.studio import CountyFile, DefinitionDraft, DraftFile, DraftRevision, OpenedFile, Publication
from app.storage.models.traffic import Counter, IdempotencyKey, Notice, OutboxRow, WorkerBeat
from app.storage.models.tryouts import ScenarioRun

__all__ = [
    "Account",
    "AgendaItem",
    "AgendaItemCase",
    "ApiToken",
    "ArchivePackage",
    "Attachment",
    "CalendarDayRow",
    "CalendarFeed",
    "CalendarNotice",
    "Case",
    "CaseFact",
    "CaseSubject",
    "Comment",
    "Counter",
    "County",
    "CountyFile",
    "CourtListEntry",
    "CourtTotal",
    "DefinitionDraft",
    "DefinitionFile",
    "Delivery",
    "Deputy",
    "DraftFile",
    "DraftRevision",
    "Erasure",
    "ExtensionRequest",
    "FileOrder",
    "Follow",
    "GrantRequest",
    "HistoryEntry",
    "IdempotencyKey",
    "IdentityNumberReading",
    "IncidentRow",
    "Intervention",
    "IssuedPaper",
    "JournalCheck",
    "JournalHead",
    "JournalLine",
    "JournalPurge",
    "Meeting",
    "MemberUnit",
    "MigrationItem",
    "MigrationRow",
    "MigrationRun",
    "Notice",
    "NotificationSettings",
    "OfficialClause",
    "OfficialImport",
    "OpenedFile",
    "Organ",
    "OrganisationMark",
    "OutboxRow",
    "PaperReading",
    "Person",
    "Phrase",
    "Procedure",
    "Proceeding",
    "Publication",
    "RecoveryCode",
    "Recusal",
    "Regulation",
    "Release",
    "ReleaseFile",
    "ReminderDay",
    "RoleAssignment",
    "RuleSetting",
    "SavedView",
    "ScenarioRun",
    "SealedIdentityNumber",
    "SearchText",
    "SecurityRule",
    "SeriesItem",
    "SeriesRun",
    "Session",
    "SideTask",
    "SignInAttempt",
    "Submission",
    "SubscriptionRow",
    "SupervisionSheet",
    "Suspension",
    "Tally",
    "Task",
    "TaskDraft",
    "TimerRow",
    "UsedPassword",
    "WorkerBeat",
]
