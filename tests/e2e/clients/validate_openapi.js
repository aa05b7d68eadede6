// Checks an OpenAPI document, on standard input, against the official JSON Schema of its version and the rules that no
// schema can say (unknown references, path parameters, operation ids that are not unique).
import SwaggerParser from "@apidevtools/swagger-parser";
import { readFileSync } from "node:fs";

const document = await SwaggerParser.validate(JSON.parse(readFileSync(0, "utf8")));
console.log(document.openapi);
