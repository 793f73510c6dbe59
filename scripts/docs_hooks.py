"""Hooks of `make docs`: links to files of the repository outside docs/ are checked, and become the names of these files."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[([^\]]*)\]\((?!https?://|#)([^)#\s]+)(#[^)\s]*)?\)")


def on_page_markdown(markdown, page, config, files):
    folder = pathlib.Path(config["docs_dir"], page.file.src_uri).parent

    def link(match):
        target = (folder / match[2]).resolve()
        if target.is_relative_to(config["docs_dir"]):
            return match[0]
        if not target.is_relative_to(ROOT) or not target.exists():
            raise ValueError(f"{page.file.src_uri}: {match[2]} is not there")
        name = f"`{target.relative_to(ROOT)}`"
        return name if match[1].strip("`") in name else f"{match[1]} ({name})"

    parts = re.split(r"(^```.*?^```$)", markdown, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if part.startswith("```") else LINK.sub(link, part) for part in parts)
