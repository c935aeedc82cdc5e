"""The engine of studies: trials in a storage, the workers that run them, and their supervision. It does not depend on any particular kind of study."""
