"""Every model at work: ``python -m dlkit.examples.<name>`` trains it, prints what it reached, saves a figure.

``python -m dlkit.examples`` lists the names. Each example is one function `run`, whose arguments set the
budget, and a table `STATED` of what it reaches at least with the default budget; where it does not, the
command says so and ends with code 1.

Seeds are fixed, and the numbers in the docstrings are those of one run with NumPy 2.4 and one thread on an
x86-64 processor. Elsewhere sums are added up in another order, and the last digits differ. The times are
those of one core.
"""

NAMES = (
    "logic_gates",
    "two_layer_net",
    "mlp",
    "simple_conv_net",
    "vgg16",
    "resnet",
    "srcnn",
    "gan",
    "srgan",
    "sentiment_lstm",
    "sentiment_conv1d",
    "char_rnn",
    "transformer",
)
