"""Notebooks as people really write them: what the reader makes of each, in one sentence a case."""

from __future__ import annotations

import pytest
from authoring import code, write_notebook

from claimed_jlab.component.reader import read_component

IMPORTS = "import os\nimport pandas as pd\n"

# sentence: (cells, inputs, outputs, codes of the diagnostics that must be there)
CASES = {
    "an import alias of os is followed": (["import os as o\nx = o.environ.get('x', 'a')"], {"x": "str"}, {}, set()),
    "environ under an alias is followed": (
        ["from os import environ as e\nx = e.get('x', 'a')"],
        {"x": "str"},
        {},
        set(),
    ),
    "getenv under an alias is followed": (["from os import getenv as g\nx = g('x', '1')"], {"x": "str"}, {}, set()),
    "another object's get is no input": (
        ["env = {}\nx = env.get('x', 'a')\ny = config.environ.get('y')"],
        {},
        {},
        set(),
    ),
    "a mandatory subscript is an input without a default": (
        ["import os\nx = os.environ['x']"],
        {"x": "str"},
        {},
        set(),
    ),
    "setting a variable is no input": (
        ["import os\nos.environ['x'] = '1'\nos.environ.setdefault('y', '2')"],
        {},
        {},
        set(),
    ),
    "what every process has is no input": (
        ["import os\nhome = os.environ['HOME']\np = os.environ.get('PATH')"],
        {},
        {},
        set(),
    ),
    "a read inside an expression is an input": (
        ["import os\nx = 'a/' + os.environ.get('x', 'b')"],
        {"x": "str"},
        {},
        set(),
    ),
    "a read inside a call is an input": (["import os\nprint(os.environ.get('x', 'b'))"], {"x": "str"}, {}, set()),
    "a read inside a function is an input": (
        ["import os\ndef f():\n    return int(os.getenv('n', 3))"],
        {"n": "int"},
        {},
        set(),
    ),
    "a read inside an if is an input": (["import os\nif True:\n    x = os.getenv('x', 'a')"], {"x": "str"}, {}, set()),
    "a read in an f-string is an input": (["import os\nx = f\"{os.getenv('x', 'a')}/y\""], {"x": "str"}, {}, set()),
    "int around the call is int": (["import os\nn = int(os.environ.get('n', '1'))"], {"n": "int"}, {}, set()),
    "float around the call is float": (["import os\nn = float(os.environ.get('n', '1'))"], {"n": "float"}, {}, set()),
    "bool around the call is bool": (["import os\nn = bool(os.environ.get('n', 'False'))"], {"n": "bool"}, {}, set()),
    "a helper called boolean is bool": (
        ["import os\nn = boolean(os.environ.get('n', 'False'))"],
        {"n": "bool"},
        {},
        set(),
    ),
    "json.loads of a dict is dict": (
        ["import os, json\nn = json.loads(os.getenv('n', '{}'))"],
        {"n": "dict"},
        {},
        set(),
    ),
    "json.loads of a list is list": (
        ["import os, json\nn = json.loads(os.getenv('n', '[1]'))"],
        {"n": "list"},
        {},
        set(),
    ),
    "casts inside casts take the outer one": (
        ["import os\nn = int(float(os.getenv('n', '1')))"],
        {"n": "int"},
        {},
        set(),
    ),
    "an annotation beats a cast": (["import os\nn: float = int(os.getenv('n', '1'))"], {"n": "float"}, {}, set()),
    "a numeric default gives the type": (["import os\nn = os.getenv('n', 3)"], {"n": "int"}, {}, set()),
    "a default of literals multiplied is calculated": (
        ["import os\nn = int(os.getenv('n', 60*60))"],
        {"n": "int"},
        {},
        set(),
    ),
    "a default that is a call is a doubt": (
        ["import os\nn = os.getenv('n', f())"],
        {"n": "str"},
        {},
        {"default-not-literal"},
    ),
    "a call over many lines is read": (
        ["import os\nn = int(\n  os.environ.get(\n    'n',\n    '2',\n  )\n)"],
        {"n": "int"},
        {},
        set(),
    ),
    "a name with a space is kept as it is": (
        ["import os\nk = os.getenv('batch size', '2')"],
        {"batch size": "str"},
        {},
        {"odd-name"},
    ),
    "a name with a trailing space is kept": (
        ["import os\nk = os.getenv('name ', '2')"],
        {"name ": "str"},
        {},
        {"odd-name"},
    ),
    "a name read twice counts once": (
        ["import os\na = os.getenv('x', '1')\nb = os.getenv('x', '2')"],
        {"x": "str"},
        {},
        {"declared-twice"},
    ),
    "building an image is scaffolding": (
        ["import os, sys\nif bool(os.environ.get('create_image', False)):\n    sys.exit(0)"],
        {},
        {},
        {"scaffolding"},
    ),
    "a magic inside an if is no syntax error": (
        ["import os\nif bool(os.environ.get('create_image', False)):\n    !docker build .\nx = os.getenv('x', 'a')"],
        {"x": "str"},
        {},
        {"scaffolding"},
    ),
    "an override from sys.argv is no input": (
        ["import sys, re\nfor a in [x for x in sys.argv if re.match('[^=]+=.*', x)]:\n    exec(a)"],
        {},
        {},
        {"argv-override"},
    ),
    "both conventions may be mixed": (
        [code("n: int = 1", "parameters"), "import os\nx = os.getenv('x', 'a')"],
        {"n": "int", "x": "str"},
        {},
        set(),
    ),
    "an environment line in a tagged cell is read once": (
        [code("import os\nn = int(os.getenv('n', '1'))\nm: int = 2", "parameters")],
        {"n": "int", "m": "int"},
        {},
        set(),
    ),
    "a password by name is a secret": (
        ["import os\npassword = os.getenv('password')"],
        {"password": "Secret"},
        {},
        set(),
    ),
    "an api key by name is a secret": (
        ["import os\nk = os.getenv('cos_api_key')"],
        {"cos_api_key": "Secret"},
        {},
        set(),
    ),
    "camel case hides no secret": (["import os\nk = os.getenv('dbPassword')"], {"dbPassword": "Secret"}, {}, set()),
    "a tokenizer is no secret": (["import os\nt = os.getenv('tokenizer', 'bert')"], {"tokenizer": "str"}, {}, set()),
    "a number of tokens is no secret": (
        ["import os\nt = int(os.getenv('max_tokens', '9'))"],
        {"max_tokens": "int"},
        {},
        set(),
    ),
    "a keyword called password makes a secret": (
        ["import os\np = os.getenv('p')\nconnect(password=p)"],
        {"p": "Secret"},
        {},
        set(),
    ),
    "a header Authorization makes a secret": (
        ["import os\np = os.getenv('p')\nget(headers={'Authorization': f'Bearer {p}'})"],
        {"p": "Secret"},
        {},
        set(),
    ),
    "a secret with a default is an error": (
        ["import os\ntoken = os.getenv('token', 'abc')"],
        {"token": "Secret"},
        {},
        {"literal-secret"},
    ),
    "a literal password in a call is an error": (["connect(password='hunter2')"], {}, {}, {"literal-secret"}),
    "a tagged parameter called secret is one": ([code("api_key = ''", "parameters")], {"api_key": "Secret"}, {}, set()),
    "a file read by pandas is a dataset": (
        [IMPORTS + "p = os.getenv('p', 'a.csv')\npd.read_csv(p)"],
        {"p": "Input[Dataset]"},
        {},
        set(),
    ),
    "a file read under another alias is a dataset": (
        ["import os\nfrom pandas import read_parquet as rp\np = os.getenv('p', 'a')\nrp(p)"],
        {"p": "Input[Dataset]"},
        {},
        set(),
    ),
    "a keyword path is followed": (
        [IMPORTS + "p = os.getenv('p', 'a')\npd.read_csv(filepath_or_buffer=p)"],
        {"p": "Input[Dataset]"},
        {},
        set(),
    ),
    "a path through join is followed": (
        [IMPORTS + "p = os.getenv('p', 'a')\npd.read_csv(os.path.join('d', p))"],
        {"p": "Input[Dataset]"},
        {},
        set(),
    ),
    "a path through Path and / is followed": (
        [IMPORTS + "from pathlib import Path\np = os.getenv('p', 'a')\npd.read_csv(Path('d') / p)"],
        {"p": "Input[Dataset]"},
        {},
        set(),
    ),
    "a path through an f-string is followed": (
        [IMPORTS + "p = os.getenv('p', 'a')\npd.read_csv(f'd/{p}.csv')"],
        {"p": "Input[Dataset]"},
        {},
        set(),
    ),
    "a path through another variable is followed": (
        [IMPORTS + "p = os.getenv('p', 'a')\nq = 'd/' + p\nr = q\npd.read_csv(r)"],
        {"p": "Input[Dataset]"},
        {},
        set(),
    ),
    "a prefix before a file stays a value": (
        [IMPORTS + "d = os.getenv('d', './')\np = os.getenv('p', 'a')\npd.read_csv(d + p)"],
        {"d": "str", "p": "Input[Dataset]"},
        {},
        set(),
    ),
    "a folder before a literal name stays a value": (
        [IMPORTS + "d = os.getenv('d', './')\npd.read_csv(d + '/x.csv')"],
        {"d": "str"},
        {},
        set(),
    ),
    "a file that is written is an output": (
        [IMPORTS + "t = os.getenv('t', 'a.csv')\nframe.to_csv(t)"],
        {},
        {"t": "Output[Dataset]"},
        set(),
    ),
    "a file read and written is an output with a doubt": (
        [IMPORTS + "t = os.getenv('t', 'a.csv')\npd.read_csv(t).to_csv(t)"],
        {},
        {"t": "Output[Dataset]"},
        {"read-and-written"},
    ),
    "a model saved by torch is a model": (
        ["import os, torch\nm = os.getenv('m', 'm.pt')\ntorch.save(n, m)"],
        {},
        {"m": "Output[Model]"},
        set(),
    ),
    "a model loaded by joblib is a model": (
        ["import os, joblib\nm = os.getenv('m', 'm')\njoblib.load(m)"],
        {"m": "Input[Model]"},
        {},
        set(),
    ),
    "a pickle through open is a model": (
        ["import os, pickle\nm = os.getenv('m', 'm')\nwith open(m, 'wb') as f:\n    pickle.dump(x, f)"],
        {},
        {"m": "Output[Model]"},
        set(),
    ),
    "a text written by open is an artifact": (
        ["import os\nm = os.getenv('m', 'm')\nwith open(m, 'w') as f:\n    f.write('x')"],
        {},
        {"m": "Output[Artifact]"},
        set(),
    ),
    "a text read by open is an artifact": (
        ["import os\nm = os.getenv('m', 'm')\nopen(m).read()"],
        {"m": "Input[Artifact]"},
        {},
        set(),
    ),
    "a text written by Path is an artifact": (
        ["import os\nfrom pathlib import Path\nm = os.getenv('m', 'm')\nPath(m).write_text('x')"],
        {},
        {"m": "Output[Artifact]"},
        set(),
    ),
    "a numpy array saved is a dataset": (
        ["import os, numpy as np\na = os.getenv('a', 'a')\nnp.save(a, x)"],
        {},
        {"a": "Output[Dataset]"},
        set(),
    ),
    "an untyped tagged parameter is typed by use": (
        [code("source = 'a.csv'", "parameters"), "import pandas as pd\npd.read_csv(source)"],
        {"source": "Input[Dataset]"},
        {},
        set(),
    ),
    "an annotated string stays a string whatever is done with it": (
        [code("source: str = 'a.csv'", "parameters"), "import pandas as pd\npd.read_csv(source)"],
        {"source": "str"},
        {},
        set(),
    ),
    "a value held to a fixed set is a choice": (
        ["import os\nk = os.getenv('k', 'a')\nif k not in ('a', 'b'):\n    raise ValueError(k)"],
        {"k": "Literal['a', 'b']"},
        {},
        set(),
    ),
    "a chain of ifs that ends in a raise is a choice": (
        [
            "import os\nk = os.getenv('k', 'a')\nif k == 'a':\n    pass\nelif k == 'b':\n    pass\nelse:\n    raise ValueError"
        ],
        {"k": "Literal['a', 'b']"},
        {},
        set(),
    ),
    "one comparison alone is no choice": (
        ["import os\nk = os.getenv('k', 'a')\nif k == 'a':\n    pass"],
        {"k": "str"},
        {},
        set(),
    ),
    "a choice that leaves out the default is none": (
        ["import os\nk = os.getenv('k', 'c')\nassert k in ('a', 'b')"],
        {"k": "str"},
        {},
        set(),
    ),
    "a broken cell leaves the others": (
        ["x = (", "import os\nn = os.getenv('n', 1)"],
        {"n": "int"},
        {},
        {"not-python"},
    ),
    "a cell magic is no syntax error": (
        ["%%time\nimport os", "import os\nn = os.getenv('n', 1)"],
        {"n": "int"},
        {},
        set(),
    ),
    "code under a cell magic that times it is read": (
        ["\n%%time -n 1\nimport os\nimport pandas as pd\nn = os.getenv('n', 1)\npd.read_csv('x.csv')"],
        {"n": "int"},
        {},
        {"uncast", "undeclared-input"},
    ),
    "a path through a function is followed": (
        [IMPORTS + "def save(f, to):\n    f.to_csv(to)\nt = os.getenv('t', 'a.csv')\nsave(frame, to=t)"],
        {},
        {"t": "Output[Dataset]"},
        set(),
    ),
    "a path through a function defined below is followed": (
        [IMPORTS + "def main():\n    load(t)\nt = os.getenv('t')\ndef load(p):\n    q = p\n    pd.read_csv(q)"],
        {"t": "Input[Dataset]"},
        {},
        set(),
    ),
    "a path with a percent or a choice is followed": (
        [IMPORTS + "t = os.getenv('t', 'a')\npd.read_csv('%s.csv' % t if t else t or 'b')"],
        {"t": "Input[Dataset]"},
        {},
        set(),
    ),
    "a path that is assigned inside a block is followed": (
        [IMPORTS + "t = os.getenv('t', 'a')\nif t:\n    p = t + '.csv'\n    pd.read_csv(p)"],
        {"t": "Input[Dataset]"},
        {},
        set(),
    ),
    "spark reads and writes behind read and write": (
        [
            "import os\ni = os.getenv('i', 'a')\no = os.getenv('o', 'b')\n"
            "df = spark.read.option('header', True).csv(i)\ndf.write.mode('overwrite').parquet(o)"
        ],
        {"i": "Input[Dataset]"},
        {"o": "Output[Dataset]"},
        set(),
    ),
    "spark's load and save are followed": (
        [
            "import os\ni = os.getenv('i', 'a')\no = os.getenv('o', 'b')\n"
            "df = spark.read.format('csv').load(i)\ndf.write.format('orc').save(o)"
        ],
        {"i": "Input[Dataset]"},
        {"o": "Output[Dataset]"},
        set(),
    ),
    "polars scans and sinks": (
        ["import os, polars as pl\ni = os.getenv('i')\no = os.getenv('o')\npl.scan_ndjson(i).sink_parquet(o)"],
        {"i": "Input[Dataset]"},
        {"o": "Output[Dataset]"},
        set(),
    ),
    "pyarrow writes a table second": (
        ["import os\nimport pyarrow.parquet as pq\no = os.getenv('o')\npq.write_table(table, o)"],
        {},
        {"o": "Output[Dataset]"},
        set(),
    ),
    "xarray opens and writes": (
        ["import os, xarray as xr\ni = os.getenv('i')\no = os.getenv('o')\nxr.open_dataset(i).to_netcdf(o)"],
        {"i": "Input[Dataset]"},
        {"o": "Output[Dataset]"},
        set(),
    ),
    "dicom is read and written": (
        ["import os, pydicom\ni = os.getenv('i')\no = os.getenv('o')\npydicom.dcmread(i).save_as(o)"],
        {"i": "Input[Dataset]"},
        {"o": "Output[Dataset]"},
        set(),
    ),
    "a keras model under tf is loaded and saved": (
        [
            "import os, tensorflow as tf\ni = os.getenv('i')\no = os.getenv('o', 'm.keras')\n"
            "m = tf.keras.models.load_model(i)\nm.save(o)"
        ],
        {"i": "Input[Model]"},
        {"o": "Output[Model]"},
        set(),
    ),
    "keras taken from tensorflow is keras": (
        ["import os\nfrom tensorflow import keras\ni = os.getenv('i')\nkeras.models.load_model(i)"],
        {"i": "Input[Model]"},
        {},
        set(),
    ),
    "an image is opened and saved": (
        ["import os\nfrom PIL import Image\ni = os.getenv('i')\no = os.getenv('o')\nImage.open(i).save(o)"],
        {"i": "Input[Artifact]"},
        {"o": "Output[Artifact]"},
        set(),
    ),
    "a figure is written": (
        ["import os\nimport matplotlib.pyplot as plt\no = os.getenv('o', 'f.png')\nplt.gcf().savefig(fname=o)"],
        {},
        {"o": "Output[Artifact]"},
        set(),
    ),
    "a zip is read or written by its mode": (
        [
            "import os, zipfile\ni = os.getenv('i')\no = os.getenv('o')\n"
            "zipfile.ZipFile(i).testzip()\nzipfile.ZipFile(o, mode='w')"
        ],
        {"i": "Input[Artifact]"},
        {"o": "Output[Artifact]"},
        set(),
    ),
    "a copy reads its first and writes its second": (
        ["import os, shutil\ni = os.getenv('i')\no = os.getenv('o')\nshutil.copyfile(i, o)"],
        {"i": "Input[Artifact]"},
        {"o": "Output[Artifact]"},
        set(),
    ),
    "a path that opens itself is read or written": (
        [
            "import os\nfrom pathlib import Path\ni = os.getenv('i')\no = os.getenv('o')\n"
            "Path(i).open()\nwith Path(o).open('w') as f:\n    f.write('x')"
        ],
        {"i": "Input[Artifact]"},
        {"o": "Output[Artifact]"},
        set(),
    ),
    "a pickle through an open inside the call is a model": (
        ["import os, pickle\ni = os.getenv('i')\npickle.load(open(i, 'rb'))"],
        {"i": "Input[Model]"},
        {},
        set(),
    ),
    "a page that is written is HTML by its suffix": (
        ["import os\no = os.getenv('o', 'page.html')\nopen(o, 'w').write('x')"],
        {},
        {"o": "Output[HTML]"},
        set(),
    ),
    "a folder that is listed is read": (
        ["import os, glob\ni = os.getenv('i')\nfor f in glob.glob(os.path.join(i, '*.dcm')):\n    print(f)"],
        {"i": "Input[Artifact]"},
        {},
        set(),
    ),
    "a database file behind an address is read": (
        ["import os\nfrom sqlalchemy import create_engine\ni = os.getenv('i')\ncreate_engine(f'sqlite:///{i}')"],
        {"i": "Input[Artifact]"},
        {},
        set(),
    ),
    "an address of a database is a secret": (
        ["import os, sqlalchemy\nu = os.getenv('u')\nsqlalchemy.create_engine(u)"],
        {"u": "Secret"},
        {},
        set(),
    ),
    "an address with a password in it is an error": (
        ["import sqlalchemy\nsqlalchemy.create_engine('postgresql://ada:hunter2@db/hospital')"],
        {},
        {},
        {"literal-secret"},
    ),
    "opening a browser reads nothing": (
        ["import os, webbrowser\nu = os.getenv('u', 'x')\nwebbrowser.open(u)"],
        {"u": "str"},
        {},
        set(),
    ),
    "a question mark and a bang are no syntax errors": (
        ["len?\n!ls -la 'a b'\n%matplotlib inline"],
        {},
        {},
        {"no-interface"},
    ),
    "star assignments and tuples are passed over": (["a, *b = 1, 2\n(c, d) = 3, 4"], {}, {}, {"no-interface"}),
    "an empty notebook is no component, and says so": ([], {}, {}, {"no-interface"}),
    "a walrus and a lambda are read through": (
        ["import os\nf = lambda: (y := os.getenv('x', 'a'))"],
        {"x": "str"},
        {},
        set(),
    ),
}


