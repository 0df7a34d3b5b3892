"""Who writes STOP is left alone, who writes START is not any more: kept with his words, and confirmed by one text."""

from models import donotcall, events
from models.deliveries import Text
from models.deliveries.texts import OPT_OUT
from models.letters import paper
from models.numbers import PhoneNumber
from models.replies.words import STOP, Wish

SOURCE = "text"

_LEFT_ALONE = {
    "en": "{we}: you will get no more calls or texts from us. To get them again, text START.",
    "fr": "{we} : vous ne recevrez plus ni appels ni SMS. Pour en recevoir de nouveau, envoyez START.",
    "es": "{we}: no recibirá más llamadas ni mensajes. Para recibirlos de nuevo, envíe START.",
    "pt": "{we}: não receberá mais chamadas nem mensagens. Para voltar a receber, envie START.",
    "de": "{we}: Sie erhalten keine Anrufe und SMS mehr. Um sie wieder zu erhalten, senden Sie START.",
    "nl": "{we}: u krijgt geen oproepen of sms'jes meer. Stuur START om ze weer te krijgen.",
    "it": "{we}: non riceverà più chiamate né SMS. Per riceverli di nuovo, invii START.",
    "sv": "{we}: du får inga fler samtal eller sms. Skicka START om du vill ha dem igen.",
    "da": "{we}: du får ikke flere opkald eller sms'er. Send START for at få dem igen.",
    "nb": "{we}: du får ikke flere anrop eller meldinger. Send START for å få dem igjen.",
    "pl": "{we}: nie otrzymasz więcej połączeń ani SMS-ów. Aby je wznowić, wyślij START.",
    "ru": "{we}: больше звонков и SMS не будет. Чтобы получать их снова, отправьте START.",
    "uk": "{we}: більше дзвінків та SMS не буде. Щоб отримувати їх знову, надішліть START.",
    "tr": "{we}: artık arama ve mesaj almayacaksınız. Yeniden almak için START yazın.",
    "ar": "{we}: لن تصلك مكالمات أو رسائل بعد الآن. لتلقيها من جديد أرسل START.",
    "he": "{we}: לא תקבלו עוד שיחות והודעות. כדי לקבל אותן שוב, שלחו START.",
    "hi": "{we}: अब आपको कॉल या संदेश नहीं आएंगे। फिर से पाने के लिए START भेजें।",
    "id": "{we}: Anda tidak akan menerima panggilan atau SMS lagi. Kirim START untuk menerimanya lagi.",
    "zh": "{we}:您将不再收到电话和短信。如需恢复,请发送 START。",
    "ja": "{we}:今後、電話とSMSはお送りしません。再開するには START と送信してください。",
}
_BACK = {
    "en": "{we}: you may get calls and texts from us again. To end them, text STOP.",
    "fr": "{we} : vous pouvez de nouveau recevoir appels et SMS. Pour les arrêter, envoyez STOP.",
    "es": "{we}: puede volver a recibir llamadas y mensajes. Para no recibirlos, envíe STOP.",
    "pt": "{we}: pode voltar a receber chamadas e mensagens. Para parar, envie STOP.",
    "de": "{we}: Sie können wieder Anrufe und SMS erhalten. Um sie zu beenden, senden Sie STOP.",
    "nl": "{we}: u kunt weer oproepen en sms'jes krijgen. Stuur STOP om ze te stoppen.",
    "it": "{we}: può ricevere di nuovo chiamate e SMS. Per non riceverli, invii STOP.",
    "sv": "{we}: du kan få samtal och sms igen. Skicka STOP om du inte vill ha dem.",
    "da": "{we}: du kan få opkald og sms'er igen. Send STOP for at undgå dem.",
    "nb": "{we}: du kan få anrop og meldinger igjen. Send STOP for å stanse dem.",
    "pl": "{we}: możesz znów otrzymywać połączenia i SMS-y. Aby je zatrzymać, wyślij STOP.",
    "ru": "{we}: звонки и SMS снова возможны. Чтобы прекратить их, отправьте STOP.",
    "uk": "{we}: дзвінки та SMS знову можливі. Щоб припинити їх, надішліть STOP.",
    "tr": "{we}: yeniden arama ve mesaj alabilirsiniz. Durdurmak için STOP yazın.",
    "ar": "{we}: يمكن أن تصلك المكالمات والرسائل من جديد. لإيقافها أرسل STOP.",
    "he": "{we}: תוכלו לקבל שוב שיחות והודעות. כדי להפסיק, שלחו STOP.",
    "hi": "{we}: अब आपको फिर से कॉल और संदेश आ सकते हैं। रोकने के लिए STOP भेजें।",
    "id": "{we}: Anda dapat menerima panggilan dan SMS lagi. Kirim STOP untuk menghentikannya.",
    "zh": "{we}:您将重新收到电话和短信。如需停止,请发送 STOP。",
    "ja": "{we}:電話とSMSを再びお送りします。停止するには STOP と送信してください。",
}


def heed(number: PhoneNumber, ours: str, wish: Wish, words: str, receipt_id: int) -> None:
    """Do as somebody wishes, in the transaction that takes his text.

    Parameters:
      ours: the number of ours that he wrote to, which the confirmation comes from; empty when it is none.
      words: what he wrote, which is kept as proof together with the receipt of it and the moment.
    """
    change = donotcall.add if wish.kind == STOP else donotcall.lift
    if not change(number, SOURCE, f"receipt {receipt_id}: {words}", wish.language):
        return  # as it was: telling him again would have two machines answer each other for ever
    confirmation = Text.create(
        reference=f"{OPT_OUT}:{receipt_id}", origin=OPT_OUT, origin_id=receipt_id, to=PhoneNumber(number.e164()),
        body=confirming(wish), sender=ours,
    )  # fmt: skip
    events.emit("text.requested", text_id=confirmation.id)


def confirming(wish: Wish) -> str:
    """What he is told, in the language of his word, else in English."""
    texts = _LEFT_ALONE if wish.kind == STOP else _BACK
    return texts.get(wish.language, texts["en"]).format(we=paper.sender())
