"""The glossary's terms about autoencoders: their parts, and their kinds."""

from __future__ import annotations

from ui.widgets.glossary.term import Term

PARTS = {
    "autoencoder": Term(
        "Autoencoder", "A neural network that learns to reproduce its own input. On the way the input has to pass "
        "through a code, usually a narrow one, so that the network cannot just copy: it has to find out what matters.",
        ("home", "train"), r"y = g(f(x))", ("auto-encoder", "AE"),
    ),
    "encoder": Term(
        "Encoder", "The first half of an autoencoder. It turns an input, such as a picture, into a code.",
        ("home", "synapses"), r"z = f(x)",
    ),
    "decoder": Term(
        "Decoder", "The second half of an autoencoder. It turns a code back into a picture, and it has never seen "
        "the original.",
        ("home", "generate"), r"y = g(z)",
    ),
    "latent-code": Term(
        "Latent code", "The numbers that the encoder makes of one input: all that the decoder is told about it. "
        "Short: the code.",
        ("home", "latent"), "", ("code", "latent vector", "latent representation", "latents"),
    ),
    "latent-space": Term(
        "Latent space", "The space of all possible codes, with one dimension for each number of the code. Inputs "
        "that the network finds alike lie close together in it.",
        ("latent", "generate", "translate"), "", ("code space",),
    ),
    "bottleneck": Term(
        "Bottleneck", "The narrowest layer of a network, through which all information has to pass. In an "
        "undercomplete autoencoder it is the code.",
        ("home", "synapses", "train"),
    ),
    "reconstruction": Term(
        "Reconstruction", "What the decoder makes of the code of an input: the network's attempt to give the input "
        "back.",
        ("home", "train", "noise"), r"y = g(f(x))",
    ),
    "reconstruction-error": Term(
        "Reconstruction error", "How far a reconstruction is from its original. This app usually states it as the "
        "mean squared error per pixel.",
        ("train", "anomaly", "steps"), r"\frac{1}{D} \lVert x - y \rVert^2",
    ),
    "layer": Term(
        "Layer", "A row of units that work side by side. Each layer takes the numbers of the one before it and hands "
        "its own to the next.",
        ("synapses", "train"), r"h = \varphi(Wx + b)", ("dense layer", "fully connected layer"),
    ),
    "hidden-unit": Term(
        "Hidden unit", "One number that a network computes between its input and its output: a weighted sum of the "
        "numbers of the layer before, plus a bias, passed through an activation function.",
        ("synapses", "steps", "train"), r"h_j = \varphi\Bigl(\sum_i w_{ji} x_i + b_j\Bigr)",
        ("neuron", "node", "hidden node"),
    ),
    "weight": Term(
        "Weight", "The number by which a connection between two units multiplies what passes along it. Training "
        "changes the weights.",
        ("synapses", "steps"), "", ("synapse", "connection", "parameter"),
    ),
    "bias": Term(
        "Bias", "A number that a unit adds to its weighted sum, whatever the input is. Training changes it like a "
        "weight.",
        ("synapses", "steps"), "", ("offset",),
    ),
    "activation-function": Term(
        "Activation function", "A curve through which a unit passes its weighted sum. Without it, several layers "
        "could do no more than one.",
        ("train", "steps"), r"\mathrm{ReLU}(a) = \max(0, a), \quad \sigma(a) = \frac{1}{1 + e^{-a}}",
        ("ReLU", "sigmoid", "tanh", "GELU", "nonlinearity"),
    ),
    "embedding": Term(
        "Embedding", "A list of numbers that stands for a word, a film or another item, learned so that related "
        "items get similar numbers.",
        ("words", "movies"), "", ("word vector",),
    ),
    "one-hot": Term(
        "One-hot", "A way to write a word as numbers: a row of zeros with a single 1, at the place of this word in the "
        "vocabulary.",
        ("words",), "", ("one-hot encoding",),
    ),
    "bag-of-words": Term(
        "Bag of words", "A text as a row of numbers: 1 at the place of each word that occurs in it, 0 elsewhere. The "
        "order of the words is lost.",
        ("words",), "", ("bag", "vocabulary"),
    ),
    "identity-mapping": Term(
        "Identity mapping", "A network that returns every input unchanged. Its error is zero, but it has learned "
        "nothing about the data.",
        ("train", "synapses"), r"g(f(x)) = x \text{ for every } x", ("copying", "trivial solution"),
    ),
}  # fmt: skip

