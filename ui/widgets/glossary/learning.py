"""The glossary's terms about training, variational autoencoders and convolutions."""

from __future__ import annotations

from ui.widgets.glossary.term import Term

TRAINING = {
    "loss": Term(
        "Loss", "The number that training makes small: the reconstruction error plus any penalties.",
        ("train", "race"), "", ("cost", "objective", "loss function"),
    ),
    "mse": Term(
        "Mean squared error (MSE)", "The average of the squared differences between the pixels of two pictures.",
        ("train", "runs", "compression"), r"\frac{1}{D} \sum_{i=1}^{D} (x_i - y_i)^2", ("squared error",),
    ),
    "cross-entropy": Term(
        "Cross-entropy", "A loss for probabilities. It is small if the network gives a high probability to what is "
        "in fact the case.",
        ("train", "synapses"), r"-\sum_i \bigl[x_i \log y_i + (1 - x_i) \log(1 - y_i)\bigr]", ("BCE", "log loss"),
    ),
    "softmax": Term(
        "Softmax", "A function that turns any list of numbers into shares that add up to 1; larger numbers get "
        "larger shares.",
        ("synapses",), r"p_i = \frac{e^{o_i / T}}{\sum_j e^{o_j / T}}", ("temperature", "arg max"),
    ),
    "gradient": Term(
        "Gradient", "For every weight, how much the loss would change if this weight grew a little. Training steps "
        "go against it.",
        ("steps", "synapses"), r"\nabla_w L", ("derivative", "slope"),
    ),
    "backpropagation": Term(
        "Backpropagation", "The method that computes all gradients of a network. It starts at the error of the "
        "output and works back, layer by layer.",
        ("steps",), r"\frac{\partial L}{\partial W_k} = \delta_k h_{k-1}^\top", ("backprop", "chain rule"),
    ),
    "sgd": Term(
        "Stochastic gradient descent (SGD)", "The basic rule of training: compute the gradient on one example or a "
        "small batch, move every weight a little against it, repeat.",
        ("steps", "synapses", "train"), r"w \leftarrow w - \eta \nabla_w L",
        ("gradient descent", "optimiser", "online learning", "momentum"),
    ),
    "adam": Term(
        "Adam", "A variant of SGD that adapts the size of the step to each weight, by running averages of the "
        "gradient and of its square.",
        ("train",), "", ("AdamW", "optimiser"),
    ),
    "learning-rate": Term(
        "Learning rate", "How large a step training takes against the gradient. If it is too large the loss jumps "
        "about; if it is too small, training crawls.",
        ("steps", "train"), r"\eta", ("step size", "schedule"),
    ),
    "epoch": Term(
        "Epoch", "One pass of training over all training examples.",
        ("train", "steps"),
    ),
    "batch": Term(
        "Batch", "The examples whose gradients are added up or averaged for one step of training.",
        ("train", "steps"), "", ("mini-batch", "batch size"),
    ),
    "weight-decay": Term(
        "Weight decay", "Pulling every weight a little towards zero at each step, which keeps a network from relying "
        "on extreme weights.",
        ("train", "recommender"), "", ("L2 regularisation", "regularise"),
    ),
    "overfitting": Term(
        "Overfitting", "Becoming better on the training examples while becoming worse on new ones: the network has "
        "begun to learn details that do not carry over.",
        ("train", "recommender"), "", ("overtraining", "generalisation"),
    ),
    "memorisation": Term(
        "Memorisation", "Storing training examples in place of what they have in common. The reconstruction of "
        "a memorised picture is good, that of a new one is not.",
        ("train", "generate"), "", ("memorization",),
    ),
    "test-set": Term(
        "Training, validation and test set", "The network learns from the training set. The validation set shows "
        "during training how it does on new examples. Nothing is learned from the test set or chosen by it: it gives "
        "the final figures.",
        ("data", "train"), "", ("split", "held-out data", "validation set"),
    ),
    "random-seed": Term(
        "Random seed", "The number from which all random draws of a run begin. The same seed and the same settings "
        "give the same run.",
        ("train", "race", "noise"), "", ("seed",),
    ),
    "sweep": Term(
        "Sweep", "Training the same kind of network many times with different settings, to see which of them lead to a "
        "small error.",
        ("sweep",), "", ("hyperparameter search", "hyperparameter tuning"),
    ),
    "grid-search": Term(
        "Grid search", "A sweep that tries every combination of some values. With each further setting, the number of "
        "runs is multiplied.",
        ("sweep",), "", ("grid",),
    ),
    "random-search": Term(
        "Random search", "A sweep whose settings are drawn at random. It tries more different values of each setting "
        "than a grid of as many runs, which helps where only a few settings matter.",
        ("sweep",), "", ("Bergstra and Bengio",),
    ),
    "successive-halving": Term(
        "Successive halving", "Training many networks for a short time, going on with the best of them only, and so "
        "on: most of the time goes to those that promise most. ASHA decides for each run as soon as it arrives at a "
        "check, so that none waits for others.",
        ("sweep",), "", ("ASHA", "early stopping", "Hyperband"),
    ),
    "snapshot": Term(
        "Snapshot", "What the network made of the same test pictures at one moment of training. Together the "
        "snapshots show how it learned.",
        ("train", "latent"),
    ),
    "dead-unit": Term(
        "Dead unit", "A unit that is active for none of the examples. It takes up room but contributes nothing.",
        ("train",), "", ("inactive unit", "dying ReLU"),
    ),
    "top-activations": Term(
        "Top activations", "The units of a code that are farthest from their usual activations for one example. "
        "What they contribute shows what the picture is made of.",
        ("train",), "", ("unit contribution",),
    ),
    "experiment-tracker": Term(
        "Experiment tracker", "A program that collects settings, curves and results of many trainings, so that they "
        "can be compared later. MLflow and TensorBoard are two of them.",
        ("train", "runs"), "", ("MLflow", "TensorBoard", "logging"),
    ),
    "model-card": Term(
        "Model card", "A page of text that goes with a trained model: what it is, what it has learned from, how well "
        "it does on the test set, and what it is not for.",
        ("train", "runs"), "", ("README",),
    ),
    "safetensors": Term(
        "Safetensors", "A format of files for the weights of a network: named tables of numbers and nothing else, so "
        "that opening one cannot run a program.",
        ("train", "runs"), "", ("weights file",),
    ),
}  # fmt: skip

