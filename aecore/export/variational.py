"""The variational network: a mean and a variance for each number of the code."""

from __future__ import annotations

from aecore.export.cells import fill
from aecore.export.dense import DECODE
from aecore.export.layers import dense_chain
from aecore.export.network import FORWARD, Network, Words, start_at_mean, written_class
from aecore.export.subject import Subject

POSTERIOR = '''
    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The distribution q(z|x) of each example: mean and log variance, (B, $shape) -> (B, LATENT_SIZE) twice."""
        mean, log_variance = self.encoder(x.flatten(1))$full.chunk(2, dim=1)
        return mean, log_variance
'''

ENCODE = '''
    def encode(self, x: Tensor) -> Tensor:
        """The mean of q(z|x)."""
        return self.posterior(x)[0]
'''

LOSS = '''
    $precision
    def loss(self, $parameters, rng: torch.Generator) -> Tensor:
        """The negative lower bound of log p(x), in nats: a sum over numbers, a mean over examples."""
        $tosses
        mean, log_variance = self.posterior($noisy)
        noise = torch.randn(mean.shape, generator=rng, device=mean.device)
        z = mean + torch.exp(log_variance / 2) * noise  # a point of the cloud: the reparameterisation (section 2.4)
        logits = self.decoder(z)$full
        $likelihood
        # KL(q(z|x) || N(0, I)): how far the cloud is from the standard one (appendix B)
        divergence = (mean.square() + log_variance.exp() - 1 - log_variance).sum(1) / 2
        return reconstruction.mean() + BETA * divergence.mean()
'''

ONE_TOSS = """
    toss = torch.rand(x.shape, generator=rng, device=x.device)
    x = (toss < x).to(x.dtype)  # a coin for each pixel: its grey is the chance of white
"""

TWO_TOSSES = """
    toss = torch.rand(clean.shape, generator=rng, device=clean.device)
    noisy, clean = (toss < noisy).to(clean.dtype), (toss < clean).to(clean.dtype)  # a coin for each pixel
"""

BERNOULLI = """
    errors = F.binary_cross_entropy_with_logits(logits, $clean.flatten(1), reduction="none")
    reconstruction = errors.sum(1)  # -log p(x|z), each pixel a coin (eq. 11)
"""

GAUSSIAN = """
    y = $output
    errors = ($clean.flatten(1) - y).square() / (2 * SPREAD**2) + math.log(SPREAD * math.sqrt(2 * math.pi))
    reconstruction = errors.sum(1)  # -log p(x|z), each pixel Gaussian around y (eq. 12)
"""


def variational(subject: Subject) -> Network:
    """Encoder to means and log variances, decoder from a sample."""
    model, words = subject.model, Words(subject)
    inner = ["INPUTS", *model.widths]
    encoder = dense_chain("encoder", [*inner, "2 * LATENT_SIZE"], model.activation, "linear")
    decoder = dense_chain("decoder", ["LATENT_SIZE", *inner[::-1]], model.activation, "linear")
    decode = fill(DECODE, decoded=words.seen("self.decoder(z)"), range=", each the mean of p(x|z)", what=subject.what)
    methods = [
        POSTERIOR,
        ENCODE,
        decode,
        FORWARD,
        _loss(subject),
        start_at_mean(subject, decoder.weighted[-1] + ".bias"),
    ]
    is_gaussian = model.likelihood == "gaussian"
    names = ("latent_size", "beta", *(("spread",) if is_gaussian else ()))
    return Network(written_class(subject, (encoder, decoder), methods), names, draws=True, starts_at_mean=True)


def _loss(subject: Subject) -> str:
    model, words = subject.model, Words(subject)
    tosses = (TWO_TOSSES if subject.is_corrupted else ONE_TOSS) if model.binarise else ""
    if model.likelihood == "bernoulli":
        likelihood = fill(BERNOULLI, clean=words.clean)
    else:
        likelihood = fill(GAUSSIAN, clean=words.clean, output="torch.sigmoid(logits)" if words.is_sigmoid else "logits")
    return fill(LOSS, **words.values, tosses=fill(tosses) if tosses else "", likelihood=likelihood)