KINDS = {
    "undercomplete": Term(
        "Undercomplete autoencoder", "An autoencoder whose code has fewer numbers than the input, so that something "
        "has to be left out.",
        ("train", "home"), r"\dim z < \dim x",
    ),
    "overcomplete": Term(
        "Overcomplete autoencoder", "An autoencoder whose code has at least as many numbers as the input. Unless it "
        "is regularised it can learn to copy.",
        ("train", "race"), r"\dim z \geq \dim x",
    ),
    "sparse": Term(
        "Sparse autoencoder", "An autoencoder in which only a few units of the code are active for any one input, "
        "although the code may be wide.",
        ("train", "race"), "", ("sparsity", "sparse code"),
    ),
    "sparse-l1": Term(
        "L1 penalty", "A cost in proportion to the size of every activation. The cheapest codes are then mostly "
        "zeros.",
        ("train",), r"\lambda \sum_j |z_j|", ("lasso", "sparse (L1)"),
    ),
    "sparse-kl": Term(
        "KL sparsity penalty", "A cost for every unit whose average activation differs from a small target, for "
        "instance 0.05.",
        ("train",), r"\beta \sum_j \mathrm{KL}(\rho \,\Vert\, \hat\rho_j)", ("sparse (KL)", "target activation"),
    ),
    "k-sparse": Term(
        "k-sparse autoencoder", "An autoencoder that keeps only the k largest activations of its code and sets all "
        "others to zero.",
        ("train",), r"z = \mathrm{top}_k(Wx + b)", ("top-k",),
    ),
    "dropout": Term(
        "Dropout", "Setting a random share of the units to zero at every training step, so that no unit can rely on "
        "another. After training, all units take part.",
        ("train", "recommender"),
    ),
    "denoising": Term(
        "Denoising autoencoder", "An autoencoder that sees a corrupted input and has to return the clean one. Any "
        "kind of network can be trained in this way.",
        ("train", "noise"), r"\lVert x - g(f(\tilde x)) \rVert^2", ("DAE", "denoiser"),
    ),
    "corruption": Term(
        "Corruption", "A random change made to an input before the network sees it: pixels set to zero, added noise, "
        "blur. Several in a row form a chain of corruptions.",
        ("noise", "train"), r"\tilde x \sim q(\tilde x \mid x)", ("noise", "masking"),
    ),
    "contractive": Term(
        "Contractive autoencoder", "An autoencoder that pays for every code that moves when its input changes a "
        "little.",
        ("train",), r"\lambda \left\lVert \frac{\partial z}{\partial x} \right\rVert_F^2",
        ("Jacobian", "Frobenius norm"),
    ),
    "stacked": Term(
        "Stacked autoencoder", "Several autoencoders on top of one another: each learns to reconstruct the codes of "
        "the one below it.",
        ("train", "recommender"), "", ("deep autoencoder",),
    ),
    "pretraining": Term(
        "Greedy layer-wise pretraining", "Training the layers of a deep network one at a time, from the input "
        "upwards, before all of them are trained together.",
        ("train", "race"), "", ("layer by layer", "pretraining", "fine-tuning"),
    ),
    "rbm": Term(
        "Restricted Boltzmann machine (RBM)", "A network of visible and hidden units that learns how probable its "
        "inputs are. A stack of them can provide the first weights of a deep autoencoder.",
        ("train",), r"\Delta W \propto \langle v h \rangle_{\text{data}} - \langle v h \rangle_{\text{model}}",
        ("Boltzmann machine", "contrastive divergence"),
    ),
    "vae": Term(
        "Variational autoencoder (VAE)", "An autoencoder whose encoder answers with a small cloud of codes in place "
        "of a single point. The clouds are kept close to a known distribution, so that new codes can be drawn from "
        "it.",
        ("train", "generate"), r"q(z \mid x) = \mathcal{N}(\mu(x), \sigma(x)^2)", ("variational", "β-VAE"),
    ),
    "pca": Term(
        "Principal component analysis (PCA)", "The linear method that reconstructs best from a code of a given "
        "size. It is the baseline to which this app compares its networks.",
        ("train", "compression", "latent"), r"z = V^\top (x - \bar x)", ("principal components", "linear autoencoder"),
    ),
}  # fmt: skip
