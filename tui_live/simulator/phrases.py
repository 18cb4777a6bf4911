"""What people write in a chat: many languages, many scripts, and everything that breaks a terminal."""

from __future__ import annotations

#: Short comments by language code, as TikTok puts it into ``content_language``.
TALK: dict[str, tuple[str, ...]] = {
    "en": (
        *("hello from Toronto!", "first time here, love it", "what song is this?", "can you say hi to my sister Anna"),
        *(
            "LETS GOOO",
            "how long have you been streaming today?",
            "that was so close lol",
            "question: what camera is it?",
        ),
        *("gg", "omg", "she did it again", "who else is here before 10k?", "do the trick pls", "greetings from Manila"),
    ),
    "es": (
        "¡hola desde Bogotá!",
        "qué linda canción",
        "saludos a mi mamá",
        "¿cuándo es el próximo en vivo?",
        "jajajaja no",
    ),
    "pt": ("oi, tudo bem?", "manda um beijo pro Recife", "essa música é boa demais", "kkkkkkk", "que saudade do verão"),
    "de": (
        "Grüße aus Köln",
        "das ist ja großartig",
        "wie heißt das Lied?",
        "schöner Stream heute",
        "ich lache so sehr",
    ),
    "fr": ("coucou de Marseille", "trop fort !", "c’est quoi cette musique ?", "bisous à tout le monde", "énorme"),
    "ja": (
        "こんばんは！",
        "かわいいですね",
        "初見です、よろしくお願いします",
        "草",
        "その曲大好きです",
        "おつかれさまでした",
    ),
    "zh": ("主播好", "来自上海的问候", "太厉害了吧", "这首歌叫什么名字？", "哈哈哈哈", "加油加油"),
    "ko": ("안녕하세요", "오늘도 화이팅!", "너무 귀여워요", "이 노래 뭐예요?", "ㅋㅋㅋㅋ"),
    "ar": ("مرحبا من القاهرة", "ما شاء الله", "أغنية جميلة جدا", "السلام عليكم", "ههههههه"),
    "he": ("שלום מתל אביב", "איזה כיף", "מה השיר הזה?"),
    "hi": ("नमस्ते दिल्ली से", "बहुत बढ़िया", "यह गाना कौन सा है?", "क्या बात है"),
    "th": ("สวัสดีค่ะ", "น่ารักมาก", "เพลงอะไรคะ", "สู้ ๆ นะ"),
    "vi": ("xin chào cả nhà", "hay quá đi", "bài này tên gì vậy?", "chúc ngủ ngon"),
    "ru": ("привет из Казани", "как называется песня?", "очень красиво", "ахахаха"),
    "tr": ("İzmir’den selamlar", "çok güzel", "bu şarkının adı ne?", "helal olsun"),
    "id": ("halo dari Bandung", "keren banget", "lagu apa ini kak?", "wkwkwk"),
}

#: Put behind some comments; emoji of one and of many code points, flags, keycaps, joined families, skin tones.
EMOJI = (
    *("😂", "😍", "🔥🔥🔥", "❤️", "👏👏", "🥹", "🫶", "💀", "🌹", "✨", "1️⃣", "🇧🇷", "🇯🇵🇰🇷", "👨‍👩‍👧‍👦", "👋🏽", "🏳️‍🌈"),
    *("🧑🏿‍🚀", "☕️", "🤷🏻‍♀️", "🪿"),
)

_STACK = "".join(chr(0x0300 + mark) for mark in range(24))

#: Comments that want to be more than text: terminal control, markup, bidi, NUL, stacked marks, endless length.
HOSTILE: tuple[str, ...] = (
    "\x1b]0;owned\x07\x1b[2J\x1b[31mred\x1b[0m",
    "\x1b[?1049l\x1b[999;999H\x1b]52;c;cm0gLXJm\x07",
    "\x9b31m eight-bit CSI \x9d0;title\x9c",
    "[/oops]",
    "[bold red]not bold[/]",
    "[@click=app.quit]click me[/]",
    "[link=file:///etc/passwd]free coins[/link]",
    "\\[escaped\\] [[double]] [",
    "user\u202etxt.exe\u202c and \u2066isolated\u2069",
    "\u202e\u202e\u202eeverything backwards",
    "nul\x00in\x00the\x00middle",
    "line one\r\nline two\u2028line three\x0b\x0c",
    "".join(letter + _STACK for letter in "zalgo"),
    "\u200b\u200d\ufeff\u2060",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "'; DROP TABLE events; --",
    '=HYPERLINK("http://example.invalid","win")',
    "{user.__class__} %s %n ${HOME} $(reboot)",
    "\U000e0041\U000e0042 tags \U0010fffd private \ufffe",
    "W" * 3000,
    "漢" * 1500,
    "🧑🏿‍🚀" * 400,
    "a" + "\u0301" * 2999,
    "/regex[/ !not user:x",
)

#: Invalid UTF-8, which a well-behaved server never sends and TikTok sometimes does.
BROKEN_UTF8 = b"caf\xe9 \xff\xfe \xed\xa0\x80 latin-1"

#: Given names for nicknames and handles, by script; the handle keeps only what TikTok allows.
NAMES = (
    *("Mia", "Noah", "Lucía", "Zoë", "Björn", "Ngọc Anh", "Chloé", "Łukasz", "Ayşe", "Mateus", "Priya", "Kofi"),
    *("さくら", "ゆうと", "美咲", "小明", "王芳", "陈晨", "지민", "서연", "محمد", "فاطمة", "נועה", "अंजलि", "อรุณ"),
    *("Олег", "Ελένη", "Emma", "Liam", "Dani", "Sam", "Kim", "Rosa", "Ivy", "Leo"),
)
DECORATIONS = (
    *("", "", "", "", " 🌸", "🔥", " ✨💎✨", " 👑", " ॐ", "♡", "™", " (backup)", "_official", " 🇲🇽", "  ᴬᴿᴹʸ", "꧂"),
    *(" 🧿", " 𝓛𝓸𝓿𝓮", " ツ"),
)
LONG_NICKNAME = "꧁༺ the one and only, original, very very long nickname of somebody who likes long nicknames ༻꧂ 👑👑👑"
HOSTILE_NICKNAMES = (
    *("\x1b[31mred\x1b[0m", "[/oops]", "[@click=app.quit]me", "\u202eesrever", "n\x00l", "<b>bold</b>", "\u200b"),
    *("Z" + _STACK + "o" + _STACK, "new\nline"),
)