VARIATIONAL = {
    "prior": Term(
        "Prior", "The distribution that codes are supposed to follow, chosen before training; here the standard "
        "normal.",
        ("generate", "train"), r"p(z) = \mathcal{N}(0, I)", ("standard normal",),
    ),
    "kl-divergence": Term(
        "Kullback–Leibler divergence (KL)", "How much one distribution differs from another. In a variational "
        "autoencoder it is the price of codes that stray from the prior.",
        ("train",), r"\mathrm{KL}(q \,\Vert\, p) = \mathbb{E}_q\left[\log \frac{q(z)}{p(z)}\right]",
        ("KL divergence", "relative entropy"),
    ),
    "elbo": Term(
        "Evidence lower bound (ELBO)", "What a variational autoencoder makes large: it rewards good reconstructions "
        "and charges for codes far from the prior. It is never more than the log-probability of the data.",
        ("train",), r"\mathbb{E}_{q(z \mid x)}[\log p(x \mid z)] - \mathrm{KL}(q(z \mid x) \,\Vert\, p(z))",
        ("variational bound",),
    ),
    "reparametrisation": Term(
        "Reparametrisation", "Writing a random code as a mean plus noise times a spread, so that gradients can pass "
        "through the mean and the spread.",
        ("train",), r"z = \mu + \sigma \odot \varepsilon, \quad \varepsilon \sim \mathcal{N}(0, I)",
        ("reparameterization trick",),
    ),
}  # fmt: skip

CONVOLUTIONS = {
    "convolution": Term(
        "Convolution", "A small table of weights slides over a picture. At every place it multiplies the pixels "
        "below it by its weights and adds them up.",
        ("pooling", "train"), r"(w * x)_{ij} = \sum_{a, b} w_{ab}\, x_{i+a,\, j+b}", ("convolutional network", "CNN"),
    ),
    "kernel": Term(
        "Kernel", "The small table of weights of a convolution, for instance 3 × 3. It answers strongly where the "
        "picture looks like it.",
        ("pooling", "train"), "", ("filter",),
    ),
    "stride": Term(
        "Stride", "How many pixels a kernel or a window moves from one place to the next. A stride of 2 halves the "
        "sides of the picture.",
        ("pooling", "train"),
    ),
    "padding": Term(
        "Padding", "A frame of zeros around a picture, so that a kernel has a place for every pixel, those at the "
        "edge included.",
        ("pooling",), "", ("zero padding",),
    ),
    "pooling": Term(
        "Pooling", "Replacing each small window of a map by one number: its largest (max pooling) or its mean. The "
        "map shrinks, and small shifts matter less.",
        ("pooling",), r"p = \max(x_1, x_2, x_3, x_4)", ("max pooling", "subsampling"),
    ),
    "switches": Term(
        "Switches", "The places at which max pooling found its maxima, kept so that unpooling can put each value "
        "back where it was.",
        ("pooling",), "", ("pooling indices",),
    ),
    "unpooling": Term(
        "Unpooling", "The way back from a pooled map to the larger one. With switches each value returns to its "
        "place; without them it is repeated or put in a corner.",
        ("pooling",), "", ("upsampling",),
    ),
    "transposed-convolution": Term(
        "Transposed convolution", "Laying down the kernel once for every value, multiplied by that value, and adding "
        "up where copies overlap. It enlarges a map; it does not undo a convolution.",
        ("pooling",), "", ("deconvolution",),
    ),
}  # fmt: skip
