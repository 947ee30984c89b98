"""Figures: every function draws into the Axes that it is given, and returns them. Needs matplotlib.

Nothing here touches pyplot or its global state: style, fonts and backend stay as the caller has them, and a
figure made by `figure` can be saved, shown as the last line of a notebook's cell, or forgotten.
"""

from dlkit.plot.curves import activation_histograms, learning_curves, loss_surface
from dlkit.plot.figures import credit, figure
from dlkit.plot.matrices import attention_map, confusion_matrix, lstm_gates, pictures
from dlkit.plot.regions import decision_regions

__all__ = [
    "activation_histograms",
    "attention_map",
    "confusion_matrix",
    "credit",
    "decision_regions",
    "figure",
    "learning_curves",
    "loss_surface",
    "lstm_gates",
    "pictures",
]
