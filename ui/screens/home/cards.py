"""The cards of the home page: one for each other page."""

CARDS = (
    (
        "synapses",
        "hub",
        "Set the weights yourself",
        "Four inputs, a bottleneck of two numbers, four outputs: set every weight by hand, or let it learn.",
    ),
    (
        "steps",
        "footprint",
        "Follow training, number by number",
        "Encode, decode, measure the error, backpropagate it, and move every weight a little.",
    ),
    (
        "pooling",
        "grid_on",
        "Pool and unpool",
        "Convolution, pooling, and the switches that remember where each maximum was.",
    ),
    (
        "train",
        "model_training",
        "Train one yourself",
        "Choose pictures and an autoencoder, press Train, and watch blurs turn into pictures.",
    ),
    (
        "race",
        "sports_score",
        "Compare several in a race",
        "Two to six networks, the same pictures, one chart: do nonlinearity, sparsity or depth help?",
    ),
    (
        "sweep",
        "tune",
        "Search for good settings",
        "Up to two hundred networks with different settings, hopeless ones stopped early: which settings matter?",
    ),
    (
        "data",
        "grid_view",
        "See what it learns from",
        "Digits, shapes, faces and clothes, or pictures and tables of your own.",
    ),
    (
        "noise",
        "grain",
        "Denoise pictures",
        "Noise, missing blocks, blur, or your own drawing: which network restores the picture?",
    ),
    (
        "features",
        "category",
        "Use the codes",
        "How well do simple classifiers do on codes, next to raw pixels and PCA?",
    ),
    (
        "runs",
        "stacked_line_chart",
        "Compare what you trained",
        "Every run is kept: open it again, compare loss curves, download the weights.",
    ),
    (
        "anomaly",
        "search_insights",
        "Find what does not belong",
        "A network that knows one kind of picture reconstructs others badly: the error becomes an alarm.",
    ),
    (
        "compression",
        "compress",
        "Send pictures as codes",
        "Is a code a good way to send a picture? Bytes against quality, beside JPEG, WebP and PCA.",
    ),
    (
        "latent",
        "bubble_chart",
        "Walk on the map of codes",
        "Every picture is a point; move between the points and see what the decoder paints there.",
    ),
    (
        "generate",
        "casino",
        "Make pictures up",
        "Draw codes that no picture ever had, decode them, and measure how real they look.",
    ),
    (
        "translate",
        "face_retouching_natural",
        "Add a smile",
        "Find a direction in the latent space and move a picture along it.",
    ),
    (
        "words",
        "match_word",
        "Learn from words",
        "An autoencoder of short texts places words that occur in similar texts near each other.",
    ),
    (
        "movies",
        "movie",
        "Rate films",
        "Rate a few films, and an autoencoder recommends others; it says why.",
    ),
    (
        "recommender",
        "recommend",
        "Train a recommender",
        "The same idea on a large table of ratings, measured against simpler models.",
    ),
    (
        "glossary",
        "dictionary",
        "Look a word up",
        "The terms of the field in plain English, each with the pages where you can see it.",
    ),
    (
        "tours",
        "tour",
        "Take a guided tour",
        "Six lessons of ten minutes lead through these pages, set the controls, and ask three questions each.",
    ),
    (
        "room",
        "groups",
        "Teach a class",
        "A class follows you from page to page, answers polls, asks, and trains along on one wall.",
    ),
    (
        "lecture",
        "checklist",
        "Prepare a lecture",
        "Ten minutes of reading, a check list that the app runs itself, and a sheet with QR codes to print.",
    ),
)
"""Page, symbol, what to do there, and what it shows."""
