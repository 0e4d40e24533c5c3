"""Join the ES modules of a widget into the one module text that anywidget loads.

The browser imports a widget's code from a text without an address, so that a relative import in it
cannot be resolved there. Each module becomes a function scope that returns its exports, after the
modules that it imports; the entry module stays at the top level, with its default export::

    const $page_dom = (() => {
    function h() {}
    return { h };
    })();
    const { h } = $page_dom;
    export default { render() {} };

Names of different modules never meet. Whole lines of comment and indentation are left out.
"""

import re
from pathlib import Path, PurePosixPath
from posixpath import normpath

IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.{1,2}/[^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?(?:function\*?|class|const)) (\w+)", re.MULTILINE)
COMMENT = re.compile(r"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*\n", re.MULTILINE | re.DOTALL)
UNSUPPORTED = re.compile(r"^(?:import\b|export (?!default ))[^\n]*", re.MULTILINE)


def bundle_modules(entry: Path) -> str:
    """Return the text of a module with everything that it imports.

    Raises
    ------
    ValueError
        When modules import each other in a circle, or a module is written in a form that cannot be
        joined: named imports of relative paths, exported functions, classes and constants, and in
        the entry ``export default`` can.
    """
    bundle = _Bundle(entry.parent)
    return bundle.scopes_of(entry.name, ()) + bundle.code_of(entry.name)


class _Bundle:
    """Modules below one folder; each is joined once, at its first import."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._joined: set[str] = set()
        self._sources: dict[str, str] = {}

    def scopes_of(self, module: str, importers: tuple[str, ...]) -> str:
        """Return the scopes of the modules that a module needs and that are not joined yet."""
        if module in importers:
            raise ValueError(f"modules import each other: {' -> '.join((*importers, module))}")
        scopes = []
        for match in IMPORT.finditer(self._source(module)):
            needed = _resolve(module, match[2])
            if needed not in self._joined:
                scopes.append(self.scopes_of(needed, (*importers, module)))
                scopes.append(self._scope(needed))
                self._joined.add(needed)
        return "".join(scopes)

    def code_of(self, module: str) -> str:
        """Return the code of a module, its imports as constants and its exports as plain ones."""

        def constant(match: re.Match[str]) -> str:
            names = " ".join(match[1].split()).removesuffix(",").replace(" as ", ": ")
            return f"const {{ {names} }} = {_variable(_resolve(module, match[2]))};\n"

        code = EXPORT.sub(r"\1 \2", IMPORT.sub(constant, self._source(module)))
        if left := UNSUPPORTED.search(code):
            raise ValueError(f"{module}: cannot be joined: {left[0]}")
        return code

    def _scope(self, module: str) -> str:
        exports = ", ".join(match[2] for match in EXPORT.finditer(self._source(module)))
        code = self.code_of(module)
        return f"const {_variable(module)} = (() => {{\n{code}return {{ {exports} }};\n}})();\n"

    def _source(self, module: str) -> str:
        if module not in self._sources:
            text = (self._folder / module).read_text("utf-8")
            lines = COMMENT.sub("", text).splitlines()
            self._sources[module] = "".join(f"{line.lstrip()}\n" for line in lines if line.strip())
        return self._sources[module]


def _resolve(module: str, path: str) -> str:
    """Return the module that a relative import names, from the folder of the entry."""
    return normpath((PurePosixPath(module).parent / path).as_posix())


def _variable(module: str) -> str:
    return "$" + re.sub(r"\W", "_", module.removesuffix(".js"))
