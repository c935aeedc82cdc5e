"""Data sets: find them by name, read or download, check, split and standardize them."""

from infomorphic.data.dataset import Dataset
from infomorphic.data.loading import available_datasets, default_data_dir, load_dataset
from infomorphic.data.shifting import RandomShifts
from infomorphic.data.splitting import Split, split, standardize

__all__ = ["Dataset", "RandomShifts", "Split", "available_datasets", "default_data_dir", "load_dataset", "split", "standardize"]
