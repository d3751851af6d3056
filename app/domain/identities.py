"""统一身份: who somebody is to an identity provider (OpenID Connect), and which account that is here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.errors import N_, NotAllowedError

SUBJECT = "sub"
"""The claim that names a person for good; every other may be given to somebody else one day."""
LEEWAY = timedelta(seconds=60)
"""By which two clocks may differ."""
LONGEST = 255


class ProviderAwayError(NotAllowedError):
    """The provider cannot be reached or answers nonsense; passwords still work."""

    sentence = N_("统一身份认证暂时无法使用，请稍后再试，或者用账号和密码登录。")


class IdentityRefusedError(NotAllowedError):
    """The provider did not say, in a way that holds, who this is."""

    sentence = N_("统一身份认证没有确认您的身份，请重新登录；仍不行请联系安全管理员。")


class CodeNeededError(NotAllowedError):
    """The account has a second factor of ours; nothing was changed."""

    sentence = N_("请填写动态码。")


@dataclass(frozen=True, slots=True)
class Identity:
    """What the provider has signed about somebody."""

    issuer: str
    subject: str
    claim: str = SUBJECT
    """The claim that this installation binds by besides the subject."""
    value: str = ""
    """Its value; empty where the provider says nothing."""
    proved_at: datetime | None = None
    """When he last entered a password (or whatever it takes) there."""

    def bindings(self) -> tuple[str, ...]:
        """By what an account may be bound to it, the subject first."""
        subject = key_of(self.issuer, SUBJECT, self.subject)
        bound_by_claim = self.claim != SUBJECT and self.value
        return (subject, key_of(self.issuer, self.claim, self.value)) if bound_by_claim else (subject,)


def key_of(issuer: str, claim: str, value: str) -> str:
    """What an account keeps of the identity that it is bound to. Another provider's same subject is somebody else."""
    return f"{issuer} {claim} {value}"


def claim_and_value(key: str) -> tuple[str, str]:
    """What `key_of` was told, for people to read."""
    _, claim, value = key.split(" ", 2)
    return claim, value


def ensure_is_fresh(identity: Identity, *, since: datetime) -> None:
    """Whether he proved it anew since then, and was not merely still signed in there. Raises IdentityRefusedError."""
    if identity.proved_at is None or identity.proved_at < since - LEEWAY:
        raise IdentityRefusedError
