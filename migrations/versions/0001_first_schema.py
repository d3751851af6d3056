"""First schema."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "calendar_notices",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year"),
    )
    op.create_table(
        "counties",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "definition_files",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    with op.batch_alter_table("definition_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_definition_files_name"), ["name"], unique=False)

    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "person_id"),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("payload_digest", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("scope", "position"),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index("ix_journal_act", ["act", "at"], unique=False)
        batch_op.create_index("ix_journal_actor", ["actor", "at"], unique=False)
        batch_op.create_index("ix_journal_at", ["at"], unique=False)
        batch_op.create_index("ix_journal_object", ["object"], unique=False)

    op.create_table(
        "journal_checks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("breaks", sa.JSON(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("anchors", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "journal_heads",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("scope"),
    )
    op.create_table(
        "journal_purges",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("until_position", sa.Integer(), nullable=False),
        sa.Column("last_digest", sa.String(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("removed", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("witness", sa.String(), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", "until_position"),
    )
    op.create_table(
        "organisation_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "reminder_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "security_rules",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "tallies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("due", sa.String(), nullable=True),
        sa.Column("organ", sa.String(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("tallies", schema=None) as batch_op:
        batch_op.create_index("ix_tallies_holder", ["holder", "step", "due", "organ", "number"], unique=False)

    op.create_table(
        "worker_beats",
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker"),
    )
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum("HOLIDAY", "MAKE_UP_WORKDAY", name="daykind"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["year"],
            ["calendar_notices.year"],
        ),
        sa.PrimaryKeyConstraint("day"),
    )
    with op.batch_alter_table("calendar_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_days_year"), ["year"], unique=False)

    op.create_table(
        "counters",
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.PrimaryKeyConstraint("county_id", "kind", "year"),
    )
    op.create_table(
        "county_files",
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=True),
        sa.Column("by_studio", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["hash"],
            ["definition_files.hash"],
        ),
        sa.PrimaryKeyConstraint("county_id", "name"),
    )
    op.create_table(
        "organs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.String(), nullable=True),
        sa.Column("dissolution_basis", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["organs.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("county_id", "code"),
    )
    with op.batch_alter_table("organs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organs_county_id"), ["county_id"], unique=False)

    op.create_table(
        "regulations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("in_force_to", sa.Date(), nullable=True),
        sa.Column("case_process", sa.String(), nullable=True),
        sa.Column("meeting_process", sa.String(), nullable=True),
        sa.Column("register_hash", sa.String(), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["register_hash"],
            ["definition_files.hash"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("regulations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regulations_county_id"), ["county_id"], unique=False)

    op.create_table(
        "releases",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("regulation_id", sa.String(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("process_key", "county_id", "number"),
    )
    with op.batch_alter_table("releases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_releases_process_key"), ["process_key"], unique=False)

    op.create_table(
        "member_units",
        sa.Column("organ_id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organ_id"],
            ["organs.id"],
        ),
        sa.PrimaryKeyConstraint("organ_id"),
    )
    with op.batch_alter_table("member_units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_units_county_id"), ["county_id"], unique=False)

    op.create_table(
        "official_imports",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("regulation_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("file_hash", sa.String(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(), nullable=False),
        sa.Column("imported_name", sa.String(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["regulation_id"],
            ["regulations.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("regulation_id", "number"),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=True),
        sa.Column("organ_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("person_category", sa.String(), nullable=False),
        sa.Column("leading_cadre", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organ_id"],
            ["organs.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_county_id"), ["county_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_organ_id"), ["organ_id"], unique=False)

    op.create_table(
        "release_files",
        sa.Column("release_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hash"],
            ["definition_files.hash"],
        ),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["releases.id"],
        ),
        sa.PrimaryKeyConstraint("release_id", "name"),
    )
    op.create_table(
        "accounts",
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_secret", sa.String(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("oidc_subject", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("username"),
        sa.UniqueConstraint("oidc_subject"),
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_person_id"), ["person_id"], unique=False)

    op.create_table(
        "calendar_feeds",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("digest"),
    )
    with op.batch_alter_table("calendar_feeds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feeds_person_id"), ["person_id"], unique=False)

    op.create_table(
        "court_totals",
        sa.Column("organ_id", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("closed_substantive", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organ_id"],
            ["organs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["set_by"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("organ_id", "year"),
    )
    op.create_table(
        "definition_drafts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_by_name", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.String(), nullable=True),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("acts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("definition_drafts", schema=None) as batch_op:
        batch_op.create_index("ix_definition_drafts_county", ["county_id", "status"], unique=False)

    op.create_table(
        "deputies",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("principal_id", sa.String(), nullable=False),
        sa.Column("deputy_id", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_by_name", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["deputy_id"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["principal_id"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["set_by"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("deputies", schema=None) as batch_op:
        batch_op.create_index("ix_deputies_deputy", ["deputy_id", "since", "until"], unique=False)
        batch_op.create_index(batch_op.f("ix_deputies_principal_id"), ["principal_id"], unique=False)

    op.create_table(
        "grant_requests",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("grant_requests", schema=None) as batch_op:
        batch_op.create_index("ix_grant_requests_open", ["decided_at"], unique=False)

    op.create_table(
        "notification_settings",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("addresses", sa.JSON(), nullable=False),
        sa.Column("muted", sa.JSON(), nullable=False),
        sa.Column("quiet_since", sa.String(), nullable=False),
        sa.Column("quiet_until", sa.String(), nullable=False),
        sa.Column("digest_at", sa.String(), nullable=False),
        sa.Column("digest_on", sa.Date(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_table(
        "official_clauses",
        sa.Column("import_id", sa.String(), nullable=False),
        sa.Column("clause_id", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["official_imports.id"],
        ),
        sa.PrimaryKeyConstraint("import_id", "clause_id"),
    )
    op.create_table(
        "phrases",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("organ_id", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organ_id"],
            ["organs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("phrases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phrases_organ_id"), ["organ_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_phrases_person_id"), ["person_id"], unique=False)

    op.create_table(
        "proceedings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("kind", sa.Enum("CASE", "MEETING", "PROCEDURE", name="proceedingkind"), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("release_id", sa.String(), nullable=False),
        sa.Column("status", sa.Enum("RUNNING", "CLOSED", "CANCELLED", name="proceedingstatus"), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("waiting", sa.JSON(), nullable=False),
        sa.Column("history_length", sa.Integer(), nullable=False),
        sa.Column("searched_length", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(), nullable=True),
        sa.Column("journal_digest", sa.String(), nullable=False),
        sa.Column("switches", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["releases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    with op.batch_alter_table("proceedings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proceedings_kind"), ["kind"], unique=False)
        batch_op.create_index("ix_proceedings_moved", ["county_id", "updated_at"], unique=False)
        batch_op.create_index("ix_proceedings_opened_by", ["opened_by", "status", "opened_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_proceedings_release_id"), ["release_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proceedings_stage"), ["stage"], unique=False)
        batch_op.create_index(batch_op.f("ix_proceedings_status"), ["status"], unique=False)
        batch_op.create_index(
            "ix_proceedings_unsearched",
            ["id"],
            unique=False,
            sqlite_where=sa.text("searched_length < history_length"),
            postgresql_where=sa.text("searched_length < history_length"),
        )

    op.create_table(
        "role_assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("organ_id", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organ_id"],
            ["organs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "role", "organ_id"),
    )
    with op.batch_alter_table("role_assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_assignments_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_assignments_role"), ["role"], unique=False)

    op.create_table(
        "rule_settings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("regulation_id", sa.String(), nullable=False),
        sa.Column("organ_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organ_id"],
            ["organs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["regulation_id"],
            ["regulations.id"],
        ),
        sa.ForeignKeyConstraint(
            ["set_by"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("rule_settings", schema=None) as batch_op:
        batch_op.create_index("ix_rule_settings_regulation", ["regulation_id", "name"], unique=False)

    op.create_table(
        "saved_views",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("organ_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("box", sa.String(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organ_id"],
            ["organs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "name"),
    )
    with op.batch_alter_table("saved_views", schema=None) as batch_op:
        batch_op.create_index("ix_saved_views_organ", ["organ_id", "shared"], unique=False)

    op.create_table(
        "agenda_items",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("item_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("recused", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("resolution", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("meeting_id", "item_no"),
    )
    with op.batch_alter_table("agenda_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_items_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agenda_items_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "api_tokens",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["username"],
            ["accounts.username"],
        ),
        sa.PrimaryKeyConstraint("digest"),
    )
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_tokens_username"), ["username"], unique=False)

    op.create_table(
        "archive_packages",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("sm3", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("sides", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("proceeding_id", "version"),
    )
    op.create_table(
        "case_subjects",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("organ_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("decision_kind", sa.String(), nullable=True),
        sa.Column("decision_no", sa.String(), nullable=True),
        sa.Column("sanctions", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.String(), nullable=True),
        sa.Column("revision_no", sa.String(), nullable=True),
        sa.Column("current_status", sa.String(), nullable=True),
        sa.Column("status_since", sa.Date(), nullable=True),
        sa.Column("current_organ_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["current_organ_id"],
            ["organs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organ_id"],
            ["organs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("case_subjects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_subjects_proceeding_id"), ["proceeding_id"], unique=False)

    op.create_table(
        "cases",
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("regulation_id", sa.String(), nullable=False),
        sa.Column("lead_organ_id", sa.String(), nullable=False),
        sa.Column("case_type", sa.String(), nullable=True),
        sa.Column("scope_kind", sa.String(), nullable=True),
        sa.Column("legal_doc_type", sa.String(), nullable=True),
        sa.Column("doc_no", sa.String(), nullable=True),
        sa.Column("instance", sa.String(), nullable=True),
        sa.Column("area", sa.String(), nullable=True),
        sa.Column("act_kind", sa.String(), nullable=True),
        sa.Column("act_date", sa.Date(), nullable=True),
        sa.Column("served_date", sa.Date(), nullable=True),
        sa.Column("effective_date", sa.Date(), nullable=True),
        sa.Column("filing_due", sa.Date(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("nominal_entity", sa.String(), nullable=True),
        sa.Column("compensation_amount", sa.Integer(), nullable=True),
        sa.Column("series_id", sa.String(), nullable=True),
        sa.Column("on_agenda", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_organ_id"],
            ["organs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["nominal_entity"],
            ["organs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["on_agenda"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["regulation_id"],
            ["regulations.id"],
        ),
        sa.PrimaryKeyConstraint("proceeding_id"),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cases_case_type"), ["case_type"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_lead_organ_id"), ["lead_organ_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_regulation_id"), ["regulation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_series_id"), ["series_id"], unique=False)

    op.create_table(
        "comments",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("task_id", sa.String(), nullable=True),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("mentioned", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.create_index("ix_comments_proceeding", ["proceeding_id", "created_at"], unique=False)

    op.create_table(
        "court_list",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("doc_no", sa.String(), nullable=False),
        sa.Column("issuing_body", sa.String(), nullable=False),
        sa.Column("doc_date", sa.Date(), nullable=False),
        sa.Column("organ_id", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("imported_by", sa.String(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_case_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["imported_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["opened_case_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organ_id"],
            ["organs.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("county_id", "doc_no"),
    )
    with op.batch_alter_table("court_list", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_court_list_county_id"), ["county_id"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=True),
        sa.Column("task_id", sa.String(), nullable=True),
        sa.Column("notice_id", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index("ix_deliveries_due", ["status", "due_at"], unique=False)
        batch_op.create_index("ix_deliveries_person", ["person_id", "created_at"], unique=False)

    op.create_table(
        "draft_files",
        sa.Column("draft_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("base_hash", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["definition_drafts.id"],
        ),
        sa.PrimaryKeyConstraint("draft_id", "name"),
    )
    op.create_table(
        "draft_revisions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("draft_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["definition_drafts.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("draft_id", "name", "revision"),
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("content_digest", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("witness", sa.String(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "object_id"),
    )
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasures_proceeding_id"), ["proceeding_id"], unique=False)

    op.create_table(
        "file_orders",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("file_orders", schema=None) as batch_op:
        batch_op.create_index("ix_file_orders_due", ["status", "due_at"], unique=False)
        batch_op.create_index("ix_file_orders_proceeding", ["proceeding_id", "kind"], unique=False)

    op.create_table(
        "follows",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("person_id", "proceeding_id"),
    )
    with op.batch_alter_table("follows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follows_proceeding_id"), ["proceeding_id"], unique=False)

    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("task_id", sa.String(), nullable=True),
        sa.Column("submission_id", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("organ_id", sa.String(), nullable=True),
        sa.Column("organ_name", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.Column("clauses", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("proceeding_id", "position"),
    )
    op.create_table(
        "identity_number_readings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number_id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("identity_number_readings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_number_readings_number_id"), ["number_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_number_readings_proceeding_id"), ["proceeding_id"], unique=False)

    op.create_table(
        "incidents",
        sa.Column("engine_task_id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("engine_task_id"),
    )
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incidents_proceeding_id"), ["proceeding_id"], unique=False)

    op.create_table(
        "interventions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("kind", sa.Enum("MOVE", "CANCEL", name="interventionkind"), nullable=False),
        sa.Column(
            "status", sa.Enum("ASKED", "DONE", "REFUSED", "WITHDRAWN", name="interventionstatus"), nullable=False
        ),
        sa.Column("engine_task_id", sa.String(), nullable=False),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("from_step", sa.String(), nullable=False),
        sa.Column("from_name", sa.String(), nullable=False),
        sa.Column("to_step", sa.String(), nullable=False),
        sa.Column("to_name", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("interventions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interventions_proceeding_id"), ["proceeding_id"], unique=False)
        batch_op.create_index("ix_interventions_status", ["status", "asked_at"], unique=False)

    op.create_table(
        "meetings",
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("meeting_date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("pack_status", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("proceeding_id"),
    )
    op.create_table(
        "migration_runs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("release_id", sa.String(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("back_of", sa.String(), nullable=True),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["back_of"],
            ["migration_runs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["releases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["username"],
            ["accounts.username"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("migration_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_migration_runs_release_id"), ["release_id"], unique=False)

    op.create_table(
        "migrations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("from_release", sa.String(), nullable=False),
        sa.Column("to_release", sa.String(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_by_name", sa.String(), nullable=False),
        sa.Column("state_before", sa.LargeBinary(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("digest_after", sa.String(), nullable=False),
        sa.Column("moved_on", sa.Boolean(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("undone_by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_release"],
            ["releases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["to_release"],
            ["releases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("migrations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_migrations_proceeding_id"), ["proceeding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_migrations_to_release"), ["to_release"], unique=False)

    op.create_table(
        "notices",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("organ_id", sa.String(), nullable=True),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("task_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_person", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by", sa.String(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_person"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index("ix_notices_person", ["person_id", "read_at", "created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_proceeding_id"), ["proceeding_id"], unique=False)
        batch_op.create_index(
            "ix_notices_role", ["county_id", "role", "organ_id", "read_at", "created_at"], unique=False
        )

    op.create_table(
        "opened_files",
        sa.Column("draft_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("choice", sa.String(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chosen_from", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["chosen_from"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["definition_drafts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("draft_id", "name", "person_id"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("correlation", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_due", ["status", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_proceeding_id"), ["proceeding_id"], unique=False)

    op.create_table(
        "publications",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("releases", sa.JSON(), nullable=False),
        sa.Column("editors", sa.JSON(), nullable=False),
        sa.Column("scenarios", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(), nullable=False),
        sa.Column("published_by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["definition_drafts.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("county_id", "number"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["username"],
            ["accounts.username"],
        ),
        sa.PrimaryKeyConstraint("digest"),
    )
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_codes_username"), ["username"], unique=False)

    op.create_table(
        "recusals",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column(
            "ground", sa.Enum("NEAR_RELATIVE", "WITNESS", "INTEREST", "OTHER", name="recusalground"), nullable=False
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Enum("REQUESTED", "GRANTED", "REFUSED", name="recusalstatus"), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("recusals", schema=None) as batch_op:
        batch_op.create_index("ix_recusals_person", ["person_id", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_recusals_proceeding_id"), ["proceeding_id"], unique=False)

    op.create_table(
        "scenario_runs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("draft_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("wanted", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["definition_drafts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("scenario_runs", schema=None) as batch_op:
        batch_op.create_index("ix_scenario_runs_digest", ["county_id", "digest"], unique=False)
        batch_op.create_index("ix_scenario_runs_draft", ["draft_id", "created_at"], unique=False)
        batch_op.create_index("ix_scenario_runs_status", ["status", "created_at"], unique=False)

    op.create_table(
        "search_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("grams", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("search_texts", schema=None) as batch_op:
        batch_op.create_index("ix_search_texts_source", ["proceeding_id", "source", "source_id"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_provider", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["username"],
            ["accounts.username"],
        ),
        sa.PrimaryKeyConstraint("digest"),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_username"), ["username"], unique=False)

    op.create_table(
        "subscriptions",
        sa.Column("engine_task_id", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("correlation", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("engine_task_id", "message"),
    )
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.create_index("ix_subscriptions_message", ["message", "correlation"], unique=False)
        batch_op.create_index(batch_op.f("ix_subscriptions_proceeding_id"), ["proceeding_id"], unique=False)

    op.create_table(
        "suspensions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.Column("begun_by_name", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_by_name", sa.String(), nullable=False),
        sa.Column("end_reason", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["begun_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("suspensions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suspensions_proceeding_id"), ["proceeding_id"], unique=False)

    op.create_table(
        "tasks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=True),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("status", sa.Enum("OPEN", "COMPLETED", "WITHDRAWN", name="taskstatus"), nullable=False),
        sa.Column("candidate_role", sa.String(), nullable=False),
        sa.Column("candidate_organ", sa.String(), nullable=True),
        sa.Column("candidate_person", sa.String(), nullable=True),
        sa.Column("excluded_people", sa.JSON(), nullable=False),
        sa.Column("element", sa.JSON(), nullable=False),
        sa.Column("clauses", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("assignee_id", sa.String(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.String(), nullable=True),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("urged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("countersigns", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline", sa.JSON(), nullable=False),
        sa.Column("proposals", sa.JSON(), nullable=False),
        sa.Column("completed_by", sa.String(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completion_key", sa.String(), nullable=True),
        sa.Column("completion_answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("lead_organ_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignee_id"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["completed_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["lead_organ_id"],
            ["organs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index(
            "ix_tasks_assignee",
            ["assignee_id", "due_at", "opened_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'OPEN' AND assignee_id IS NOT NULL"),
            postgresql_where=sa.text("status = 'OPEN' AND assignee_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_tasks_assignee_arrival",
            ["assignee_id", "opened_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'OPEN' AND assignee_id IS NOT NULL"),
            postgresql_where=sa.text("status = 'OPEN' AND assignee_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_tasks_completed_by",
            ["completed_by", "completed_at", "id"],
            unique=False,
            sqlite_where=sa.text("completed_by IS NOT NULL"),
            postgresql_where=sa.text("completed_by IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_tasks_due_at",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("status = 'OPEN' AND due_at IS NOT NULL"),
            postgresql_where=sa.text("status = 'OPEN' AND due_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_tasks_person",
            ["candidate_person", "due_at", "opened_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'OPEN' AND candidate_person IS NOT NULL"),
            postgresql_where=sa.text("status = 'OPEN' AND candidate_person IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_tasks_pool",
            ["county_id", "candidate_role", "candidate_organ", "due_at", "opened_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'OPEN' AND assignee_id IS NULL"),
            postgresql_where=sa.text("status = 'OPEN' AND assignee_id IS NULL"),
        )
        batch_op.create_index(
            "ix_tasks_pool_arrival",
            ["county_id", "candidate_role", "candidate_organ", "opened_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'OPEN' AND assignee_id IS NULL"),
            postgresql_where=sa.text("status = 'OPEN' AND assignee_id IS NULL"),
        )
        batch_op.create_index("ix_tasks_proceeding", ["proceeding_id", "status", "assignee_id"], unique=False)
        batch_op.create_index(
            "ix_tasks_standing",
            ["county_id", "process_key", "step_id", "due_at", "opened_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'OPEN'"),
            postgresql_where=sa.text("status = 'OPEN'"),
        )
        batch_op.create_index(
            "ix_tasks_took",
            ["county_id", "completed_at", "process_key", "step_id", "opened_at", "proceeding_id"],
            unique=False,
            sqlite_where=sa.text("status = 'COMPLETED'"),
            postgresql_where=sa.text("status = 'COMPLETED'"),
        )
        batch_op.create_index(
            "ix_tasks_took_part",
            ["completed_by", "proceeding_id", "status"],
            unique=False,
            sqlite_where=sa.text("completed_by IS NOT NULL"),
            postgresql_where=sa.text("completed_by IS NOT NULL"),
        )

    op.create_table(
        "timers",
        sa.Column("engine_task_id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.PrimaryKeyConstraint("engine_task_id"),
    )
    with op.batch_alter_table("timers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_timers_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_timers_proceeding_id"), ["proceeding_id"], unique=False)

    op.create_table(
        "used_passwords",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["username"],
            ["accounts.username"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("used_passwords", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_used_passwords_username"), ["username"], unique=False)

    op.create_table(
        "agenda_item_cases",
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("follows", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["follows"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["agenda_items.id"],
        ),
        sa.PrimaryKeyConstraint("item_id", "case_id"),
    )
    with op.batch_alter_table("agenda_item_cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_item_cases_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agenda_item_cases_follows"), ["follows"], unique=False)

    op.create_table(
        "extension_requests",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("status", sa.Enum("REQUESTED", "GRANTED", "REFUSED", name="requeststatus"), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_by_name", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("extension_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_requests_proceeding_id"), ["proceeding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_extension_requests_task_id"), ["task_id"], unique=False)

    op.create_table(
        "identity_numbers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=True),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("masked", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("identity_numbers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_numbers_key_id"), ["key_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_numbers_proceeding_id"), ["proceeding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_numbers_submission_id"), ["submission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_numbers_task_id"), ["task_id"], unique=False)

    op.create_table(
        "migration_items",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("refusal", sa.JSON(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["migration_runs.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("migration_items", schema=None) as batch_op:
        batch_op.create_index("ix_migration_items_next", ["status", "id"], unique=False)
        batch_op.create_index("ix_migration_items_run", ["run_id", "id"], unique=False)

    op.create_table(
        "procedures",
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("regulation_id", sa.String(), nullable=False),
        sa.Column("parent_id", sa.String(), nullable=True),
        sa.Column("subject_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["regulation_id"],
            ["regulations.id"],
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["case_subjects.id"],
        ),
        sa.PrimaryKeyConstraint("proceeding_id"),
    )
    with op.batch_alter_table("procedures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_procedures_key"), ["key"], unique=False)
        batch_op.create_index(batch_op.f("ix_procedures_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_procedures_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "side_tasks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("kind", sa.Enum("COUNTERSIGN", "OPINION", "DELEGATION", name="sidekind"), nullable=False),
        sa.Column("status", sa.Enum("OPEN", "ANSWERED", "WITHDRAWN", name="sidestatus"), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("side_tasks", schema=None) as batch_op:
        batch_op.create_index("ix_side_tasks_asked_by", ["asked_by", "status"], unique=False)
        batch_op.create_index("ix_side_tasks_person", ["person_id", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_side_tasks_proceeding_id"), ["proceeding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_side_tasks_task_id"), ["task_id"], unique=False)

    op.create_table(
        "submissions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("form_hash", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("on_behalf_of", sa.String(), nullable=True),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("organ_id", sa.String(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organ_id"],
            ["organs.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submissions_proceeding_id"), ["proceeding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_submissions_task_id"), ["task_id"], unique=False)

    op.create_table(
        "supervision_sheets",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("colour", sa.Enum("YELLOW", "RED", name="sheetcolour"), nullable=False),
        sa.Column("status", sa.Enum("ISSUED", "ANSWERED", "CLOSED", name="sheetstatus"), nullable=False),
        sa.Column("demand", sa.String(), nullable=False),
        sa.Column("term", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.String(), nullable=False),
        sa.Column("issued_by_name", sa.String(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by_name", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_note", sa.String(), nullable=False),
        sa.Column("closed_by_name", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["issued_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("supervision_sheets", schema=None) as batch_op:
        batch_op.create_index("ix_supervision_sheets_county", ["county_id", "status", "term"], unique=False)
        batch_op.create_index(batch_op.f("ix_supervision_sheets_proceeding_id"), ["proceeding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_supervision_sheets_task_id"), ["task_id"], unique=False)

    op.create_table(
        "task_drafts",
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("task_id", "person_id"),
    )
    with op.batch_alter_table("task_drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_drafts_person_id"), ["person_id"], unique=False)

    op.create_table(
        "attachments",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=True),
        sa.Column("submission_id", sa.String(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("first_id", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachments_first_id"), ["first_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_proceeding_id"), ["proceeding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_submission_id"), ["submission_id"], unique=False)

    op.create_table(
        "case_facts",
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
        ),
        sa.PrimaryKeyConstraint("proceeding_id", "scope", "name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "series_runs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("series_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("step_name", sa.String(), nullable=False),
        sa.Column("own", sa.JSON(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
        ),
        sa.ForeignKeyConstraint(
            ["username"],
            ["accounts.username"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("series_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_series_runs_series_id"), ["series_id"], unique=False)

    op.create_table(
        "issued_papers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("county_id", sa.String(), nullable=False),
        sa.Column("proceeding_id", sa.String(), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column("attachment_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("template_hash", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("sm3", sa.String(), nullable=False),
        sa.Column("signed_by", sa.String(), nullable=False),
        sa.Column("signed_name", sa.String(), nullable=False),
        sa.Column("signed_organ", sa.String(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("serves_id", sa.String(), nullable=True),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachments.id"],
        ),
        sa.ForeignKeyConstraint(
            ["county_id"],
            ["counties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["serves_id"],
            ["issued_papers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"],
            ["people.id"],
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("attachment_id"),
        sa.UniqueConstraint("county_id", "number", "version"),
    )
    with op.batch_alter_table("issued_papers", schema=None) as batch_op:
        batch_op.create_index("ix_issued_papers_proceeding", ["proceeding_id", "scope"], unique=False)

    op.create_table(
        "paper_readings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("attachment_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachments.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("paper_readings", schema=None) as batch_op:
        batch_op.create_index("ix_paper_readings_paper", ["attachment_id", "person_id", "read_at"], unique=False)

    op.create_table(
        "series_items",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.Column("telling", sa.String(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("refusal", sa.JSON(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["proceedings.id"],
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["series_runs.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("series_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_series_items_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_series_items_next", ["status", "id"], unique=False)
        batch_op.create_index("ix_series_items_run", ["run_id", "line"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("series_items", schema=None) as batch_op:
        batch_op.drop_index("ix_series_items_run")
        batch_op.drop_index("ix_series_items_next")
        batch_op.drop_index(batch_op.f("ix_series_items_case_id"))

    op.drop_table("series_items")
    with op.batch_alter_table("paper_readings", schema=None) as batch_op:
        batch_op.drop_index("ix_paper_readings_paper")

    op.drop_table("paper_readings")
    with op.batch_alter_table("issued_papers", schema=None) as batch_op:
        batch_op.drop_index("ix_issued_papers_proceeding")

    op.drop_table("issued_papers")
    with op.batch_alter_table("series_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_series_runs_series_id"))

    op.drop_table("series_runs")
    op.drop_table("case_facts")
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachments_submission_id"))
        batch_op.drop_index(batch_op.f("ix_attachments_sha256"))
        batch_op.drop_index(batch_op.f("ix_attachments_proceeding_id"))
        batch_op.drop_index(batch_op.f("ix_attachments_first_id"))

    op.drop_table("attachments")
    with op.batch_alter_table("task_drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_drafts_person_id"))

    op.drop_table("task_drafts")
    with op.batch_alter_table("supervision_sheets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supervision_sheets_task_id"))
        batch_op.drop_index(batch_op.f("ix_supervision_sheets_proceeding_id"))
        batch_op.drop_index("ix_supervision_sheets_county")

    op.drop_table("supervision_sheets")
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submissions_task_id"))
        batch_op.drop_index(batch_op.f("ix_submissions_proceeding_id"))

    op.drop_table("submissions")
    with op.batch_alter_table("side_tasks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_side_tasks_task_id"))
        batch_op.drop_index(batch_op.f("ix_side_tasks_proceeding_id"))
        batch_op.drop_index("ix_side_tasks_person")
        batch_op.drop_index("ix_side_tasks_asked_by")

    op.drop_table("side_tasks")
    with op.batch_alter_table("procedures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_procedures_subject_id"))
        batch_op.drop_index(batch_op.f("ix_procedures_parent_id"))
        batch_op.drop_index(batch_op.f("ix_procedures_key"))

    op.drop_table("procedures")
    with op.batch_alter_table("migration_items", schema=None) as batch_op:
        batch_op.drop_index("ix_migration_items_run")
        batch_op.drop_index("ix_migration_items_next")

    op.drop_table("migration_items")
    with op.batch_alter_table("identity_numbers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_numbers_task_id"))
        batch_op.drop_index(batch_op.f("ix_identity_numbers_submission_id"))
        batch_op.drop_index(batch_op.f("ix_identity_numbers_proceeding_id"))
        batch_op.drop_index(batch_op.f("ix_identity_numbers_key_id"))

    op.drop_table("identity_numbers")
    with op.batch_alter_table("extension_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_extension_requests_task_id"))
        batch_op.drop_index(batch_op.f("ix_extension_requests_proceeding_id"))

    op.drop_table("extension_requests")
    with op.batch_alter_table("agenda_item_cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agenda_item_cases_follows"))
        batch_op.drop_index(batch_op.f("ix_agenda_item_cases_case_id"))

    op.drop_table("agenda_item_cases")
    with op.batch_alter_table("used_passwords", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_used_passwords_username"))

    op.drop_table("used_passwords")
    with op.batch_alter_table("timers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_timers_proceeding_id"))
        batch_op.drop_index(batch_op.f("ix_timers_due_at"))

    op.drop_table("timers")
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_tasks_took_part",
            sqlite_where=sa.text("completed_by IS NOT NULL"),
            postgresql_where=sa.text("completed_by IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_tasks_took",
            sqlite_where=sa.text("status = 'COMPLETED'"),
            postgresql_where=sa.text("status = 'COMPLETED'"),
        )
        batch_op.drop_index(
            "ix_tasks_standing", sqlite_where=sa.text("status = 'OPEN'"), postgresql_where=sa.text("status = 'OPEN'")
        )
        batch_op.drop_index("ix_tasks_proceeding")
        batch_op.drop_index(
            "ix_tasks_pool_arrival",
            sqlite_where=sa.text("status = 'OPEN' AND assignee_id IS NULL"),
            postgresql_where=sa.text("status = 'OPEN' AND assignee_id IS NULL"),
        )
        batch_op.drop_index(
            "ix_tasks_pool",
            sqlite_where=sa.text("status = 'OPEN' AND assignee_id IS NULL"),
            postgresql_where=sa.text("status = 'OPEN' AND assignee_id IS NULL"),
        )
        batch_op.drop_index(
            "ix_tasks_person",
            sqlite_where=sa.text("status = 'OPEN' AND candidate_person IS NOT NULL"),
            postgresql_where=sa.text("status = 'OPEN' AND candidate_person IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_tasks_due_at",
            sqlite_where=sa.text("status = 'OPEN' AND due_at IS NOT NULL"),
            postgresql_where=sa.text("status = 'OPEN' AND due_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_tasks_completed_by",
            sqlite_where=sa.text("completed_by IS NOT NULL"),
            postgresql_where=sa.text("completed_by IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_tasks_assignee_arrival",
            sqlite_where=sa.text("status = 'OPEN' AND assignee_id IS NOT NULL"),
            postgresql_where=sa.text("status = 'OPEN' AND assignee_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_tasks_assignee",
            sqlite_where=sa.text("status = 'OPEN' AND assignee_id IS NOT NULL"),
            postgresql_where=sa.text("status = 'OPEN' AND assignee_id IS NOT NULL"),
        )

    op.drop_table("tasks")
    with op.batch_alter_table("suspensions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_suspensions_proceeding_id"))

    op.drop_table("suspensions")
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscriptions_proceeding_id"))
        batch_op.drop_index("ix_subscriptions_message")

    op.drop_table("subscriptions")
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sessions_username"))

    op.drop_table("sessions")
    with op.batch_alter_table("search_texts", schema=None) as batch_op:
        batch_op.drop_index("ix_search_texts_source")

    op.drop_table("search_texts")
    with op.batch_alter_table("scenario_runs", schema=None) as batch_op:
        batch_op.drop_index("ix_scenario_runs_status")
        batch_op.drop_index("ix_scenario_runs_draft")
        batch_op.drop_index("ix_scenario_runs_digest")

    op.drop_table("scenario_runs")
    with op.batch_alter_table("recusals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recusals_proceeding_id"))
        batch_op.drop_index("ix_recusals_person")

    op.drop_table("recusals")
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_codes_username"))

    op.drop_table("recovery_codes")
    op.drop_table("publications")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_proceeding_id"))
        batch_op.drop_index("ix_outbox_due")

    op.drop_table("outbox")
    op.drop_table("opened_files")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index("ix_notices_role")
        batch_op.drop_index(batch_op.f("ix_notices_proceeding_id"))
        batch_op.drop_index("ix_notices_person")

    op.drop_table("notices")
    with op.batch_alter_table("migrations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_migrations_to_release"))
        batch_op.drop_index(batch_op.f("ix_migrations_proceeding_id"))

    op.drop_table("migrations")
    with op.batch_alter_table("migration_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_migration_runs_release_id"))

    op.drop_table("migration_runs")
    op.drop_table("meetings")
    with op.batch_alter_table("interventions", schema=None) as batch_op:
        batch_op.drop_index("ix_interventions_status")
        batch_op.drop_index(batch_op.f("ix_interventions_proceeding_id"))

    op.drop_table("interventions")
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incidents_proceeding_id"))

    op.drop_table("incidents")
    with op.batch_alter_table("identity_number_readings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_number_readings_proceeding_id"))
        batch_op.drop_index(batch_op.f("ix_identity_number_readings_number_id"))

    op.drop_table("identity_number_readings")
    op.drop_table("history")
    with op.batch_alter_table("follows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follows_proceeding_id"))

    op.drop_table("follows")
    with op.batch_alter_table("file_orders", schema=None) as batch_op:
        batch_op.drop_index("ix_file_orders_proceeding")
        batch_op.drop_index("ix_file_orders_due")

    op.drop_table("file_orders")
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_erasures_proceeding_id"))

    op.drop_table("erasures")
    op.drop_table("draft_revisions")
    op.drop_table("draft_files")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_deliveries_person")
        batch_op.drop_index("ix_deliveries_due")

    op.drop_table("deliveries")
    with op.batch_alter_table("court_list", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_court_list_county_id"))

    op.drop_table("court_list")
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.drop_index("ix_comments_proceeding")

    op.drop_table("comments")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cases_series_id"))
        batch_op.drop_index(batch_op.f("ix_cases_regulation_id"))
        batch_op.drop_index(batch_op.f("ix_cases_lead_organ_id"))
        batch_op.drop_index(batch_op.f("ix_cases_case_type"))

    op.drop_table("cases")
    with op.batch_alter_table("case_subjects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_subjects_proceeding_id"))

    op.drop_table("case_subjects")
    op.drop_table("archive_packages")
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_tokens_username"))

    op.drop_table("api_tokens")
    with op.batch_alter_table("agenda_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agenda_items_meeting_id"))
        batch_op.drop_index(batch_op.f("ix_agenda_items_case_id"))

    op.drop_table("agenda_items")
    with op.batch_alter_table("saved_views", schema=None) as batch_op:
        batch_op.drop_index("ix_saved_views_organ")

    op.drop_table("saved_views")
    with op.batch_alter_table("rule_settings", schema=None) as batch_op:
        batch_op.drop_index("ix_rule_settings_regulation")

    op.drop_table("rule_settings")
    with op.batch_alter_table("role_assignments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_assignments_role"))
        batch_op.drop_index(batch_op.f("ix_role_assignments_person_id"))

    op.drop_table("role_assignments")
    with op.batch_alter_table("proceedings", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_proceedings_unsearched",
            sqlite_where=sa.text("searched_length < history_length"),
            postgresql_where=sa.text("searched_length < history_length"),
        )
        batch_op.drop_index(batch_op.f("ix_proceedings_status"))
        batch_op.drop_index(batch_op.f("ix_proceedings_stage"))
        batch_op.drop_index(batch_op.f("ix_proceedings_release_id"))
        batch_op.drop_index("ix_proceedings_opened_by")
        batch_op.drop_index("ix_proceedings_moved")
        batch_op.drop_index(batch_op.f("ix_proceedings_kind"))

    op.drop_table("proceedings")
    with op.batch_alter_table("phrases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_phrases_person_id"))
        batch_op.drop_index(batch_op.f("ix_phrases_organ_id"))

    op.drop_table("phrases")
    op.drop_table("official_clauses")
    op.drop_table("notification_settings")
    with op.batch_alter_table("grant_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_grant_requests_open")

    op.drop_table("grant_requests")
    with op.batch_alter_table("deputies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deputies_principal_id"))
        batch_op.drop_index("ix_deputies_deputy")

    op.drop_table("deputies")
    with op.batch_alter_table("definition_drafts", schema=None) as batch_op:
        batch_op.drop_index("ix_definition_drafts_county")

    op.drop_table("definition_drafts")
    op.drop_table("court_totals")
    with op.batch_alter_table("calendar_feeds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_feeds_person_id"))

    op.drop_table("calendar_feeds")
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_person_id"))

    op.drop_table("accounts")
    op.drop_table("release_files")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_organ_id"))
        batch_op.drop_index(batch_op.f("ix_people_county_id"))

    op.drop_table("people")
    op.drop_table("official_imports")
    with op.batch_alter_table("member_units", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_units_county_id"))

    op.drop_table("member_units")
    with op.batch_alter_table("releases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_releases_process_key"))

    op.drop_table("releases")
    with op.batch_alter_table("regulations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regulations_county_id"))

    op.drop_table("regulations")
    with op.batch_alter_table("organs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organs_county_id"))

    op.drop_table("organs")
    op.drop_table("county_files")
    op.drop_table("counters")
    with op.batch_alter_table("calendar_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_days_year"))

    op.drop_table("calendar_days")
    op.drop_table("worker_beats")
    with op.batch_alter_table("tallies", schema=None) as batch_op:
        batch_op.drop_index("ix_tallies_holder")

    op.drop_table("tallies")
    op.drop_table("sign_in_attempts")
    op.drop_table("security_rules")
    op.drop_table("reminder_days")
    op.drop_table("organisation_marks")
    op.drop_table("journal_purges")
    op.drop_table("journal_heads")
    op.drop_table("journal_checks")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index("ix_journal_object")
        batch_op.drop_index("ix_journal_at")
        batch_op.drop_index("ix_journal_actor")
        batch_op.drop_index("ix_journal_act")

    op.drop_table("journal")
    op.drop_table("idempotency_keys")
    with op.batch_alter_table("definition_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_definition_files_name"))

    op.drop_table("definition_files")
    op.drop_table("counties")
    op.drop_table("calendar_notices")
