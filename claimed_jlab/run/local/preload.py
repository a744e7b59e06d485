"""Which libraries the fork server loads before it forks kernels.

CLAIMED_PRELOAD overrides what is worked out here: `none`, or modules with commas between (`numpy,sklearn.svm`).
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable
from importlib.util import find_spec

# What a distribution is imported as. Only what is slow to import and does nothing else when it is.
LIBRARIES = {
    "numpy": "numpy",
    "scipy": "scipy",
    "pandas": "pandas",
    "scikit-learn": "sklearn",
    "joblib": "joblib",
    "networkx": "networkx",
}

# What a library brings along when a program first uses it.
_PARTS = {"sklearn": ("sklearn.linear_model", "sklearn.ensemble", "sklearn.model_selection", "sklearn.pipeline")}

# What no fork survives: it starts threads or a GPU when it is imported, or ties itself to the shell that imports it.
_REFUSED = """
    torch torchvision torchaudio tensorflow keras jax jaxlib cupy cudf cuml pycuda numba mxnet paddle triton
    onnxruntime xgboost lightgbm catboost polars duckdb pyarrow grpc ray dask distributed pyspark vllm transformers
    matplotlib seaborn plotly bokeh IPython ipywidgets ipykernel zmq
"""
# It gives each kernel the number of threads that its task has; without it, nothing is loaded that has threads.
_THREADS = "threadpoolctl"


def libraries(tasks: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """The modules to load ahead for tasks with these requirements: those that more than one task will import.

    A library of one task only is as quickly loaded by that task.
    """
    wish = os.environ.get("CLAIMED_PRELOAD")
    if wish is not None:
        wanted = [name.strip() for name in wish.split(",") if name.strip() and name.strip() != "none"]
    else:
        count = Counter(name for requirements in tasks for name in {_name(text) for text in requirements})
        wanted = [module for name, module in LIBRARIES.items() if count[name] > 1]
        wanted = [part for module in wanted for part in (module, *_PARTS.get(module, ()))]
    installed = [name for name in wanted if name.partition(".")[0] not in _REFUSED.split() and _is_there(name)]
    return (_THREADS, *installed) if installed and _is_there(_THREADS) else ()


def _name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement.strip(), maxsplit=1)[0].lower().replace("_", "-")


def _is_there(module: str) -> bool:
    try:
        return find_spec(module.partition(".")[0]) is not None
    except ValueError:
        return False
