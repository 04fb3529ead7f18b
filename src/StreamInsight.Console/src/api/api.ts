import { Store } from "../store";
import { key, keyRefused } from "./key";

/** An answer that is none: RFC 9457 problem details, or no answer at all (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly waitMs = 0,
  ) {
    super(`${title} ${detail}`);
  }

  /** This service does not offer what was asked for; asking again is of no use. */
  get isAbsent(): boolean {
    return this.status === 501 || (this.status === 404 && this.title === "There is nothing here.");
  }
}

/** False = the last request got no answer. */
export const isReached = new Store(true);

/** Sends a GET with the key. Fails with a `Problem`, or with an `AbortError` when cancelled. */
export async function ask(path: string, cancel: AbortSignal, headers: Record<string, string> = {}): Promise<Response> {
  const carried = key.value;
  if (carried) headers = { ...headers, Authorization: `Bearer ${carried}` };
  let answer: Response;
  try {
    // Without credentials: else a browser answers 401 with a dialog of its own.
    answer = await fetch(new URL(path, document.baseURI), { headers, signal: cancel, credentials: "omit", cache: "no-store" });
  } catch (error) {
    if (cancel.aborted) throw error;
    isReached.value = false;
    throw new Problem(0, "The service does not answer.", "It is asked again until it does.");
  }
  isReached.value = true;
  // A health that is not good is an answer too, with 503; what went wrong is problem+json.
  if (answer.ok || answer.headers.get("Content-Type") === "application/json") return answer;
  if (answer.status === 401 && carried === key.value) keyRefused.value = true;
  throw await problemOf(answer);
}

export async function getJson<T>(path: string, cancel: AbortSignal): Promise<T> {
  return (await (await ask(path, cancel)).json()) as T;
}

async function problemOf(answer: Response): Promise<Problem> {
  const waitMs = 1000 * Number(answer.headers.get("Retry-After") ?? 0) || 0;
  try {
    const body: unknown = await answer.json();
    if (typeof body === "object" && body !== null && "title" in body && "detail" in body)
      return new Problem(answer.status, String(body.title), String(body.detail), waitMs);
  } catch {
    // no problem details: a proxy between us and the service
  }
  return new Problem(answer.status, `The service answered ${answer.status}.`, answer.statusText, waitMs);
}
