"""A small pipelines.yaml and the vocabulary it speaks, for the tests of models/pipelines."""

from models.pipelines import CommandInfo, Pipelines, load

FILE = """\
queues:
  dialing: {threads: 16, rate: 10/s}
  sms: {threads: 4}
actors:
  dial: {queue: dialing, attempts: 3, backoff: 5s..5m, timeout: 15s, expires: 10m}
  send_text: {queue: sms, attempts: 8, backoff: 500ms..2h}
  sweep: {queue: sms, attempts: 1, backoff: 5s..5s}
pipelines:
  call.requested: [dial]
  message.created:
    - send_text
  message.sent: []
routes:
  voice:
    - {prefix: "+9111", use: [oniondev], shown: "+15550100", rate: 600/m}
    - {prefix: "+91", use: [oniondev, simulator], shown: "+15550101"}
    - {use: [simulator], shown: "+15550102"}
  texts: [{use: [simulator], shown: "+15550103"}]
  mails: [{use: [simulator]}]
  pushes: [{use: [simulator]}]
  hooks: [{use: [webhook]}]
reminders:
  call: [24h, 15m, 0m]
every:
  sweep: 30s
"""


def info(name: str, *ids: str) -> CommandInfo:
    return CommandInfo(name, frozenset(ids))


COMMANDS = {
    "dial": info("dial", "bridge_id"),
    "send_text": info("send_text", "text_id"),
    "sweep": info("sweep"),
}
EVENTS = {
    "call.requested": frozenset({"call_id", "bridge_id"}),
    "message.created": frozenset({"message_id", "text_id"}),
    "message.sent": frozenset({"message_id"}),
}
PROVIDERS = {
    "simulator": frozenset({"voice", "texts", "mails", "pushes"}),
    "oniondev": frozenset({"voice", "texts"}),
    "webhook": frozenset({"hooks"}),
}


def loaded(path: str = "pipelines.yaml") -> Pipelines:
    return load(path, commands=COMMANDS, events=EVENTS, providers=PROVIDERS, reminders=["call"])
