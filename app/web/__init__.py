"""HTML in, HTML out. `init_app` hangs the screens, their language, headers and problem pages on the application."""

from flask import Flask

from app.web import (
    accessibility,
    administration,
    archives,
    assess,
    attachments,
    audit,
    auth,
    bulk,
    calendar,
    cases,
    comments,
    compression,
    confirmation,
    deputies,
    diagrams,
    drafts,
    escaping,
    exchange,
    files,
    follows,
    formats,
    handling,
    headers,
    health,
    home,
    identity,
    identity_numbers,
    inbox,
    incidents,
    json_texts,
    languages,
    law,
    letters,
    me,
    meetings,
    migrations,
    notices,
    once,
    operations,
    oversight,
    papers,
    passwords,
    periods,
    permission,
    phrases,
    pictures,
    policy,
    problems,
    procedures,
    rates,
    recusals,
    reports,
    rules,
    search,
    series,
    status,
    studio,
    studio_editors,
    studio_files,
    studio_packs,
    studio_tryout,
    studio_versions,
    subjects,
    tasks,
    traces,
    views,
    warming,
)
from app.web import organs as _organs  # noqa: F401  (its views are on the screen of the administrators)
from app.web import studio_approval as _approval  # noqa: F401  (their views are on the screen of the studio)
from app.web import studio_drafts as _drafts  # noqa: F401
from app.web import studio_scenarios as _scenarios  # noqa: F401

SCREENS = (
    home.screen,
    auth.screen,
    identity.screen,
    identity_numbers.screen,
    passwords.screen,
    confirmation.screen,
    administration.screen,
    audit.screen,
    inbox.screen,
    bulk.screen,
    views.screen,
    search.screen,
    notices.screen,
    me.screen,
    follows.screen,
    tasks.screen,
    handling.screen,
    oversight.screen,
    deputies.screen,
    drafts.screen,
    phrases.screen,
    cases.screen,
    subjects.screen,
    meetings.screen,
    procedures.screen,
    reports.screen,
    diagrams.screen,
    pictures.screen,
    exchange.screen,
    law.screen,
    migrations.screen,
    rules.screen,
    policy.screen,
    accessibility.screen,
    studio.screen,
    studio_files.screen,
    studio_editors.screen,
    studio_packs.screen,
    studio_versions.screen,
    studio_tryout.screen,
    assess.screen,
    status.screen,
    operations.screen,
    series.screen,
    recusals.screen,
    calendar.screen,
    periods.screen,
    attachments.screen,
    papers.screen,
    letters.screen,
    files.screen,
    archives.screen,
    comments.screen,
    incidents.screen,
    health.screen,
)


def init_app(app: Flask) -> None:
    """Called once by `create_app`, after the extensions are bound."""
    # A form may stay open over lunch: its token is good as long as its session.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    escaping.init_app(app)
    json_texts.init_app(app)
    languages.init_app(app)
    formats.init_app(app)
    headers.init_app(app)
    compression.init_app(app)
    problems.init_app(app)
    permission.init_app(app)
    rates.init_app(app)
    passwords.init_app(app)
    confirmation.init_app(app)
    identity.init_app(app)
    once.init_app(app)
    handling.init_app(app)
    follows.init_app(app)
    calendar.init_app(app)
    notices.init_app(app)
    warming.init_app(app)
    traces.init_app(app)
    for screen in SCREENS:
        app.register_blueprint(screen)
