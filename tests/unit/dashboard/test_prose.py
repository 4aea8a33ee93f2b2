"""What others wrote fetches nothing, is no formula, and can be cut to what is cited."""

from __future__ import annotations

from include.dashboard.prose import calm, section

DOCUMENT = """# Models
Intro.

## The gate
Why.

```sh
# no heading
make train
```
### Detail
More.

## After
Later.
"""


def test_a_picture_becomes_a_link_and_an_inner_one_its_description() -> None:
    assert calm("see ![spy](https://elsewhere.example/p.png)") == "see [spy](https://elsewhere.example/p.png)"
    assert calm("![plot](data:image/png;base64,AAAA)") == "*plot*"
    assert calm("![a][b]") == "[a][b]"


def test_dollars_are_dollars_and_code_stays() -> None:
    assert calm(r"$5 to $7, \$9") == r"\$5 to \$7, \$9"
    assert calm("`$TAXI_API_KEY` and $1\n```\n![x](y) $2\n```") == "`$TAXI_API_KEY` and \\$1\n```\n![x](y) $2\n```"


def test_headings_step_down_within_a_page() -> None:
    assert calm("# Card\n`# no`\n###### least", within=True) == "## Card\n`# no`\n###### least"


def test_a_section_ends_where_the_next_of_its_level_begins() -> None:
    found = section(DOCUMENT, "the gate")
    assert found.startswith("Why.")
    assert "# no heading" in found
    assert found.endswith("More.")
    assert section(DOCUMENT, "## After") == "Later."
    assert section(DOCUMENT, "Elsewhere") == section(DOCUMENT, "") == ""


def test_a_link_between_documents_is_its_text_and_others_stay() -> None:
    assert calm("see [MODELS.md](MODELS.md#families), [TLC](https://nyc.gov/tlc)") == (
        "see MODELS.md, [TLC](https://nyc.gov/tlc)"
    )
    assert calm("`[a](b.md)` ![plot](plot.png)") == "`[a](b.md)` [plot](plot.png)"
