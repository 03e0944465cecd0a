# docker build -t autoencoder-explorer .
# docker run -p 8501:8501 -v explorer:/data autoencoder-explorer
# behind a name of the internet: -e AECORE_HOSTS=app.example.org
# for one person: -e AECORE_SHARED=0; else runs and uploads belong to the browser that made them, earlier ones to the command line
FROM python:3.12-slim AS wheel
COPY . /src
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels /src

FROM python:3.12-slim
# torch for the CPU; for a GPU: --build-arg TORCH_INDEX=https://pypi.org/simple
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PYTHONUNBUFFERED=1
COPY requirements.txt /wheels/requirements.txt
RUN pip install --extra-index-url "$TORCH_INDEX" "$(grep '^torch==' /wheels/requirements.txt)"
RUN pip install -r /wheels/requirements.txt
COPY --from=wheel /wheels /wheels
RUN pip install --no-deps /wheels/autoencoder_explorer-*.whl
# further parts of the package, for instance --build-arg EXTRAS=cluster for the nodes of deploy/compose.yaml
ARG EXTRAS
RUN test -z "$EXTRAS" || pip install "$(echo /wheels/autoencoder_explorer-*.whl)[$EXTRAS]"

# What people make (runs, uploads, profiles) and what is downloaded lies in one volume and outlives the container.
RUN useradd --create-home --uid 1000 explorer && mkdir -p /data && chown explorer:explorer /data
ENV AECORE_HOME=/data/home AECORE_DATA=/data/sets
VOLUME /data
USER explorer
WORKDIR /home/explorer
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD python -c "import urllib.request as web; web.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=8)"
CMD ["autoencoder-explorer", "--port", "8501", "--server.address", "0.0.0.0"]
