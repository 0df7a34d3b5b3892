"""The plain pipeline: one Dramatiq actor that asks the carrier and updates one row, with everything as it comes."""

import os
import sys

import dramatiq
import peewee
import requests
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from playhouse.db_url import connect

db = connect(os.environ["DATABASE_URL"])
broker = RabbitmqBroker(url=os.environ["BROKER_URL"], confirm_delivery=True)
dramatiq.set_broker(broker)
CARRIER = os.environ.get("SIMULATOR_URL", "")


class Job(peewee.Model):
    id = peewee.BigAutoField()
    state = peewee.TextField(default="queued")

    class Meta:
        database = db
        table_name = "plain_job"


@dramatiq.actor(queue_name="plain")
def work(job_id: int) -> None:
    """Ask the carrier, then note it. The connection is kept by the thread."""
    body = {
        "reference": f"plain:{job_id}",
        "to": "+919876500000",
        "from": "+15550100",
        "body": "See you at five",
    }
    requests.post(f"{CARRIER}/text", json=body, timeout=10).raise_for_status()
    Job.update(state="sent").where(Job.id == job_id).execute()


def fill(count: int) -> None:
    """Make jobs and tell the broker of them."""
    db.create_tables([Job])
    for (job_id,) in Job.insert_many([{"state": "queued"}] * count).returning(Job.id).tuples().execute():
        work.send(job_id)


if __name__ == "__main__":
    fill(int(sys.argv[1]))
