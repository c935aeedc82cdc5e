"""Small table files for the tests of readers."""

import io
import zipfile

import pandas as pd

CSV = "a,b,y\n" + "0,0,0\n0,1,1\n1,0,1\n1,1,0\n" * 20
XOR = pd.read_csv(io.StringIO(CSV))


def written(tmp_path, content, name="t.csv"):
    """The path of a file with this content, text or bytes."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def zipped(**members):
    """A zip archive of these members, as bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "/") if name.endswith("_") else name, content)
    return file.getvalue()
