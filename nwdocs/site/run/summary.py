"""What a build did and how long it took, for the terminal."""

from collections.abc import Mapping, Sequence

from nwdocs.site.run.settings import Result

__all__ = ["run_table"]


def run_table(results: Mapping[str, Result], pages: Mapping[str, Sequence[str]]) -> str:
    """What the build did, a line for each executed page, as text of 64 columns or so.

    Seconds are what the page took when it last ran, which for a cached one was earlier.
    """
    width = max(len(uri) for uri in ("Page", *results))
    lines = [f"{'Page':<{width}}  Outputs   Seconds  Figures"]
    for uri, result in results.items():
        state = "cached" if result.cached else "executed"
        shown = len(pages.get(uri, ()))
        lines.append(f"{uri:<{width}}  {state:<8}  {result.seconds:7.1f}  {shown:7}")
    ran = [result.seconds for result in results.values() if not result.cached]
    total = sum(len(names) for names in pages.values())
    state = f"{len(ran)} ran"
    lines.append(
        f"{f'{len(results)} pages':<{width}}  {state:<8}  {sum(ran):7.1f}  {total:7}"
    )
    return "\n".join(lines)
