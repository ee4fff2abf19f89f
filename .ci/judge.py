"""Whether every document in a folder is valid OpenAPI 3.0."""

import json
import pathlib
import sys

from openapi_spec_validator import OpenAPIV30SpecValidator

documents = sorted(pathlib.Path(sys.argv[1]).glob("*.json"))
faulty = 0
for path in documents:
    document = json.loads(path.read_text())
    for fault in OpenAPIV30SpecValidator(document).iter_errors():
        faulty += 1
        place = "/".join(map(str, getattr(fault, "absolute_path", [])))
        print(f"{path.name}: /{place}: {fault.message if hasattr(fault, 'message') else fault}"[:500])
print(f"{len(documents)} documents, {faulty} faults")
sys.exit(0 if documents and not faulty else 1)
