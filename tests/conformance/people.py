"""What people asked for beyond the reference documents: about texts, and about being left alone."""

PLACES = {
    "Being left alone": """
        left alone: one number, however it is spelled
        left alone: all that was said is kept
        left alone: no call and no text, whoever asked for it and whenever
        left alone: who would wait in vain is told early
        left alone: no alarm is tried again
        left alone: operators add, lift, list and check
        left alone: superusers and managers over REST
        left alone: a page for administrators
    """,
    "Texts that come in": """
        opt-out: words of several languages, when they are the whole text
        opt-out: proof is kept
        opt-out: confirmed by one text
        opt-in: lifts it
        opt-out: a mentor still reads it
        opt-out: STOP is believed of anybody, START only of the carrier
        reply: 1, 2, 3 or a word answers the latest alarm that waits
        reply: within a stated time
        reply: once
        reply: the customer's own system is told
    """,
    "What a text costs": """
        segments: the default alphabet and its extension
        segments: 160 and 153, 70 and 67
        segments: the character that made it UCS-2 is named
        segments: cost by the route's price
        segments: previewed over REST
    """,
}
