"""Every model at work: ``python -m dlkit.examples.<name>`` trains it, prints what it reached, saves a figure.

logic_gates, two_layer_net, mlp, simple_conv_net, vgg16, resnet, srcnn, srgan, gan, sentiment_lstm,
sentiment_conv1d, char_rnn, transformer.

Each is one function `run`, whose arguments set the budget, and a table `STATED` of what it reaches at least
with the budget that is the default. Seeds are fixed; another version of NumPy or another processor can still
change the last digits.
"""
