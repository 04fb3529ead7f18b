// kubernetes.mjs FILE.json: faults of Kubernetes objects (a JSON array). Each is validated by the JSON schema of its kind, and compiled as an object literal of the type
// of its kind: the schemas allow fields nobody knows, the compiler does not. One line a fault.
import { readFileSync, writeFileSync, rmSync } from 'node:fs';
import ts from 'typescript';

const objects = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const module = (apiVersion) =>
  apiVersion === 'monitoring.coreos.com/v1' ? '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1' : `kubernetes-models/${apiVersion}`;
const name = (object) => `${object.kind}/${object.metadata?.name}`;

let source = '';
const starts = [];
for (const [i, object] of objects.entries()) {
  let kinds = {};
  try {
    kinds = await import(module(object.apiVersion));
  } catch {
    // said below
  }
  if (!kinds[object.kind]) {
    console.log(`${name(object)}: there is no kind ${object.kind} in ${object.apiVersion}`);
    continue;
  }
  try {
    new kinds[object.kind](object).validate();
  } catch (error) {
    console.log(`${name(object)}: ${error.message}`);
  }
  starts.push([source.length, object]);
  source += `import type { I${object.kind} as T${i} } from ${JSON.stringify(module(object.apiVersion))};\nexport const o${i}: T${i} = ${JSON.stringify(object, null, 1)};\n`;
}

const file = new URL(`./check-${process.pid}.ts`, import.meta.url).pathname;
writeFileSync(file, source);
try {
  const program = ts.createProgram([file], {
    strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
  });
  for (const fault of ts.getPreEmitDiagnostics(program)) {
    const [, object] = starts.findLast(([start]) => start <= (fault.start ?? 0)) ?? [0, {}];
    console.log(`${name(object)}: ${ts.flattenDiagnosticMessageText(fault.messageText, ' ')}`);
  }
} finally {
  rmSync(file);
}
