"""What the distribution `trunkline` holds. The version stands only here; importlib.metadata tells it."""

from pathlib import Path

from setuptools import find_packages, setup

ROOMS = ["api", "workers", "models", "providers"]

setup(
    name="trunkline",
    version="0.1.0",
    description="Connects people by phone and text without showing either the other's number, exactly once.",
    long_description=Path(__file__).with_name("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="MIT",
    license_files=["LICENSE"],
    author="Trunkline maintainers",
    python_requires=">=3.11",
    packages=find_packages(include=[*ROOMS, *(f"{room}.*" for room in ROOMS)]),
    py_modules=["trunkline"],
    # Migrations are read as files: they are no package.
    package_data={
        room: [f"**/*.{kind}" for kind in ("html", "txt", "jinja", "css", "js", "svg")] + ["migrations/*.py"]
        for room in ROOMS
    },
    install_requires=[
        line.partition("#")[0].strip()
        for line in Path(__file__).with_name("requirements.in").read_text(encoding="utf-8").splitlines()
        if line.partition("#")[0].strip() and not line.startswith("setuptools")
    ],
    # gunicorn uses its C parser when it is there: a third more requests a second, but it has no wheels.
    extras_require={"fast": ["gunicorn-h1c>=0.6"]},
    entry_points={"console_scripts": ["trunkline = trunkline:main"]},
    zip_safe=False,
)
