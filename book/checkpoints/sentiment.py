"""Run the examples on movie reviews: `python book/checkpoints/sentiment.py` writes `sentiment.json` beside it.

Unit 12 shows these numbers. They take some minutes and need the reviews, which no machine has by itself; no
word of a review is stored. Each seed draws another split, other first weights, another order of the batches.
"""

import json
import platform
import tempfile
from pathlib import Path

import numpy as np

import dlkit
from dlkit.examples import sentiment_conv1d, sentiment_lstm

SEEDS = (0, 1, 2)


def main() -> None:
    """Train LSTM, Conv1D and the baseline for each seed; write their accuracies on the test snippets."""
    accuracies: dict[str, list[float]] = {"LSTM": [], "Conv1D": [], "bag of words": []}
    with tempfile.TemporaryDirectory() as folder:
        for seed in SEEDS:
            lstm = sentiment_lstm.run(Path(folder), seed=seed)
            conv = sentiment_conv1d.run(Path(folder), seed=seed)
            accuracies["LSTM"].append(lstm["test accuracy"])
            accuracies["Conv1D"].append(conv["test accuracy"])
            accuracies["bag of words"].append(lstm["test accuracy, bag of words"])
    provenance = {
        "command": "python book/checkpoints/sentiment.py",
        "seeds": SEEDS,
        "dlkit": dlkit.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "test accuracy": accuracies,
    }
    text = json.dumps(provenance, indent=2)
    Path(__file__).with_suffix(".json").write_text(f"{text}\n", "utf8")


if __name__ == "__main__":
    main()
