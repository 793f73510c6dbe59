"""One measurement of one side, in a process of its own; prints one line of JSON.

    python case.py decode-8 --side peer --precision q8_0
"""

from __future__ import annotations

import argparse

from shapes import CASES, case_named


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", choices=[case.name for case in CASES])
    parser.add_argument("--side", choices=["luffy", "peer"], required=True)
    parser.add_argument("--precision", required=True)
    parser.add_argument("--repeats", type=int, default=1, help="measured runs after the warm-up")
    options = parser.parse_args()
    case = case_named(options.case)
    precisions = case.luffy_precisions if options.side == "luffy" else case.peer_precisions
    if options.precision not in precisions:
        parser.error(f"{options.side}'s precisions in {case.name}: {', '.join(precisions)}")
    arguments = (case, options.precision, options.repeats)
    if options.side == "luffy" or case.peer == "unshared":
        import luffy_side

        luffy_side.run(*arguments, shared=options.side == "luffy")
    elif case.peer == "PyTorch":
        import torch_side

        torch_side.run(*arguments)
    elif case.peer == "TRL":
        import trl_side

        trl_side.run(*arguments)
    else:
        import llama_side

        llama_side.run(*arguments)


if __name__ == "__main__":
    main()
