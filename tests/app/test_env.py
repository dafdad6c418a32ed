"""The settings: what production must not be started with."""

from __future__ import annotations

import pytest

from functions._env import PROVIDERS, Env
from reactor.errors import ProjectError
from reactor.runner.env import read_env
from tests.app.support import URLS

LIVE = {
    **URLS,
    "REACTOR_ENV": "prod",
    "CLERK_JWT_ISSUER_DOMAIN": "https://clerk.example.com",
}


def test_production_starts_with_the_real_services() -> None:
    """Nothing else has to be said."""
    assert read_env(Env, LIVE).resend_base_url == "https://api.resend.com"


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:3215/x",
        "http://localhost/x",
        "https://app.LOCALHOST",
        "http://[::1]:3215",
        "http://127.9.9.9",
        "127.0.0.1:3215/clerk",
    ],
)
def test_production_refuses_stand_ins(name: str, url: str) -> None:
    """They sign tokens for whoever asks."""
    variables = {**LIVE, name.upper(): url}
    with pytest.raises(ProjectError, match=f"{name.upper()} leads to this machine"):
        read_env(Env, variables)
    for allowed in ({"REACTOR_ALLOW_SANDBOX": "1"}, {"REACTOR_ENV": "dev"}):
        assert getattr(read_env(Env, {**variables, **allowed}), name) == url


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("AI_MODEL_MAP", "{"),
        ("AI_MODEL_MAP", '["gpt-3.5-turbo"]'),
        ("AI_MODEL_MAP", '{"gpt-3.5-turbo": 1}'),
        ("AI_MODEL_MAP", '{"gpt-3.5-turbO": "cheap"}'),
        ("REIMAJI_REMINDER_OFFSETS_MS", "7 days"),
        ("REIMAJI_REMINDER_OFFSETS_MS", "604800000;86400000"),
        ("REIMAJI_REMINDER_OFFSETS_MS", "-1"),
        ("REIMAJI_REMINDER_OFFSETS_MS", "nan"),
        ("REIMAJI_REMINDER_OFFSETS_MS", "1e999"),
        ("NEXT_PUBLIC_APP_URL", "reimaji.example"),
        ("NEXT_PUBLIC_APP_URL", "javascript://x"),
        ("NEXT_PUBLIC_APP_URL", "http://[x"),
        ("CLERK_WEBHOOK_SECRET", "whsec_"),
        ("CLERK_WEBHOOK_SECRET", "whsec_not-base64!"),
        ("EMAIL_FROM", "Reimaji"),
        ("EMAIL_FROM", "Reimaji <halo@example.com>\r\nBcc: x@example.com"),
        ("REIMAJI_DAY_UTC_OFFSET_MINUTES", "25200000"),
        ("REIMAJI_PERIOD_MONTHLY_MS", "0"),
        ("PRICE_PRO_YEARLY_IDR", "-1"),
        ("REIMAJI_AI_STALE_MS", "nan"),
        ("REIMAJI_FREE_DAILY_LIMIT", "-1"),
        ("REIMAJI_KEEP_EMAILS_DAYS", "-90"),
    ],
)
@pytest.mark.parametrize("mode", ["dev", "prod"])
def test_what_cannot_be_meant_is_told_at_the_start(name: str, text: str, mode: str) -> None:
    """Not by the first user whose call fails, or the reminder that nobody gets."""
    with pytest.raises(ProjectError, match=name):
        read_env(Env, {**LIVE, "REACTOR_ENV": mode, name: text})


def test_what_operators_write_is_read() -> None:
    """Blanks, one sender without a name, no reminders at all, nothing for free users."""
    settings = read_env(
        Env,
        {
            **LIVE,
            "AI_MODEL_MAP": ' {"gpt-3.5-turbo": "cheap-1"} ',
            "CLERK_WEBHOOK_SIGNING_SECRET": "whsec_cmVpbWFqaQ==",
            "EMAIL_FROM": "halo@example.com",
            "REIMAJI_REMINDER_OFFSETS_MS": " 86400000 , 3600000,",
            "REIMAJI_FREE_DAILY_LIMIT": "0",
        },
    )
    assert settings.provider_models == {"gpt-3.5-turbo": "cheap-1"}
    assert settings.reminder_offsets == [86_400_000, 3_600_000]
    assert read_env(Env, {**LIVE, "REIMAJI_REMINDER_OFFSETS_MS": ""}).reminder_offsets == []
