"""Small data sets on disk, the real ones where they are found, and a web server on this machine."""

import os
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from infomorphic.data import Dataset

# Before the fixture below hides it from the code under test.
_NAMED = os.environ.get("INFOMORPHIC_DATA")


@pytest.fixture(autouse=True)
def no_data_dir_from_outside(monkeypatch):
    monkeypatch.delenv("INFOMORPHIC_DATA", raising=False)


@pytest.fixture
def mnist_dir() -> Path:
    """The folder that has the real MNIST."""
    places = [Path(_NAMED)] if _NAMED else []
    places.append(Path(__file__).parents[3] / "shared" / "data")
    for place in places:
        if all((place / "MNIST" / "raw" / f"{name}-ubyte.gz").is_file() for name in ("train-images-idx3", "t10k-labels-idx1")):
            return place
    pytest.skip("needs MNIST in the folder that INFOMORPHIC_DATA names, or in ../shared/data")


@pytest.fixture
def make_dataset():
    """A valid data set of 8 training and 4 test images of two classes, with replaceable parts."""

    def make(**parts) -> Dataset:
        generator = torch.Generator().manual_seed(0)
        defaults = {
            "name": "toy",
            "train_images": torch.randn(8, 6, generator=generator),
            "train_labels": torch.tensor([0, 1] * 4),
            "test_images": torch.randn(4, 6, generator=generator),
            "test_labels": torch.tensor([0, 1] * 2),
            "class_names": ("cat", "dog"),
            "image_shape": (2, 3),
        }
        return Dataset(**(defaults | parts))

    return make


@pytest.fixture
def serve():
    """Start a web server on a folder: its address, and the paths that were asked for."""
    servers = []

    def start(folder: Path, handler: type[SimpleHTTPRequestHandler] = SimpleHTTPRequestHandler) -> SimpleNamespace:
        asked = []

        class Handler(handler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                asked.append(self.path.removeprefix("/"))
                super().do_GET()

        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
        thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.02))
        thread.start()
        servers.append((server, thread))
        return SimpleNamespace(url=f"http://127.0.0.1:{server.server_port}/", asked=asked)

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def idx_bytes():
    """The content of an IDX file."""

    def encode(array: np.ndarray) -> bytes:
        sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
        return bytes([0, 0, 8, array.ndim]) + sizes + array.astype(np.uint8).tobytes()

    return encode


@pytest.fixture
def idx_files(idx_bytes):
    """The four files of a data set like MNIST, by name: 20 training and 10 test images of 5 × 4 pixels."""
    rng = np.random.default_rng(0)
    return {
        "train-images-idx3-ubyte": idx_bytes(rng.integers(0, 256, (20, 5, 4))),
        "train-labels-idx1-ubyte": idx_bytes(np.arange(20) % 10),
        "t10k-images-idx3-ubyte": idx_bytes(rng.integers(0, 256, (10, 5, 4))),
        "t10k-labels-idx1-ubyte": idx_bytes(np.arange(10)),
    }
