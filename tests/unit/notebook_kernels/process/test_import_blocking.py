"""Modules that are not loaded before something of them is used."""

import sys

import pytest

from kjfp_helpers.notebook_kernels.process.import_blocking import deferred_modules

MODULE = "late_module"


@pytest.fixture
def module(tmp_path, monkeypatch):
    (tmp_path / f"{MODULE}.py").write_text(
        "def double(number):\n    return 2 * number\n\n\nSIZE = 3\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop(MODULE, None)


def test_a_function_imported_in_the_block_loads_its_module_when_it_is_called(module):
    with deferred_modules(MODULE):
        from late_module import double
    assert MODULE not in sys.modules
    assert double(4) == 8 and MODULE in sys.modules


def test_a_module_imported_in_the_block_is_the_real_one_afterwards(module):
    with deferred_modules(MODULE):
        import late_module
    assert MODULE not in sys.modules
    assert late_module.SIZE == 3 and late_module.double(2) == 4
    with pytest.raises(AttributeError):
        late_module.half(2)


def test_a_module_that_is_loaded_stays_as_it_is(module):
    import late_module

    with deferred_modules(MODULE):
        assert sys.modules[MODULE] is late_module
    assert sys.modules[MODULE] is late_module


def test_a_failed_import_leaves_no_deferred_module_behind(module):
    with pytest.raises(ZeroDivisionError), deferred_modules(MODULE):
        _ = 1 / 0
    import late_module

    assert late_module.SIZE == 3
