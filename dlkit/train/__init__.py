"""Training: mini-batches, the loop, and what belongs around it, from splitting the data to checkpoints."""

from dlkit.train.augmentation import flip, noise, rotate, shift
from dlkit.train.checkpoint import load, save
from dlkit.train.delta_rule import sgd_epoch
from dlkit.train.metrics import accuracy, confusion_matrix, psnr
from dlkit.train.parameter_file import ParameterFile
from dlkit.train.polynomial import fit_polynomial, fold_errors
from dlkit.train.samples import Batches, Standardizer, k_fold, split
from dlkit.train.signals import gradient_norms
from dlkit.train.trainer import EarlyStopping, Trainer, predict

__all__ = [
    "Batches",
    "EarlyStopping",
    "ParameterFile",
    "Standardizer",
    "Trainer",
    "accuracy",
    "confusion_matrix",
    "fit_polynomial",
    "flip",
    "fold_errors",
    "gradient_norms",
    "k_fold",
    "load",
    "noise",
    "predict",
    "psnr",
    "rotate",
    "save",
    "sgd_epoch",
    "shift",
    "split",
]
