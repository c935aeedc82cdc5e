import subprocess
import sys


def test_importing_plots_chooses_no_backend():
    code = "import sys, infomorphic.plots; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
