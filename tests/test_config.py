"""What the surroundings decide, and what they must never decide by accident."""

from pathlib import Path

import pytest

from config import Config, database_url


def test_without_any_setting_data_lies_in_the_data_folder_and_demo_mode_is_off(tmp_path: Path) -> None:
    config = Config.from_environment({"WENZE_DATA": str(tmp_path / "data")})

    file = tmp_path / "data" / "wenze.db"
    assert f"sqlite:///{file}" == config.SQLALCHEMY_DATABASE_URI
    assert not config.WENZE_DEMO
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_the_secret_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = Config.from_environment({"WENZE_DATA": str(tmp_path)})
    second = Config.from_environment({"WENZE_DATA": str(tmp_path)})

    assert first.SECRET_KEY == second.SECRET_KEY
    assert len(first.SECRET_KEY) == 64
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["journal.key", "secret.key"]


def test_secrets_do_not_show_when_the_settings_are_printed(tmp_path: Path) -> None:
    config = Config.from_environment({"WENZE_DATA": str(tmp_path), "DATABASE_URL": "postgres://u:pass-word@db/w"})

    assert config.SECRET_KEY not in repr(config)
    assert "pass-word" not in repr(config)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_usual_ways_to_write_a_postgresql_url_all_work(scheme: str) -> None:
    assert database_url(f"{scheme}://u@h/d?host=/run") == "postgresql+psycopg://u@h/d?host=/run"


def test_under_tls_the_session_cookie_is_secure_and_bound_to_the_host(tmp_path: Path) -> None:
    config = Config.from_environment({"WENZE_DATA": str(tmp_path), "WENZE_TLS": "1"})

    assert config.SESSION_COOKIE_NAME == "__Host-wenze"
    assert config.SESSION_COOKIE_SECURE


OIDC = {
    "WENZE_OIDC_ISSUER": "https://id.example.gov.cn",
    "WENZE_OIDC_CLIENT_ID": "wenze",
    "WENZE_URL": "https://w.example",
}


def test_the_identity_provider_is_one_block_of_settings_and_off_without_its_address(tmp_path: Path) -> None:
    data = {"WENZE_DATA": str(tmp_path)}
    more = {
        "WENZE_OIDC_CLIENT_SECRET": "very-secret",
        "WENZE_OIDC_SCOPE": "profile",
        "WENZE_OIDC_CLAIM": "employee_number",
    }

    off = Config.from_environment({**data, "WENZE_OIDC_CLIENT_ID": "wenze"})
    on = Config.from_environment({**data, **OIDC, **more})

    assert off.WENZE_OIDC == {}
    assert on.WENZE_OIDC == {
        "issuer": "https://id.example.gov.cn",
        "client_id": "wenze",
        "client_secret": "very-secret",
        "claim": "employee_number",
        "scope": "openid profile",
    }
    assert "very-secret" not in repr(on)


@pytest.mark.parametrize(
    "wrong",
    [
        {"WENZE_OIDC_ISSUER": "http://id.example.gov.cn"},
        {"WENZE_OIDC_CLIENT_ID": ""},
        {"WENZE_URL": ""},
        {"WENZE_OIDC_CLAIM": "email"},
    ],
)
def test_an_identity_provider_that_cannot_be_trusted_stops_the_start(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="WENZE_OIDC"):
        Config.from_environment({"WENZE_DATA": str(tmp_path), **OIDC, **wrong})
