"""How long builds take, side by side with other tools on the same pages, in one run.

Each tool builds in a fresh temporary folder, turn by turn, each build a process of its
own. Seconds depend on the machine and on what else it does; ratios count.

`tools` says what each tool is and turns the pages into its form; `measure` copies, edits,
builds, and looks whether the edit reached the page; `table` puts the numbers together.
"""
