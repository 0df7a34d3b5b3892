"""`make oracle`: a million occurrences against brute force; one line of JSON at the end. 1 when two disagree.

Options: `--seed 7`, `--occurrences 100000`. All processors are used; a seed gives the same series on any machine.
Every change of every clock in 2000-2037 is among what is compared, however few occurrences are asked for.
"""

import argparse
import json
import multiprocessing
import sys
import time

from tests.oracle.comparing import Comparison, compare, everywhere

SHARES = 8  # parts of the work, each with a seed of its own
SHOWN = 20  # mismatches written out


def share(work: tuple[int, int, int]) -> Comparison:
    """One part of the work: which, of what seed, and how many occurrences at least."""
    part, seed, least = work
    return compare(seed * SHARES + part, everywhere(seed)[part::SHARES], least)


def main() -> int:
    """Compare, tell, and say whether all agreed."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--occurrences", type=int, default=1_000_000)
    chosen = parser.parse_args()
    began = time.monotonic()
    work = [(part, chosen.seed, -(-chosen.occurrences // SHARES)) for part in range(SHARES)]
    total = Comparison()
    with multiprocessing.Pool() as pool:
        for part in pool.imap_unordered(share, work):
            total.join(part)
            sys.stderr.write(
                f"{total.occurrences.total():,} occurrences, {len(total.mismatches)} mismatches\n"
            )
    for mismatch in total.mismatches[:SHOWN]:
        sys.stderr.write(f"{mismatch}\n")
    told = {
        "seed": chosen.seed,
        "occurrences": total.occurrences.total(),
        "by_frequency": dict(sorted(total.occurrences.items())),
        "series": total.series,
        "zones": len(total.zones),
        "transitions": len(total.transitions),
        "mismatches": len(total.mismatches),
        "seconds": round(time.monotonic() - began, 1),
    }
    sys.stdout.write(json.dumps(told) + "\n")
    return 1 if total.mismatches else 0


if __name__ == "__main__":
    sys.exit(main())
