#!/bin/sh
# Prints the path of the Python to build the virtual environment with. Lambda runs 3.13, so that one is preferred,
# wherever it is: on the PATH or under pyenv, asdf, mise, uv or Homebrew. Otherwise any Python >= 3.11 will do.
# CANAL_PYTHON, when set, is taken as it is; an argument ("3.11") asks for that version alone. Exits 1, saying what to
# do, when there is none.

usable() { # it starts, is new enough and can make a virtual environment
    [ -n "$1" ] && "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# Where version managers keep the interpreters that are not on the PATH.
kept() {
    for found in \
        "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/bin/python"$1" \
        "${ASDF_DATA_DIR:-$HOME/.asdf}/installs/python/$1".*/bin/python"$1" \
        "${MISE_DATA_DIR:-$HOME/.local/share/mise}/installs/python/$1".*/bin/python"$1" \
        "${UV_PYTHON_INSTALL_DIR:-$HOME/.local/share/uv/python}"/cpython-"$1".*/bin/python"$1" \
        /opt/homebrew/bin/python"$1" \
        /usr/local/bin/python"$1"; do
        [ -x "$found" ] && echo "$found"
    done
}

if [ -n "$CANAL_PYTHON" ] && [ -z "$1" ]; then
    usable "$CANAL_PYTHON" && { echo "$CANAL_PYTHON"; exit 0; }
    echo "CANAL_PYTHON is $CANAL_PYTHON, which is no usable Python >= 3.11." >&2
    exit 1
fi

for version in ${1:-3.13 3.12 3.11 3.14}; do
    for candidate in "$(command -v "python$version")" $(kept "$version"); do
        # A version manager's shim may be on the PATH and refuse to run: then the next one is tried.
        usable "$candidate" && { echo "$candidate"; exit 0; }
    done
done
[ -n "$1" ] && { echo "No usable Python $1 was found." >&2; exit 1; }
for candidate in "$(command -v python3)" "$(command -v python)"; do
    usable "$candidate" && { echo "$candidate"; exit 0; }
done

echo "Canal needs Python 3.11 or newer (3.13 is best), with its venv module." >&2
echo "  Debian, Ubuntu: apt install python3 python3-venv     macOS: brew install python@3.13" >&2
echo "  Or name one: make CANAL_PYTHON=/path/to/python3.13 ..." >&2
exit 1
