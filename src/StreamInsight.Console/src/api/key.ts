import { Store } from "../store";

const place = "streaminsight.key";

/** The key that requests carry; null = none. It lives in this tab only, and ends with it. */
export const key = new Store<string | null>(sessionStorage.getItem(place));

/** A request was refused for want of a key, or because of it. */
export const keyRefused = new Store(false);

export function useKey(next: string | null): void {
  if (next) sessionStorage.setItem(place, next);
  else sessionStorage.removeItem(place);
  keyRefused.value = false;
  key.value = next;
}

/** Ends when somebody gives another key, or the reader leaves. */
export function otherKey(cancel: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      stop();
      resolve();
    };
    const stop = key.follow(end);
    cancel.addEventListener("abort", end, { once: true });
  });
}
