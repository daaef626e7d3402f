"""Background jobs of recordings. Each may be run twice."""

from __future__ import annotations

from archive.pipeline import cut, files, finalise, master, plan_all, play, verify
from archive.pipeline.planning import STEPS
from archive.services import audit, garbage, manifest, mirroring, offline, recognition, uploads
from archive.services.edits import KIND
from core.jobs import Lane, daily, task

DAY = 24 * 3600

task("archive.finalise")(finalise.finalise)
task("archive.verify")(verify.verify)
task("archive.rewrap")(play.rewrap)
task("archive.encode", Lane.SLOW)(play.encode)


def _register(name: str) -> None:
    @task(STEPS[name].kind, STEPS[name].lane)
    def _run(recording_id: int) -> None:
        STEPS[name].run(recording_id)
        master.refresh(recording_id)


for _name in STEPS:
    _register(_name)


@task(offline.KIND)
def make_offline(recording_id: int, language: str) -> None:
    offline.make(recording_id, language)


@task(KIND)
def cut_film(recording_id: int) -> None:
    cut.cut(recording_id)


@task(recognition.KIND, Lane.SLOW)
def recognise(recording_id: int, language: str, by_id: int | None) -> None:
    recognition.write_draft(recording_id, language, by_id)


@daily
@task("archive.sweep")
def sweep() -> None:
    """Once a day: what was left lying, and what is to be made by newer versions of steps."""
    uploads.sweep()
    files.sweep(DAY)
    plan_all()


@task("archive.manifest", Lane.SLOW)
def write_manifest(recording_id: int) -> None:
    """Say beside the files what the database says of them, then bring their second copies up to date."""
    if manifest.write(recording_id):
        mirroring.plan(recording_id)


@task("archive.mirror", Lane.SLOW)
def mirror(recording_id: int) -> None:
    mirroring.copy(recording_id)


@daily
@task("archive.audit", Lane.SLOW)
def keep() -> None:
    """Once a day: a share of the files is compared, what nobody speaks of goes, every manifest is up to date."""
    audit.daily()
    garbage.sweep()
    manifest.write_all()
