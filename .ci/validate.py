"""Validates every document in a folder as OpenAPI 3.0. Prints all errors."""

import json
import pathlib
import sys

from openapi_spec_validator import OpenAPIV30SpecValidator

documents = sorted(pathlib.Path(sys.argv[1]).glob("*.json"))
errors = 0
for path in documents:
    document = json.loads(path.read_text())
    for error in OpenAPIV30SpecValidator(document).iter_errors():
        errors += 1
        location = "/".join(map(str, getattr(error, "absolute_path", [])))
        print(f"{path.name}: /{location}: {error.message if hasattr(error, 'message') else error}"[:500])
print(f"{len(documents)} documents, {errors} errors")
sys.exit(0 if documents and not errors else 1)