@pytest.mark.parametrize("sentence", CASES)
def test_the_reader_knows_that(sentence, tmp_path):
    cells, inputs, outputs, codes = CASES[sentence]
    spec = read_component(write_notebook(tmp_path / "notebook.ipynb", *cells))
    assert {port.name: port.type for port in spec.inputs} == inputs
    assert {port.name: port.type for port in spec.outputs} == outputs
    assert codes <= {item.code for item in spec.diagnostics}
    assert all(item.cell for item in spec.diagnostics if item.code not in ("no-interface", "no-title"))


def test_there_are_enough_cases():
    assert len(CASES) >= 60


def test_param_returns_and_dependency_comments_are_read(tmp_path):
    comments = (
        "# @param source where the table\n# is found\n# @param n how many\n#\n# @returns the table,\n# cleaned\n"
        "# @dependency pandas"
    )
    body = (
        IMPORTS
        + "source = os.getenv('source', 'a')\nn = int(os.getenv('n', 1))\nout = os.getenv('out', 'b')\npd.read_csv(source).to_csv(out)"
    )
    spec = read_component(write_notebook(tmp_path / "notebook.ipynb", comments, body))
    assert {port.name: port.description for port in spec.inputs} == {
        "source": "where the table is found",
        "n": "how many",
    }
    assert spec.outputs[0].description == "the table, cleaned"
    assert any(item.startswith("pandas") for item in spec.requirements)


def test_a_prefix_is_marked_so_that_artifacts_keep_their_own_paths(tmp_path):
    cell = IMPORTS + "d = os.getenv('d', './')\np = os.getenv('p', 'a')\npd.read_csv(d + p)"
    spec = read_component(write_notebook(tmp_path / "notebook.ipynb", cell))
    assert [port.name for port in spec.inputs if port.prefix] == ["d"]


def test_an_odd_name_has_a_safe_alias(tmp_path):
    spec = read_component(write_notebook(tmp_path / "notebook.ipynb", "import os\nk = os.getenv('2 keys ', '')"))
    assert spec.inputs[0].alias == "_2_keys"
