"""What this package uses of numba that numba does not promise to keep. No other module imports from `numba.core`.

The cache of compiled code (`cache`) also uses private attributes of these classes. `tests/compiled/test_private_numba.py` lists
everything and says what to do when a new version of numba lacks it.
"""

from numba.core import cgutils, config
from numba.core.caching import FunctionCache, IndexDataCacheFile, NullCache
from numba.core.datamodel.models import PrimitiveModel

__all__ = ["FunctionCache", "IndexDataCacheFile", "NullCache", "PrimitiveModel", "cgutils", "config"]
