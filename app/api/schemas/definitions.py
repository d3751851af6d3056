"""Published versions, and moving running proceedings between them."""

from marshmallow import EXCLUDE, Schema, fields, validate

from app.api.schemas.acts import Flag
from app.api.schemas.fields import Object, Sentence, Text, in_words
from app.api.schemas.runs import Counts, RefusedRow
from app.api.schemas.taken import Taken
from app.domain.errors import N_

MOST_MIGRATED = 200
"""Proceedings that one request moves; it is sent again for more, or a run does them."""
MOST_IN_RUN = 10_000


class Definition(Schema):
    id = fields.String()
    process = fields.String(attribute="process_key")
    number = fields.Integer()
    latest = fields.Boolean(metadata={"description": "New proceedings start on this one."})
    regulation = fields.String(allow_none=True, attribute="regulation_id")
    title = fields.String()
    document_no = fields.String()
    in_force_from = fields.Date(allow_none=True)
    in_force_to = fields.Date(allow_none=True)
    digest = fields.String()
    published_at = fields.AwareDateTime()
    published_by = fields.String(metadata={"description": "User name; `wenze` where it came with the program."})


class Definitions(Schema):
    items = fields.List(fields.Nested(Definition))


class MigratingMany(Taken):
    proceedings = fields.List(
        Text(),
        load_default=list,
        validate=validate.Length(max=MOST_IN_RUN, error=N_("一次至多换版10000件。")),
        metadata={"description": "Numbers or ids. Empty: all that run on another version."},
    )
    mapping = Object(
        keys=Text(longest=100),
        values=Text(longest=100),
        load_default=dict,
        metadata={"description": "Old -> new id of steps that were renamed or take over."},
    )
    reason = Text(load_default="", longest=500, metadata={"description": "Required."})


class Migrating(MigratingMany):
    proceedings = fields.List(
        Text(),
        load_default=list,
        validate=validate.Length(max=MOST_MIGRATED, error=N_("一次至多换版200件。")),
        metadata={"description": "Numbers or ids. Empty: all that run on another version, 200 at most."},
    )
    reason = Text(load_default="", longest=500, metadata={"description": "Required unless `dry_run`."})
    dry_run = Flag(load_default=False)


class Migration(Schema):
    id = fields.String(attribute="plan.proceeding_id")
    number = fields.String(attribute="plan.number")
    release = fields.Integer(attribute="plan.release_number", metadata={"description": "The version it is on now."})
    standing = fields.List(fields.String(), attribute="plan.standing")
    possible = fields.Boolean(attribute="plan.possible")
    done = fields.Boolean()
    obstacles = fields.List(Sentence(), attribute="plan.obstacles")
    remarks = fields.List(Sentence(), attribute="plan.remarks")


class Migrations(Schema):
    items = fields.List(fields.Nested(Migration))


class MigratingBack(Taken):
    proceedings = fields.List(
        Text(),
        required=True,
        validate=validate.Length(min=1, max=MOST_MIGRATED, error=N_("一次至多换版200件。")),
        metadata={"description": "Numbers or ids."},
    )
    reason = Text(load_default="", longest=500, metadata={"description": "Required."})


class MigrationBack(Schema):
    id = fields.String()
    number = fields.String()
    done = fields.Boolean()
    release = fields.Integer(allow_none=True, metadata={"description": "The version it went back to."})
    obstacles = fields.List(Sentence(), metadata={"description": "Why it was not taken back."})


class MigrationsBack(Schema):
    items = fields.List(fields.Nested(MigrationBack))


class MigrationProgress(Counts):
    id = fields.String()
    process_key = fields.String()
    release_number = fields.Integer()
    back_of = fields.String(metadata={"description": "The run that this one takes back; empty otherwise."})
    reason = fields.String()
    person = fields.String()
    created_at = fields.AwareDateTime()


class MigrationRunRow(RefusedRow):
    proceeding_id = fields.String()


class MigrationRun(Schema):
    progress = fields.Nested(MigrationProgress)
    refused = fields.List(fields.Nested(MigrationRunRow))
    changed = fields.List(fields.Nested(MigrationRunRow))


class DefinitionFiles(Schema):
    files = fields.List(
        fields.Raw(metadata={"type": "string", "format": "binary"}),
        required=True,
        error_messages={"required": N_("请在 files 字段中上传文件。")},
        metadata={"description": "Diagrams, tables, forms, registers, scenarios, letters; each by its file name."},
    )

    class Meta:
        unknown = EXCLUDE


class DefinitionNotes(Schema):
    title = Text(required=True, longest=100)
    notes = Text(required=True, longest=4000, metadata={"description": "What was changed and why."})

    class Meta:
        unknown = EXCLUDE


class DefinitionFinding(Schema):
    file = fields.String()
    element = fields.String(allow_none=True, attribute="element_id")
    rule = fields.String()
    severity = fields.String()
    sentence = fields.Function(lambda finding: in_words(finding))


class HandedIn(Schema):
    id = fields.String(attribute="draft_id", metadata={"description": "Of the draft; `publish` takes it."})
    status = fields.String(metadata={"description": "SUBMITTED where there was nothing against it, else EDITING."})
    files = fields.List(fields.String())
    findings = fields.List(fields.Nested(DefinitionFinding))


class Publishing(Taken):
    reason = Text(
        load_default="",
        longest=4000,
        metadata={"description": "Required unless a run of all scenarios on these very contents was green."},
    )


class PublishedRelease(Schema):
    id = fields.String()
    process = fields.String()
    number = fields.Integer()


class Published(Schema):
    id = fields.String()
    number = fields.Integer()
    releases = fields.List(fields.Nested(PublishedRelease))
