"""Bundles as files in the server's folder."""

from distride.bundle import Bundle
from distride.bundle.manifest import VALIDATED
from distride.errors import BundleError
from distride.files import write_whole
from distride.serve.schema import Account, StoredBundle, fresh_id
from distride.serve.state import Server, record


def store_bundle(
    server: Server, coach: Account, data: bytes, number: str | None = None
) -> StoredBundle:
    """Keep a bundle of a coach.

    Args:
        server: Where.
        coach: Whose.
        data: The bytes of its file.
        number: Its identity, under which it is there once however often it is kept; None: a
            fresh one.

    Raises:
        BundleError: It is not exactly as the specification says, or cannot be written.
    """
    bundle = Bundle.from_bytes(data)
    score = bundle.manifest.training.scores.get(VALIDATED["macro_f1"])
    stored = StoredBundle(
        id=number or fresh_id(),
        coach_id=coach.id,
        name=bundle.manifest.name[:100],
        body_sha256=bundle.body_sha256,
        macro_f1=score,
    )
    file = server.bundle_file(stored)
    file.parent.mkdir(exist_ok=True)
    write_whole(file, data, BundleError)
    with server.database.writing() as session:
        record(session, coach.id, "bundle_stored", stored.id)
        return session.merge(stored)
