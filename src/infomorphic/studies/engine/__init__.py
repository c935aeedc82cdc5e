"""The engine of studies: trials in a storage, the workers that run them, and their supervision. It knows no kind of study by name."""
