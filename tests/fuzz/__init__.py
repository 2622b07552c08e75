"""Coverage-guided fuzzing of what reads a peer's octets, and the corpus it starts from.

    targets    what must hold for any octets, one function each; they need no fuzzer
    corpus     the readable files in corpus/: real PDUs, one a type, and every hostile one known
    __main__   `python -m tests.fuzz TARGET --seconds 20`: atheris drives a target (extra `fuzz`)

Everyday pytest replays the corpus through the targets (test_targets.py).
"""
