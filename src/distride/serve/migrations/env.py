"""How alembic reaches the database: by the connection that `Database` hands it."""

from alembic import context

from distride.serve.schema import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
