"""A JupyterHub with its proxy and a URL prefix, two users, and each user's own single-user server."""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821

here = Path(os.environ["CLAIMED_HUB_FOLDER"])
checkout = Path(__file__).parents[2]
port = int(os.environ["CLAIMED_HUB_PORT"])

# A prefix on purpose: nothing of ours may take the root of the host for its own.
c.JupyterHub.bind_url = f"http://127.0.0.1:{port}/hubs/"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{port + 1}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{port + 2}"
c.ConfigurableHTTPProxy.command = [str(checkout / "node_modules/.bin/configurable-http-proxy")]
c.ConfigurableHTTPProxy.pid_file = str(here / "proxy.pid")
c.JupyterHub.cookie_secret_file = str(here / "cookie_secret")
c.JupyterHub.db_url = f"sqlite:///{here}/hub.sqlite"

c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ["CLAIMED_HUB_PASSWORD"]
c.Authenticator.allow_all = True
c.JupyterHub.load_roles = [{"name": "user", "scopes": ["self"]}]

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(here / "homes/{username}")
c.Spawner.cmd = [str(Path(sys.executable).with_name("jupyterhub-singleuser"))]
c.Spawner.args = ["--allow-root"]
c.Spawner.default_url = "/lab"
c.Spawner.http_timeout = 90
c.Spawner.start_timeout = 120
