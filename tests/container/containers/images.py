"""The images under test, and what they are made from where no registry can be asked."""

import os
import pathlib
import subprocess

from containers.compiler_cache import compiler_cache
from containers.engine import CACHE, REPOSITORY

HERE = pathlib.Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent


class Images:
    def __init__(self, engine):
        self._engine = engine
        self.base = self._make_base()
        engine.try_out(self.base)

    def _make_base(self):
        made = subprocess.run([HERE / "debian_root"], stdout=subprocess.PIPE, text=True, timeout=600, check=True)
        root = pathlib.Path(made.stdout.strip())
        name = f"{REPOSITORY}/debian:{root.stem}"
        if not self._engine.has_image(name):
            self._engine.run("import", "--change=CMD [\"bash\"]", root, name, timeout=300)
        return name

    def _build(self, name, folder, *arguments, **options):
        return self._engine.build(f"{REPOSITORY}/{name}", folder, f"--build-arg=BASE={self.base}", *arguments, **options)

    def relay(self):
        """From docker/Dockerfile; or the image that IMAGE_UNDER_TEST names a tar file of, if one is to be tested that exists."""
        if ready := os.environ.get("IMAGE_UNDER_TEST"):
            return self._engine.output("load", "--quiet", "--input", ready).rpartition(": ")[2]
        compiler = self._build("compiler", HERE / "compiler")
        with compiler_cache(CACHE / "image-ccache"):
            return self._build("relay", ROOT, f"--build-arg=BUILD_BASE={compiler}", dockerfile=ROOT / "docker" / "Dockerfile")

    def service(self, name):
        return self._build(name, ROOT / "docker" / name)

    def postgres(self):
        return self._build("postgres", HERE / "postgres")
