"""Puts libluffy into the wheel: the one of the repository around this directory, built where it is missing."""

import os
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LibraryHook(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: "dict[str, Any]") -> None:
        if version == "editable":
            return  # the package then finds the repository's library
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
        build_data["force_include"][str(self.library())] = "luffy/lib/libluffy.so.0"

    def library(self) -> Path:
        """`LUFFY_LIBRARY`, else the repository's."""
        named = os.environ.get("LUFFY_LIBRARY")
        if named:
            return Path(named).resolve(strict=True)
        repository = Path(self.root).resolve().parents[1]
        built = repository / "build" / "lib" / "libluffy.so.0"
        if not built.exists():
            if not (repository / "Package.swift").exists():
                raise FileNotFoundError(f"no library at {built}: set LUFFY_LIBRARY, or build from the repository")
            subprocess.run(["make", "lib"], cwd=repository, check=True)
        return built.resolve(strict=True)
