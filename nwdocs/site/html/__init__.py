"""From outputs and formulas to the page's HTML; nothing here starts a process."""
