"""The executed pages in other forms than the site's HTML."""
