"""What the voice provider is to do with a call, in TwiML: say something, and lead into a room."""

from xml.etree import ElementTree as ET

# Of what Twilio takes as TwiML (text/xml, application/xml, text/html), the one that its own examples send.
MEDIA = "text/xml; charset=utf-8"

MOST_IN_A_ROOM = "2"
TOLD_OF = "start end join leave"


def nothing() -> str:
    """Nothing more to do."""
    return _written(ET.Element("Response"))


def said(text: str) -> str:
    """Speak, and hang up."""
    return _written(_saying(text))


def led_into(room: str, greeting: str, events_url: str) -> str:
    """Speak, and lead into a conference room for two, of which every coming and going is reported.

    Parameters:
      room: its name at the provider; who is led into the same one meet.
      events_url: where to.
    """
    response = _saying(greeting)
    attributes = {
        "maxParticipants": MOST_IN_A_ROOM,
        "statusCallback": events_url,
        "statusCallbackMethod": "POST",
        "statusCallbackEvent": TOLD_OF,
    }
    ET.SubElement(ET.SubElement(response, "Dial"), "Conference", attributes).text = room
    return _written(response)


def _saying(text: str) -> ET.Element:
    response = ET.Element("Response")
    speakable = filter(str.isprintable, text)  # XML takes no control characters
    ET.SubElement(response, "Say").text = "".join(speakable)
    return response


def _written(response: ET.Element) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>' + ET.tostring(response, encoding="unicode")
