/** One reading of `/metrics`, the Prometheus text format. */
export class Metrics {
  readonly #series = new Map<string, { labels: Record<string, string>; value: number }[]>();

  constructor(text: string) {
    for (const line of text.split("\n")) {
      const parts = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
      if (!parts) continue;
      const labels: Record<string, string> = {};
      for (const [, name, value] of (parts[2] ?? "").matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g))
        labels[name!] = value!.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
      const family = this.#series.get(parts[1]!) ?? [];
      family.push({ labels, value: parts[3] === "+Inf" ? Infinity : Number(parts[3]) });
      this.#series.set(parts[1]!, family);
    }
  }

  has(name: string): boolean {
    return this.#series.has(name);
  }

  /** All series of a metric added up; 0 = there are none. */
  sum(name: string): number {
    return (this.#series.get(name) ?? []).reduce((sum, series) => sum + series.value, 0);
  }

  /** Values by one label, added up over the others. */
  by(name: string, label: string): Map<string, number> {
    const values = new Map<string, number>();
    for (const { labels, value } of this.#series.get(name) ?? []) {
      const key = labels[label] ?? "";
      values.set(key, (values.get(key) ?? 0) + value);
    }
    return values;
  }
}

/** The upper bound of the bucket that a quantile falls in, of what a histogram has counted between two readings; null = nothing. */
export function quantile(name: string, share: number, before: Metrics, now: Metrics): number | null {
  const earlier = before.by(`${name}_bucket`, "le");
  const buckets = [...now.by(`${name}_bucket`, "le")]
    .map(([bound, count]) => ({ bound: bound === "+Inf" ? Infinity : Number(bound), count: count - (earlier.get(bound) ?? 0) }))
    .sort((a, b) => a.bound - b.bound);
  const total = buckets.at(-1)?.count ?? 0;
  return total > 0 ? (buckets.find((bucket) => bucket.count >= share * total)?.bound ?? null) : null;
}
