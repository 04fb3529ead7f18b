#!/usr/bin/env bash
# Workload W: the hand-written floor program and `streaminsight replay`, in turn, on the same file; a table with ratios.
#   bench/run.sh [ROUNDS=5] [EVENTS=2000000]
# Needs the .NET SDK and about 1 GB of space for W, which stays in ${TMPDIR:-/tmp}/streaminsight-bench for the next time.
set -euo pipefail
cd "$(dirname "$0")"
rounds="${1:-5}" events="${2:-2000000}"
work="${TMPDIR:-/tmp}/streaminsight-bench"
bench=StreamInsight.Bench/bin/Release/net10.0/StreamInsight.Bench
replay=../src/StreamInsight.Server/bin/Release/net10.0/streaminsight

echo "Building (Release) ..." >&2
dotnet build StreamInsight.Bench -c Release -v q --nologo >&2
dotnet build ../src/StreamInsight.Server -c Release -v q --nologo >&2

mkdir -p "$work"
if [ ! -s "$work/w-$events.jsonl" ]; then
    echo "Writing W: $events messages ..." >&2
    "$bench" generate "$work/part" "$events"
    mv "$work/part" "$work/w-$events.jsonl"
fi
if [ "$events" = 2000000 ]; then
    echo "9eda737150a49a388ab4caf08f239c9977b4291924496934f715ea6a93a1e1b1  $work/w-$events.jsonl" | sha256sum --check --quiet
fi

{
    echo "<!-- $(date -u +%F), $(git rev-parse --short HEAD), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg) before, median of $rounds -->"
    "$bench" compare "$work/w-$events.jsonl" "$replay" . "$rounds"
} | tee "$work/table.md"
echo "The table is in $work/table.md" >&2
