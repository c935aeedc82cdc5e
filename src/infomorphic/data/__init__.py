"""Data sets: found by name, read or downloaded, checked, split and standardized."""

from infomorphic.data.dataset import Dataset
from infomorphic.data.loading import available_datasets, default_data_dir, load_dataset
from infomorphic.data.splitting import Split, split, standardize

__all__ = ["Dataset", "Split", "available_datasets", "default_data_dir", "load_dataset", "split", "standardize"]
