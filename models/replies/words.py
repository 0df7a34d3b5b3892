"""The words that mean something when a text is that word alone, by language.

Sources. Carriers' and aggregators' lists of words that must end texts: STOP, STOPALL, UNSUBSCRIBE, END, QUIT, CANCEL,
REVOKE, OPTOUT (Twilio, "opt-out keywords"; CTIA's handbook for short codes; 47 CFR 64.1200(a)(10)); STOP ALL (Telnyx);
REMOVE, OPT-OUT, ARRET, TD (Amazon's "Required opt-out keywords"; TD is short for 退订). Words that end that: START,
UNSTOP (the same lists; YES is none here, it answers alarms). For other languages there is no such list: these are the
plain words for "stop", "no more" and "sign me off", and those that senders in these languages ask for, as BAJA in
Spanish, SAIR in Portuguese, AVSLUTA in Swedish, AFMELD in Danish, ОТПИСАТЬСЯ in Russian, הסר in Hebrew. A word that
means something harmless in another language (Polish TAK, which thanks in Danish; ACHA, which is fine in Hindi) is none.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from models.appointments.alarms import CANCELLED, CONFIRMED, RESCHEDULED

STOP, START = "stop", "start"
LONGEST = 60  # characters of a text that may be a word alone

_MARKS = {
    *range(0x0300, 0x0370),
    *range(0x064B, 0x0660),
    0x0670,
    0x0640,
}  # accents; Arabic vowels and lengthening


class Wish(NamedTuple):
    """To be left alone (`stop`) or not any more (`start`), said in a language (ISO 639-1)."""

    kind: str
    language: str


def fold(text: str) -> str:
    """A text as words are compared: whatever its case, width, accents, digits, and the signs and blanks around it.

    Empty for a text that is too long to be a word alone.
    """
    if len(text) > LONGEST:
        return ""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = (_sign(sign) for sign in plain if ord(sign) not in _MARKS and unicodedata.category(sign) != "Cf")
    words = " ".join("".join(kept).split())
    first, last = 0, len(words)
    while first < last and not _said(words[first]):
        first += 1
    while first < last and not _said(words[last - 1]):
        last -= 1
    return unicodedata.normalize("NFC", words[first:last])


def _sign(sign: str) -> str:
    """A digit of any script as ours, the dotless i that others write with a dot; lines end in blanks."""
    if sign == "ı":
        return "i"
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    return " " if unicodedata.category(sign)[0] in "ZC" else sign


def _said(sign: str) -> bool:
    """Whether it is part of a word: a letter, a mark on one, or a digit."""
    return unicodedata.category(sign)[0] in "LMN"


_STOP = {
    "en": "stop, stopall, stop all, unsubscribe, end, quit, cancel, revoke, optout, opt out, opt-out, remove",
    "fr": "arret, arrêter, arrêtez, désabonner, désinscrire, désinscription",
    "es": "baja, alto, parar, pare, detener, cancelar, darme de baja, salir",
    "pt": "sair, parem, remover, descadastrar, cancelar inscrição",
    "de": "stopp, abmelden, austragen, ende, abbestellen",
    "nl": "stoppen, afmelden, uitschrijven",
    "it": "ferma, fermare, disiscrivi, disiscrivimi, annulla iscrizione",
    "sv": "avsluta, avregistrera, avanmäl",
    "da": "afmeld, afmelding, afslut",
    "nb": "avslutt, avmeld, meld av",
    "pl": "wypisz, rezygnuję",
    "ru": "стоп, отписаться, отписка, отпишите, хватит",
    "uk": "відписатися, відписатись, відписка, досить",
    "tr": "durdur, abonelikten çık",
    "ar": "توقف, أوقف, إيقاف, قف, إلغاء الاشتراك, كفى",
    "fa": "توقف کن, لغو اشتراک, لغو عضویت",
    "he": "הסר, הסירו, עצור, די",
    "hi": "रोकें, रोको, रुको, बंद, बंद करो, बंद करें, हटाओ, हटाएं, हटाएँ, स्टॉप, roko, hatao, band karo",
    "ur": "روکیں, روکو, بند, بند کرو",
    "bn": "বন্ধ, বন্ধ করুন, থামুন, স্টপ",
    "id": "berhenti, berhenti langganan",
    "sw": "simama, sitisha",
    "zh": "停止, 退订, 退訂, 取消订阅, 取消訂閱, td",
    "ja": "停止する, 配信停止, 解除, ストップ",
    "ko": "중지, 정지, 수신거부, 그만",
    "vi": "dừng, ngừng, hủy đăng ký",
    "el": "στοπ, σταμάτα, διαγραφή",
}
_START = {
    "en": "start, unstop, resume, optin, opt in, opt-in, subscribe",
    "fr": "reprendre, démarrer, commencer",
    "es": "alta, iniciar, empezar, reanudar, comenzar",
    "pt": "começar, retomar",
    "de": "starten, anmelden",
    "nl": "aanmelden, hervatten",
    "it": "inizia, riprendi, iscrivi",
    "sv": "starta, återuppta",
    "da": "genoptag, tilmeld",
    "nb": "gjenoppta, meld på",
    "pl": "wznów, zapisz",
    "ru": "старт, подписаться, возобновить",
    "uk": "підписатися, підписатись, відновити",
    "tr": "başla, başlat",
    "ar": "ابدأ, استئناف, اشترك",
    "fa": "شروع",
    "he": "התחל, המשך",
    "hi": "शुरू, शुरू करो, शुरू करें, चालू, स्टार्ट",
    "ur": "شروع کریں, شروع کرو",
    "bn": "শুরু, শুরু করুন, স্টার্ট",
    "id": "mulai, lanjutkan",
    "sw": "anza, endelea",
    "zh": "开始, 開始, 恢复, 恢復, 订阅, 訂閱",
    "ja": "再開, 配信再開, スタート",
    "ko": "시작, 재개, 수신동의",
    "vi": "bắt đầu, tiếp tục",
    "el": "έναρξη, ξεκίνα",
}
_ANSWERS = {
    CONFIRMED: """
        1, yes, y, ok, okay, confirm, confirmed, oui, confirmer, si, confirmo, sim, ja, jawohl,
        bestätigen, bevestigen, va bene, conferma, bekräfta, bekræft, bekreft, potwierdzam, да,
        подтверждаю, так, підтверджую, evet, نعم, تأكيد, بله, כן, मानता हूं, हां, हाँ, जी, جی ہاں, হ্যাঁ,
        হ্যা, iya, ndiyo, ndio, 是, 好, 确认, 確認, はい, 네, 예, 확인, vâng, ναι
        """,
    CANCELLED: """
        2, no, n, cancel, cancelled, non, annuler, cancelo, cancelar, não, nein, absagen, nee,
        annuleren, annulla, nej, avboka, aflys, nei, avlys, nie, odwołuję, нет, отмена, отменить, ні,
        скасувати, hayır, iptal, لا, إلغاء, خیر, نه, לא, בטל, नहीं, नही, रद्द, جی نہیں, نہیں, না, tidak,
        batal, hapana, ghairi, 否, 不, 不是, 取消, いいえ, キャンセル, 아니요, 아니오, 취소, không, hủy,
        όχι, ακύρωση
        """,
    RESCHEDULED: """
        3, later, change, reschedule, reporter, changer, plus tard, cambiar, más tarde, reprogramar,
        remarcar, mudar, mais tarde, später, verschieben, verzetten, più tardi, sposta, senare, omboka,
        senere, flyt, flytt, później, przełóż, позже, перенести, пізніше, sonra, ertele, لاحقا, تأجيل,
        بعدا, מאוחר יותר, דחה, बाद में, بعد میں, পরে, nanti, baadaye, 改期, 稍后, 稍後, 変更, あとで, 나중에,
        변경, để sau, đổi lịch, αργότερα
        """,
}


def _wishes() -> Iterator[tuple[str, Wish]]:
    for kind, by_language in ((STOP, _STOP), (START, _START)):
        for language, words in by_language.items():
            yield from ((fold(word), Wish(kind, language)) for word in words.split(","))


def _answers() -> Iterator[tuple[str, int]]:
    for result, words in _ANSWERS.items():
        yield from ((fold(word), result) for word in words.split(","))


WISHES: Mapping[str, Wish] = dict(_wishes())
ANSWERS: Mapping[str, int] = dict(_answers())  # to an alarm: what its result is
