import { useGet } from "../../api/useGet";
import { Panel, Shown } from "../../ui/parts";

interface Model {
  id: string;
  text: string;
}

const read = async (answer: Response): Promise<Model> => ({ id: (answer.headers.get("ETag") ?? "").replace(/^W\/|"/g, ""), text: await answer.text() });

/** The model that runs, as it was written. */
export function ModelPage() {
  const model = useGet("v1/model", 30_000, read);
  return (
    <Panel title={model.value?.id ?? "Model"} note="as the service read it">
      <Shown answer={model}>
        {({ text }) => (
          <pre class="yaml" tabIndex={0} aria-label="The model's YAML">
            {text.split("\n").map((line, i) => (
              <Line key={i} line={line} />
            ))}
          </pre>
        )}
      </Shown>
    </Panel>
  );
}

/** Keys and comments stand out; everything else is left as it is. */
function Line({ line }: { line: string }) {
  const [, indent, key, rest] = /^(\s*(?:- )?)([\w.*-]+:)?(.*)$/.exec(line)!;
  const comment = /(^|\s)#.*$/.exec(rest!);
  return (
    <code>
      {indent}
      {key && <span class="yaml-key">{key}</span>}
      {comment ? rest!.slice(0, comment.index) : rest}
      {comment && <span class="yaml-comment">{comment[0]}</span>}
      {"\n"}
    </code>
  );
}
