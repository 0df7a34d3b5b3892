"""Private PostgreSQL and RabbitMQ servers for tests, chaos and bench: started, killed and gone on demand."""

from tests.servers.both import start_both
from tests.servers.postgres import PrivatePostgres, postgres_available
from tests.servers.processes import ServerTrouble
from tests.servers.rabbit import PrivateRabbit, rabbit_available

__all__ = [
    "PrivatePostgres",
    "PrivateRabbit",
    "ServerTrouble",
    "postgres_available",
    "rabbit_available",
    "start_both",
]
