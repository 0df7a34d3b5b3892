"""A folder of one's own: where `trunkline dev` keeps its database, its secrets, and nothing for others to read."""

import base64
import json
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

from models import settings
from models.people.changing import Taken, add_user
from models.settings import Settings


def settings_of(data: Path) -> Settings:
    """The settings for a system in this folder: what the environment says, and secrets of its own, made once.

    Parameters:
      data: the folder; it is made, readable by its owner only, when it is not there.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    ours, file = settings.current(), data / "secrets.json"
    if not file.exists():
        write_privately(
            file,
            {
                "simulator_secret": "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode(),
                "oniondev_password": secrets.token_urlsafe(24),
                "secret_key": secrets.token_urlsafe(32),
            },
        )
    # What the environment gives goes before what was made.
    own = {name: value for name, value in json.loads(file.read_text()).items() if not getattr(ours, name)}
    if ours.database_url == Settings().database_url:
        own["database_url"] = f"sqlite:///{data / 'trunkline.db'}"
    if ours.audio_folder == Settings().audio_folder:
        own["audio_folder"] = str(data / "audio")
    return replace(
        ours, broker_url="memory://", oniondev_username=ours.oniondev_username or "oniondev", **own
    )


def write_privately(file: Path, values: dict[str, Any]) -> None:
    """Write a small JSON file, all of it or nothing, for its owner's eyes only."""
    fresh = file.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(values))
    fresh.replace(file)


def provider_account(ours: Settings) -> None:
    """The service account that the simulator's OnionDev face reports as."""
    try:
        add_user(ours.oniondev_username, ours.oniondev_password, service=True)
    except Taken:
        return
