r"""Convolution with 3 x 3 kernels, stride 1, in a quarter of the multiplications: Winograd's F(4 x 4, 3 x 3).

Polynomials can be multiplied by way of their values at enough points, and a correlation is the transpose of
such a product. So four neighbours y of an output, with a kernel g of three taps, take six multiplications
instead of twelve:

.. math:: y = A^T \bigl[ (G g) \odot (B^T d) \bigr]

for six neighbours d of the input. The rows of A and G are the powers of a point, as many as y and g have
entries; :math:`B^T` is the inverse, transposed, of the square matrix of powers. Along both axes of an image,
a tile of 4 x 4 outputs takes 36 multiplications instead of 144. Channels are summed between the transforms,
which makes 36 matrix products over all tiles, one for each place (a, b):

.. math:: V = B^T d B, \quad U = G g G^T, \quad M = U V, \quad y = A^T M A

The way back is the transpose of each step:

.. math::

    dM = A\, dy\, A^T, \quad dU = dM\, V^T, \quad dV = U^T dM, \quad dg = G^T dU\, G, \quad dx = B\, dV B^T

A band of tiles, a row of them through several images, is transformed by one product along the width and one
along the height. Each also transposes, so that the channels, outside in an image, come out inside, as the 36
products need them. Of a band only V is held longer, for the way back: for the batch 36 / 16 of its input. In
float32 the error is about 2e-6 of the largest value.

Sources: Winograd, Arithmetic Complexity of Computations (1980); Lavin and Gray, Fast Algorithms for
Convolutional Neural Networks (2016); for the points, Barabasz, Anderson, Soodhalter and Gregg, Error Analysis
and Improving the Accuracy of Winograd Convolution for Deep Neural Networks (2020).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from dlkit.typing import Array

TILE, PLACES = 4, 6  # along one axis: entries of a tile of the output, of the input that it meets
POINTS = (0, -1, 1, 1 / 2, -2)  # and infinity, where the last coefficient is the value
BAND = 224  # tiles in a band: enough for efficient products, few enough for the cache


def powers(count: int) -> Array:
    """Matrix (6, count): the values at the points of a polynomial with so many coefficients."""
    return np.vstack([np.vander(POINTS, count, increasing=True), np.eye(count)[-1]])


# A factor may go from G to B; this one makes B's entries multiples of 1/2, which float32 holds exactly.
FACTORS = np.array([[np.prod([p - q for q in POINTS if q != p])] for p in POINTS] + [[1.0]])
A, G, B = powers(TILE), powers(3) / FACTORS, np.linalg.inv(powers(PLACES)).T * FACTORS
GG = np.kron(G, G)  # both axes of a kernel at once


def pays(x_shape: tuple[int, ...], W_shape: tuple[int, ...], size: tuple[int, ...]) -> bool:
    """Whether a batch has tiles enough, and forward and backward take fewer multiplications this way.

    Those of the transforms count twice: their matrices are small, and so are slower by about that.
    """
    (N, C, _, width), F, (OH, OW) = x_shape, W_shape[0], size
    rows, columns = -(-OH // TILE), -(-OW // TILE)
    transforms = 3 * C * PLACES**2 * (width + PLACES) + 2 * F * PLACES * TILE * (OW + PLACES)
    ours = rows * columns * (3 * C * F * PLACES**2 + 2 * transforms)
    return W_shape[2:] == (3, 3) and N * columns >= 32 and ours < 3 * C * F * 9 * OH * OW


class Bands:
    """The bands of tiles of a batch x (N, C, H, W), and the transforms of a band.

    Along the width the matrices of a tile repeat: `A_wide` (6 tiles, OW), `B_wide` (6 tiles, W).
    """

    def __init__(self, x: Array, padding: Any, dtype: Any) -> None:
        self.N, _, self.H, width = x.shape
        self.above, left = padding
        self.OH, self.OW = self.H + 2 * self.above - 2, width + 2 * left - 2
        tiles = -(-self.OW // TILE)
        self.images = max(1, BAND // tiles)
        self.A, self.B = A.astype(dtype), B.astype(dtype)
        self.A_wide = repeat(self.A, tiles, 0, self.OW)
        self.B_wide = repeat(self.B, tiles, left, width)

    def __iter__(self) -> Iterator[tuple[slice, int, int]]:
        """Images of each band, its first row in x (negative in the padding) and in y."""
        for n in range(0, self.N, self.images):
            for top in range(0, self.OH, TILE):
                yield slice(n, n + self.images), top - self.above, top


def repeat(matrix: Array, tiles: int, padding: int, size: int) -> Array:
    """Matrix (6 tiles, size) of a matrix (6, k) that moves on by 4 columns with every tile."""
    k = matrix.shape[1]
    wide = np.zeros((PLACES, tiles, TILE * (tiles - 1) + k), matrix.dtype)
    for t in range(tiles):
        wide[:, t, TILE * t : TILE * t + k] = matrix
    return wide[:, :, padding : padding + size].reshape(PLACES * tiles, size)


def split(x: Array, first: int, high: Array, wide: Array) -> Array:
    """For each of the 36 places a matrix (tiles, C), from as many rows of x as `high` (6, k) has columns."""
    (N, C, H, width), k = x.shape, high.shape[1]
    band = np.zeros((N, C, k, width), high.dtype)  # 0 beyond the first and the last row
    band[:, :, inside(first, k, H, first)] = x[:, :, inside(first, k, H)]
    across = wide @ band.reshape(N * C * k, width).T
    places: Array = high @ across.reshape(-1, k).T
    return places.reshape(PLACES**2, -1, C)


def join(places: Array, high: Array, wide: Array, N: int) -> Array:
    """The transpose of `split`: a band (N, C, k, width)."""
    down = places.reshape(PLACES, -1).T @ high
    k, width = high.shape[1], wide.shape[1]
    band: Array = down.reshape(len(wide), -1).T @ wide
    return band.reshape(N, -1, k, width)


def inside(first: int, count: int, size: int, origin: int = 0) -> slice:
    """Those of `count` rows from `first` on that an image of `size` rows has, counted from `origin`."""
    return slice(max(first, 0) - origin, min(first + count, size) - origin)


def transformed(W: Array, dtype: Any) -> Array:
    """U: for each of the 36 places a matrix (F, C)."""
    F, C = W.shape[:2]
    U: Array = GG.astype(dtype) @ W.reshape(F * C, 9).T.astype(dtype)
    return U.reshape(PLACES**2, F, C)


def forward(x: Array, W: Array, b: Array, padding: Any, dtype: Any) -> tuple[Array, list[Array]]:
    """Output (N, F, OH, OW) for x (N, C, H, W), kernels W (F, C, 3, 3) and biases b (F,); V of each band."""
    bands, U = Bands(x, padding, dtype), transformed(W, dtype).swapaxes(1, 2)
    y = np.empty((len(x), len(W), bands.OH, bands.OW), dtype)
    kept = []
    for n, first, top in bands:
        V = split(x[n], first, bands.B, bands.B_wide)
        kept.append(V)
        rows = y[n, :, top : top + TILE]
        band = join(V @ U, bands.A, bands.A_wide, len(rows))
        np.add(band[:, :, : rows.shape[2]], b[:, np.newaxis, np.newaxis], out=rows)
    return y, kept


def backward(
    x: Array, W: Array, dy: Array, padding: Any, input_gradient: bool, kept: list[Array]
) -> tuple[Array, Any]:
    """Gradients for W and for x, the latter None unless asked for; dy has the shape of the output.

    kept: V of each band, from `forward`.
    """
    dtype = np.result_type(x, W, dy)
    bands, U = Bands(x, padding, dtype), transformed(W, dtype)
    dU = np.zeros_like(U)
    dx = np.zeros(x.shape, np.result_type(W, dy)) if input_gradient else None
    for (n, first, top), V in zip(bands, kept, strict=True):
        dM = split(dy[n], top, bands.A, bands.A_wide)
        dU += dM.swapaxes(1, 2) @ V
        if dx is not None:
            rows = inside(first, PLACES, bands.H)
            band = join(dM @ U, bands.B, bands.B_wide, len(dx[n]))
            dx[n, :, rows] += band[:, :, inside(first, PLACES, bands.H, first)]
    dW = (dU.reshape(PLACES**2, -1).T @ GG.astype(dtype)).reshape(W.shape)
    return dW.astype(np.result_type(x, dy), copy=False), dx
