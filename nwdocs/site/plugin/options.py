"""The options of the plugin `nwdocs-notebooks`, as mkdocs.yml gives them."""

from typing import Any

from mkdocs.config import base
from mkdocs.config import config_options as c

__all__ = ["NotebookOptions"]

# Options of mkdocs-jupyter that have no meaning here, by the reason.
_REFUSED = {
    "every page with cells is run, and an error in a cell fails the build": (
        "execute",
        "execute_ignore",
        "allow_errors",
        "kernel_name",
    ),
    "pages are rendered by MkDocs, in its theme": (
        "theme",
        "highlight_extra_classes",
        "include_requirejs",
        "custom_mathjax_url",
        "ignore_h1_titles",
        "toc_depth",
        "no_prompt",
    ),
    'a cell says itself what is shown, as in tags=["hide_input"]': (
        "show_input",
        "no_input",
        "remove_tag_config",
    ),
    "a file in docs/ is published as it is": ("data_files",),
    "outputs are kept as long as what they depend on is unchanged": ("cache",),
}


class _Positive(base.BaseConfigOption[Any]):
    """A number above 0."""

    kinds: tuple[type[Any], ...] = (int, float)
    words = "a number above 0"

    def __init__(self, default: float | None = None) -> None:
        super().__init__()
        self.default = default

    def run_validation(self, value: Any) -> Any:
        # NaN is not above 0, and not below it.
        if isinstance(value, bool) or not (isinstance(value, self.kinds) and value > 0):
            raise base.ValidationError(f"must be {self.words}, not {value!r}")
        return value


class _PositiveWhole(_Positive):
    """A whole number above 0."""

    kinds = (int,)
    words = "a whole number above 0"


class NotebookOptions(base.Config):  # type: ignore[no-untyped-call]
    """What an author can set; `include`, `ignore` and `include_source` are mkdocs-jupyter's.

    Attributes:
        include: patterns of the files that may have cells.
        ignore: patterns of files to leave alone.
        include_source: whether a page's source is published beside the page.
        timeout: how long one cell may run, in seconds.
        workers: how many pages run at a time; by default, one for each processor.
        cache_dir: the folder where outputs are kept, from that of mkdocs.yml.
        preload: functions, each as "module:name", that are called before several pages
            run.
    """

    include = c.ListOfItems(c.Type(str), default=["*.md"])
    ignore = c.ListOfItems(c.Type(str), default=[])
    include_source = c.Type(bool, default=False)
    timeout = _Positive(60.0)
    workers = c.Optional(_PositiveWhole())
    cache_dir = c.Type(str, default="build/cache")
    preload = c.ListOfItems(c.Type(str), default=[])

    def validate(self) -> tuple[Any, Any]:
        """Refuse by name what mkdocs-jupyter knows and this plugin does not."""
        refused = [
            (name, base.ValidationError(f"leave it out: {reason}"))
            for reason, names in _REFUSED.items()
            for name in names
            if name in self.data
        ]
        for name, _ in refused:  # or they would be told as unknown, too
            del self.data[name]
        failed, warnings = super().validate()
        return [*failed, *refused], warnings
