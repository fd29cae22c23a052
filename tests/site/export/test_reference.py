"""The API page as plain Markdown."""

from nwdocs.site.export.reference import anchors, write_reference


def test_a_reference_has_signature_arguments_errors_and_examples() -> None:
    page = "# API\n\n::: nwdocs.nadaraya_watson\n\nAnd on.\n"
    text = write_reference(page, {"heading_level": 2, "docstring_style": "google"})
    assert text.startswith("# API\n\n## `nadaraya_watson` { #nwdocs.nadaraya_watson }")
    signature = text.split("```py\n")[1].split("\n```")[0]
    compile(f"def {signature}: ...", "signature", "exec")
    assert signature.count("\n") > 5
    for part in ("**Parameters**", "- `queries` (", "**Raises**", "```pycon\n>>> "):
        assert part in text
    assert text.rstrip().endswith("And on.")
    found = anchors(page, "api.md", {})
    assert found["nwdocs.attention.nadaraya_watson"] == "api.md#nwdocs.nadaraya_watson"
