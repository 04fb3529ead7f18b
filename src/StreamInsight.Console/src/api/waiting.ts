/** Ends after a time, or when cancelled. */
export function delay(ms: number, cancel: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      cancel.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    cancel.addEventListener("abort", end);
  });
}

/** Ends when the page is looked at, or when cancelled: nothing is asked for a tab in the background. */
export function seen(cancel: AbortSignal): Promise<void> {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden && !cancel.aborted) return;
      document.removeEventListener("visibilitychange", look);
      cancel.removeEventListener("abort", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    cancel.addEventListener("abort", look);
  });
}
