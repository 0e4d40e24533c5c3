"""Kernels of a Jupyter server that are forked: they behave as those that are started."""

import os
import signal
import time
from functools import partial
from importlib import import_module

import pytest
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory

from kjfp_helpers.notebook_kernels.client import lab_provisioner

pytestmark = pytest.mark.slow

WAIT = 30


@pytest.fixture(scope="module", autouse=True)
def forking():
    KernelProvisionerFactory.clear_instance()
    lab_provisioner.install_forked_kernels(
        None,
        partial(import_module, "ipywidgets"),
        lambda environment: "ours" in environment.get("JPY_SESSION_NAME", ""),
    )
    yield
    lab_provisioner.ForkedKernelProvisioner.server.close()
    KernelProvisionerFactory.clear_instance()


def started(folder, name):
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder), env={**os.environ, "JPY_SESSION_NAME": name})
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=WAIT)
    return manager, client


def said(client, code):
    texts = []
    client.execute_interactive(
        code, timeout=WAIT, output_hook=lambda message: texts.append(str(message["content"]))
    )
    return "".join(texts)


def test_a_forked_kernel_is_loaded_lies_where_it_should_and_can_be_interrupted_killed_restarted(
    tmp_path,
):
    manager, client = started(tmp_path, "ours.ipynb")
    try:
        text = said(
            client, "import sys, os; print('ipywidgets' in sys.modules, os.getcwd(), os.getpid())"
        )
        process = manager.provisioner.process
        assert f"True {tmp_path} {process.pid}" in text
        assert "jupyter.widget.control" in said(
            client, "import comm; print([*comm.get_comm_manager().targets])"
        )
        assert "ours.ipynb" in said(client, "print(os.environ['JPY_SESSION_NAME'])")
        reply = client.execute("import time; time.sleep(60)")
        time.sleep(0.5)
        manager.interrupt_kernel()
        content = client.get_shell_msg(timeout=WAIT)
        while content["parent_header"].get("msg_id") != reply:
            content = client.get_shell_msg(timeout=WAIT)
        assert content["content"]["ename"] == "KeyboardInterrupt"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert not manager.is_alive()
        manager.restart_kernel(now=True)
        client.wait_for_ready(timeout=WAIT)
        assert manager.provisioner.process.pid != process.pid and "3" in said(
            client, "print(1 + 2)"
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert not manager.is_alive()


def test_any_other_kernel_is_started_as_jupyter_does(tmp_path):
    manager, client = started(tmp_path, "other.ipynb")
    try:
        assert "False" in said(client, "import sys; print('ipywidgets' in sys.modules)")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
