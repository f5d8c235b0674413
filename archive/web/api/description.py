"""The API's description (OpenAPI): refusals are problems, and a bearer token opens it."""

from typing import Any

from fastapi import FastAPI

from archive.web.problems import MEDIA_TYPE, Problem
from schemas.outputs import FieldFault

_FIRST_REFUSAL = 400
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "From “skills-archive token ACCOUNT”; shown once.",
}


class DescribedApp(FastAPI):
    """An application whose description tells how it refuses."""

    def openapi(self) -> dict[str, Any]:
        """Return the description, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = _completed(super().openapi())
        return self.openapi_schema


def _completed(described: dict[str, Any]) -> dict[str, Any]:
    """Say of each refusal that it is a problem; the framework knows only its own answer."""
    reference = "#/components/schemas/{model}"
    content = {MEDIA_TYPE: {"schema": {"$ref": reference.format(model="Problem")}}}
    for operations in described["paths"].values():
        for operation in operations.values():
            told = operation["description"].replace("``", "")
            operation["description"] = told
            operation["summary"] = told.partition("\n")[0].rstrip(".")
            operation["security"] = [{"bearer": []}, {}]
            for status, response in operation["responses"].items():
                if int(status) >= _FIRST_REFUSAL:
                    response["content"] = content
    components = described["components"]
    components["securitySchemes"] = {"bearer": _BEARER}
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    for model in (Problem, FieldFault):
        schema = model.model_json_schema(ref_template=reference)
        schema.pop("$defs", None)
        components["schemas"][model.__name__] = schema
    return described
