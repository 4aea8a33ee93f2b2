"""A question's text in one spelling, before its words are looked up: signs as words, numerals as figures."""

from __future__ import annotations

import re

from include.llm.words import plain

_JUNK = (
    r"(?:junk|garbage|rubbish|trash|dirt|noise|crap|(?:bad|broken|dirty|invalid|implausible|faulty|quarantined|wrong|odd|"
    r"dodgy|weird|bogus) (?:one|trip|ride|row|record|data|entrie|stuff)s?)"
)
_GONE = (
    r"(?:out|gone|removed|thrown (?:out|away)|cleaned (?:out|up|away)|taken out|filtered(?: out)?|dropped|excluded|"
    r"set aside|weeded out|left out|tossed(?: out)?|stripped(?: out)?|discarded)"
)
_CHARGES = r"(?:tips?|tolls?|tax(?:es)?|surcharges?|extras?|fees?|fares?|charges?)"
_TYPOS = {
    "waht": "what",
    "whta": "what",
    "hwat": "what",
    "wht": "what",
    "hwo": "how",
    "ohw": "how",
    "mnay": "many",
    "manny": "many",
    "mayn": "many",
    "mcuh": "much",
    "teh": "the",
    "hte": "the",
    "wich": "which",
    "whcih": "which",
    "whihc": "which",
    "trisp": "trips",
    "tirps": "trips",
    "tripps": "trips",
    "rieds": "rides",
    "taht": "that",
    "adn": "and",
    "nad": "and",
    "thier": "their",
    "fomr": "from",
    "form": "from",
    "frmo": "from",
    "wiht": "with",
    "whit": "with",
    "avrg": "average",
    "avge": "average",
    "averge": "average",
    "fewr": "fewer",
    "mroe": "more",
    "moer": "more",
    "tpis": "tips",
    "fars": "fares",
    "faer": "fare",
    "tol": "toll",
    "tols": "tolls",
    "csah": "cash",
    "crad": "card",
    "cads": "cabs",
    "dya": "day",
    "zoens": "zones",
    "zoen": "zone",
    "yelow": "yellow",
    "gren": "green",
    "geen": "green",
}
"""Slips in words that are too short to be mended by their likeness."""
_BEFORE = (
    (re.compile(rf"\b(?:{'|'.join(_TYPOS)})\b"), lambda m: _TYPOS[m[0]]),
    (
        re.compile(
            r"\bshow(?:s|ed|ing)? up\b|\bturn(?:s|ed|ing)? up\b|\bpop(?:s|ped)? up\b|\bcom(?:e|es|ing) up\b(?= in)"
        ),
        " occur ",
    ),
    (
        re.compile(
            r"[,;(]? ?\b(?:(?:on |in |by )?(?:an? |the )?24[- ]?h(?:(?:ou)?rs?)?(?: (?:clock|format|notation|time))?\b|"
            r"0 ?(?:-|to|through) ?23\b|military time\b|am or pm\b)\)?"
        ),
        " ",
    ),
    (
        re.compile(
            r"\b(?:when|where|if|whenever|wherever) (?:there (?:is|was|were|are)|they (?:had|have|paid|left|gave|got)|it (?:had|has)|"
            r"(?:a |an )?(?:one|it|tip|toll)(?: is| was| were| gets| got) (?:left|paid|given|charged|applied|there|levied|due)|"
            r"(?:people|riders|passengers|they) (?:do |did )?(?:actually |really )?(?:tip|tipped))(?: one| any| at all)?\b|"
            r"\b(?:among|amongst|of|for|by|from|over) (?:only |just )?(?:those|the ones|the (?:riders|people|passengers|trips|rides)|riders|"
            r"passengers|people|customers|payers|trips|rides|tippers)(?: (?:who|that|which) (?:actually |really |did |do )*"
            r"(?:tip|tipped|left (?:one|any|a tip|something)|gave (?:one|any|a tip)|had (?:one|any)|paid (?:one|any)|(?:left|tipped) anything))\b|"
            r"\b(?:excluding|ignoring|without|leaving out|not counting|disregarding|excl\.?) (?:the |all )?(?:zeros|zeroes|zero(?:es|s)?"
            r"(?: ones| tips| tolls| values)?|non[- ]?tippers|those without(?: one| any)?)\b|\bamong tippers\b"
        ),
        " had one ",
    ),
    (
        re.compile(
            r"\b(most|least) (common|frequent|usual|popular) (?:passenger count|number of (?:passengers|people|riders)|party size|group size"
            r"|head ?count|occupancy)\b"
        ),
        r"\1 \2 passenger number group",
    ),
    (re.compile(r"\b(?:odds|chances?|likelihood|probability)(?: (?:that|of|for))?\b"), " share of "),
    (
        re.compile(
            r",? ?\(?(?:with )?(?:each|every) (?:trip|ride|one) (?:counted|counting|weighted|counts|weighs|weighed) (?:once|equally|the same|alike)"
            r"\b\)?|\bunweighted\b|\bof (?:the )?(?:individual|single) (?:trips?|rides?)\b"
        ),
        " unweighted ",
    ),
    (
        re.compile(
            r"\b(how many|how often do|how often did|how frequently do|how frequently did|share of|number of|no\.? of|nb of) "
            r"(?:yellow |green )?(?:people|ppl|passengers?|riders|customers|persons|folks)(?= (?:who |that )?"
            r"(?:(?:actually |really |only )?(?:pay|paid|paying|tip|tipped|left|leave|use[ds]?|swiped|settled|chose|opted)\b))"
        ),
        r"\1 payers",
    ),
    (
        re.compile(
            rf"\b(?:once|after|when|with|minus|without|sans|excluding|not counting)? ?(?:all |the |any )*{_JUNK}"
            rf"(?: (?:is|are|was|were|has been|have been|being|got|gets))?(?: all)? {_GONE}\b|"
            rf"\b(?:without|sans|minus|excluding|not counting|ignoring|net of) (?:all |the |any )*{_JUNK}\b"
        ),
        " ",
    ),
    (
        re.compile(
            rf"\b(?:(?:with|incl\w*\.?) )?{_CHARGES}(?:(?:,| and|, and|,? plus| &) (?:the )?(?:{_CHARGES}|everything|all|"
            r"whatever))+(?: else)? (?:included|inclusive|incl\.?|counted|added|thrown in)\b|"
            rf"\b(?:including|incl\.?|inclusive of|with) (?:all )?{_CHARGES}(?:(?:,| and|, and|,? plus| &) {_CHARGES})+"
        ),
        " everything included ",
    ),
    (
        re.compile(r"\bpick(?:ed|s|ing)? (?:somebody|someone|people|passengers?|riders?|customers?|fares?|folks) up\b"),
        " pickup ",
    ),
    (
        re.compile(
            r"\bdrop(?:ped|s|ping)? (?:somebody|someone|people|passengers?|riders?|customers?|fares?|folks) off\b"
        ),
        " dropoff ",
    ),
    (re.compile(r"\b(night|morning|midday|evening)(?: time)? (?:band|slot|window|bracket|block|timeframe)\b"), r"\1"),
    (re.compile(r"\bnon[- ]?zero\b"), " nonzero "),
    (
        re.compile(
            r"\b(?:across|over|(?:cross|span|straddl|bridg)\w*|(?:r[au]n|running|went|go|goes|going|spilled|spilling|last\w*|"
            r"stretch\w*|extend\w*|continu\w*) (?:past|over|through|beyond|into|across)) midnight\b(?: into the next day)?"
        ),
        " crosses_midnight ",
    ),
    (
        re.compile(
            r"(?<!in )(?<!during )(?<!for )\bhow many hours (?=(?:did|were|was|do|have|has)\b(?!.*\b(?:exceed|over|more|least|fewer)\b))"
        ),
        "how many hours driven ",
    ),
    (
        re.compile(r"\ball (?:of )?(?:the )?(?:time|hours|minutes) (?:driven|spent|travelled|traveled|on the road)\b"),
        " all hours ",
    ),
    (re.compile(r"\bcard(?= (?:tips?|fares?|tipping)\b)"), " by card "),
    (re.compile(r"\bcash(?= (?:tips?|tipping)\b)"), " in cash "),
    (re.compile(r"\b(?:(?:how many|number of) )(?:bucks|dollars)\b"), " how much dollars "),
    (re.compile(r"\btakings\b"), "revenue"),
    (
        re.compile(r"\b(?:outside|out|beyond)(?: of)? (?:new york city|nyc|new york|town|city limits)\b"),
        " outside the city ",
    ),
    (re.compile(r"\bset[- ]?downs?\b"), " dropoff "),
    (re.compile(r"\b(?:leaving|putting|setting|leave|put|set) ([\w ,]+?) aside\b"), r" except \1 ,"),
    (re.compile(r"\b(\w+) (?:excluded|left out|not counted|not included)\b"), r" except \1 "),
    (
        re.compile(
            r"\b(?:excl\.?|sans|minus) (?=the |manhattan|brooklyn|queens|bronx|staten|airport|jfk|"
            r"laguardia|cash|card|weekend)"
        ),
        " except ",
    ),
    (re.compile(r"\b(pickup|dropoff)_(zone|borough|at)\b"), r"\1 \2"),
    (re.compile(r"\b(?:where\s+)?grain\s*=\s*['\"]?\w+['\"]?(?:\s+and)?"), " "),
    (
        re.compile(
            r"(?:\bno\.|\bnumber|\bnr\.?|\brank(?:ed)?(?: no\.?| number)?|"
            r"#)\s*([2-9])(?=\s)(?!\s*(?:zone|passenger|people))"
        ),
        r" rank_\1 ",
    ),
    (re.compile(r"\b4 (?=a\b|the\b|yellow|green|me\b)"), "for "),
    (re.compile(r"\s*(?:→|⟶|->|=>|-->)\s*"), " to "),
    (re.compile(r"[\u2013\u2014]"), " - "),
    (re.compile(r"[≥]"), " >= "),
)
_SIGNS = tuple(
    (re.compile(pattern), spelling)
    for pattern, spelling in (
        (r"\bw/o\b", " without "),
        (r"\bw/(?=\s|\w)", " with "),
        (r"\b(?:a\.m\.?|p\.m\.?)(?=\s|$|\W)", lambda m: m[0].replace(".", "")),
        (r"(\d)\s*([ap]m)\b", r"\1 \2"),
        (r"(\d)\s*k\b", r"\g<1>000"),
        (r"(\d)\s*(?:mi|miles?)\b", r"\1 mile"),
        (r"(\d)\s*(?:mins?|minutes?|m)\b", r"\1 minute"),
        (r"(\d)\s*(?:hours?|hrs?|h)\b", r"\1 hour"),
        (r"\$\s*(\d+(?:\.\d+)?)", r"\1 dollar"),
        (r"(\d)\s*(?:\$|usd\b|bucks?\b)", r"\1 dollar"),
        (r"(\d)\s*\+", r"\1 plus"),
        (r"(\d)-(?=passenger|person|mile|minute|hour|dollar|people|seat|rider)", r"\1 "),
        (r"(\d(?: [ap]m)?)\s*-\s*(?=\d)", r"\1 to "),
        (r"\b(mon|tue|tues|wed|thu|thurs|fri|sat|sun)([a-z]*)\s*-\s*(?=(?:mon|tue|wed|thu|fri|sat|sun))", r"\1\2 to "),
        (r"(\d+):00\b", r"\1 oclock"),
        (r"o'?clock", "oclock"),
        (r"(\w)\s*/\s*(?=(?:mile|mi|minute|min|hour|trip|ride|day)\b)", r"\1 per "),
        (r"\s/\s", " divided by "),
        (r"&", " and "),
        (r"%", " % "),
        (r"\bu\.?s\.?d\b", "usd"),
        (r"\bmiles? per hour\b|\bmiles? an hour\b|\bm\.?p\.?h\b\.?", "mph"),
        (r"\bhalf an hour\b|\ba half hour\b|\bhalf hour\b", "30 minute"),
        (r"\ban hour and a half\b|\bone and a half hours?\b", "90 minute"),
        (r"\b(?:a )?quarter(?: of)? (?:of )?an hour\b|\ba quarter hour\b", "15 minute"),
        (
            r"(?<=than )an hour\b|(?<=over )an hour\b|(?<=under )an hour\b|(?<=least )an hour\b|(?<=exceed )an hour\b|"
            r"(?<=exceeded )an hour\b|(?<=exceeding )an hour\b|(?<=beyond )an hour\b|(?<=most )an hour\b|"
            r"(?<=above )an hour\b|(?<=within )an hour\b|(?<=below )an hour\b|\bone hour\b|\ban hour(?= or )",
            "1 hour",
        ),
        (r"\bhalf a mile\b|\ba half mile\b|\bhalf mile\b", "0.5 mile"),
        (
            r"(?<=than )a mile\b|(?<=over )a mile\b|(?<=under )a mile\b|(?<=least )a mile\b|(?<=below )a mile\b|"
            r"(?<=within )a mile\b|(?<=exceed )a mile\b|\bone mile\b|\ba single mile\b|\ba mile(?= or )",
            "1 mile",
        ),
        (
            r"(?<=than )a dollar\b|(?<=over )a dollar\b|(?<=under )a dollar\b|(?<=least )a dollar\b|\bone dollar\b",
            "1 dollar",
        ),
        (r"(?<=than )once\b|(?<=just )once\b|(?<=only )once\b|(?<=least )once\b|(?<=exactly )once\b", "1 trip"),
        (r"\btwice\b(?! as)", "2 trip"),
        (r"(?<=\d) times\b(?! as| more| higher| the)", " trip"),
        (r"\ba dozen\b", "12"),
        (r"\ba hundred\b|\bone hundred\b", "100"),
        (r"\ba thousand\b|\bone thousand\b", "1000"),
        (r"\b(\d+) hundred\b", r"\g<1>00"),
        (r"\b(\d+) thousand\b", r"\g<1>000"),
        (r"\b(\d+(?:\.\d+)?) million\b", lambda m: str(int(float(m[1]) * 1_000_000))),
        (r"\bthe majority of\b|\ba majority of\b|\bmost of the\b", " more than 0.5 of the "),
        (r"\b(?:one )?half (?=(?:of|the|all|its|their)\b)", " 0.5 "),
        (r"\b(?:a|one) third (?=of)", f" {1 / 3:.6f} "),
        (r"\b(?:a|one) quarter (?=of)", " 0.25 "),
        (r"\b2 thirds (?=of)", f" {2 / 3:.6f} "),
        (r"\b3 quarters (?=of)", " 0.75 "),
    )
)
_NUMERALS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_WORD = re.compile(r"\d{1,2}:\d\d|[a-z0-9_]+(?:\.[0-9]+)?|[%#,()?:;]|[<>]=?|-(?=\s)")
_NUMERAL = re.compile(rf"\b({'|'.join(_NUMERALS)})\b")
PAUSES = frozenset(",()?:;-")


def words_of(text: str) -> list[str]:
    """The words, still in the plural, with `%`, `<` and pauses among them."""
    for pattern, spelling in _BEFORE:
        text = pattern.sub(spelling, text.lower())
    text = _NUMERAL.sub(lambda m: str(_NUMERALS[m[1]]), plain(text))
    for sign, said in _SIGNS:
        text = sign.sub(said, text)
    return ["," if word in PAUSES else word for word in _WORD.findall(text)]
