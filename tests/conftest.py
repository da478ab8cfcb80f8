"""What every test stands on: a data folder of its own, the real files of ../shared, the national pack."""

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings as hypothesis_settings

ROOT = Path(__file__).parents[1]
# The exit code of scripts/with-postgres where none is installed.
NO_POSTGRES = 69
# So that its assertions say what they saw.
pytest.register_assert_rewrite("tests.browser")

# The same examples each time, and no deadline: the first call of a compiled loop takes seconds.
hypothesis_settings.register_profile("project", derandomize=True, deadline=None)
hypothesis_settings.load_profile("project")


@pytest.fixture(scope="session", autouse=True)
def _nobodys_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRD_ACCESS_DATA", str(tmp_path_factory.mktemp("data")))
        for setting in ("TRD_ACCESS_MIRROR", "TRD_ACCESS_STORE", "TRD_ACCESS_AUTHOR", "TRD_ACCESS_KEEPER"):
            patch.delenv(setting, raising=False)
        yield


@pytest.fixture(autouse=True)
def _own_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRD_ACCESS_DATA", str(tmp_path / "trd-access-data"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real files beside the checkout (or `TRD_SHARED`); without them a test is skipped, in CI failed."""
    folder = Path(os.environ.get("TRD_SHARED") or ROOT.parent / "shared")
    if (folder / "mirror").is_dir():
        return folder
    reason = f"needs the real files of {folder}, which is not there"
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; CI must have it", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def osrm() -> None:
    """OSRM's engine (the extra `roads`); without it a test is skipped, in CI failed."""
    if find_spec("osrm") and find_spec("osmium"):
        return
    if os.environ.get("CI") and sys.version_info >= (3, 12):
        pytest.fail("needs osrm-bindings, which is not installed; CI must have it", pytrace=False)
    pytest.skip("needs osrm-bindings: pip install trd-access[roads], with Python 3.12 or newer")


@pytest.fixture(scope="session")
def national_pack_folder(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`us-2020` by tract, built once a run, to be read only; its parent can be `TRD_ACCESS_DATA`."""
    from access.places.national_pack import build_national

    base = tmp_path_factory.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = run / "national" / "us-2020"
    with FileLock(run / "national.lock"):
        if not (folder / "manifest.json").is_file():
            build_national(origin="tract", mirror=str(shared / "mirror"), folder=folder)
    return folder


@pytest.fixture(scope="session")
def starter_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app as it is first started: with nothing but what ships. One for all tests of a worker."""
    from tests.browser import running_app

    with running_app(TRD_ACCESS_DATA=str(tmp_path_factory.mktemp("empty")), TRD_ACCESS_PACK="starter") as address:
        yield address


@pytest.fixture(scope="session")
def national_app(national_pack_folder: Path) -> Iterator[str]:
    """The address of the app on the national pack. One for all tests of a worker."""
    from tests.browser import running_app

    with running_app(TRD_ACCESS_DATA=str(national_pack_folder.parent), TRD_ACCESS_PACK="us-2020") as address:
        yield address


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server; one of our own unless `TRD_ACCESS_TEST_POSTGRES` names one."""
    if given := os.environ.get("TRD_ACCESS_TEST_POSTGRES"):
        yield given
        return
    # The server stands until the shell beside it reads the end of its input, however these tests end.
    command = [str(ROOT / "scripts" / "with-postgres"), "sh", "-c", 'echo "$TRD_ACCESS_TEST_POSTGRES"; cat']
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as beside:
        assert beside.stdin is not None
        assert beside.stdout is not None
        url = beside.stdout.readline().strip()
        if url:
            yield url
        elif beside.wait() == NO_POSTGRES and not os.environ.get("CI"):
            pytest.skip("needs PostgreSQL; on Debian: apt-get install postgresql")
        else:
            pytest.fail("PostgreSQL did not start; CI must have it", pytrace=False)
        beside.stdin.close()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of an empty schema on PostgreSQL, gone after the test."""
    from sqlalchemy import NullPool, create_engine, make_url
    from sqlalchemy.schema import CreateSchema, DropSchema

    server, name = make_url(postgres_server).set(drivername="postgresql+psycopg"), f"trd_{uuid.uuid4().hex}"
    engine = create_engine(server, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(CreateSchema(name))
    own = server.set(drivername="postgresql").update_query_dict({"options": f"-csearch_path={name}"})
    yield own.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(DropSchema(name, cascade=True))


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store, in turn on either database."""
    if request.param == "sqlite":
        return str(tmp_path / "store.sqlite")
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs the command as the shell does; gives its exit code, stdout and stderr."""

    from access.cli import main

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["trd-access", *arguments])
        monkeypatch.setenv("COLUMNS", "200")
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        else:
            code = 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def national(monkeypatch: pytest.MonkeyPatch, national_pack_folder: Path) -> str:
    monkeypatch.setenv("TRD_ACCESS_DATA", str(national_pack_folder.parent))
    return national_pack_folder.name
