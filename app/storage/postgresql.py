"""A connection to PostgreSQL that keeps what it has prepared."""

from typing import Any

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus


class Connection(psycopg.Connection[Any]):
    """Keeps what is prepared (`storage/prepared.py`) when a read ends.

    Every look at who calls and every page ends with a ROLLBACK, at which the driver forgets what is prepared and has
    the server forget it too, for a statement could name a table made in that transaction. None is made here: schemas
    change by migrations, on connections of their own. Without this each statement was planned anew at each click.
    """

    def rollback(self) -> None:
        """End the transaction and undo it. After an error all is forgotten, as the driver does."""
        if (status := self.pgconn.transaction_status) == TransactionStatus.IDLE:
            return
        if status != TransactionStatus.INTRANS:
            super().rollback()
        elif (answer := self.pgconn.exec_(b"ROLLBACK")).status != ExecStatus.COMMAND_OK:
            raise psycopg.OperationalError(answer.get_error_message())
