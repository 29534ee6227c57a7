# The app: `docker build -t digit-parity .`, `docker run -p 8501:8501 digit-parity`.
# The command alone: `docker build --target command -t digit-parity-command .`,
# `docker run --rm -v "$PWD:/work" digit-parity-command verify --original model.h5`.
#
# Images are named by their digest, which a tag's owner cannot change. These were found in public
# files and not pulled where this was written; `docker buildx imagetools inspect python:3.13-slim`
# prints today's.

# TensorFlow.js, bundled from npm by the lock file.
FROM node:24-slim@sha256:a9f5f7c91a432850b2a8a7797adf5eadb6c733ceed61167806cee7ea7fbc29df AS bundle
WORKDIR /tfjs
COPY models/tfjs/package.json models/tfjs/package-lock.json models/tfjs/.npmrc ./
RUN npm ci --omit=dev
COPY models/tfjs/build.js models/tfjs/build_app.js models/tfjs/licences.js ./
COPY models/tfjs/src ./src
COPY app /app
RUN node build.js && node build_app.js /app /frontend

# What both images have in common.
FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS library
# The user that Hugging Face Spaces runs as; nothing here belongs to it, so nothing can be changed.
RUN useradd --create-home --uid 1000 app
WORKDIR /srv/digit-parity
# The packages first: their layer, by far the largest, is kept until the lock file changes.
COPY requirements.txt ./
COPY models/convert/stand_ins/wheels ./models/convert/stand_ins/wheels
RUN pip install --no-cache-dir --no-compile --requirement requirements.txt
COPY models ./models
COPY --from=bundle /tfjs/dist ./models/tfjs/dist
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

FROM library AS command
USER 1000
# Whoever runs it mounts a folder here. -P keeps a folder `models` in it from being imported.
WORKDIR /work
ENV PYTHONPATH=/srv/digit-parity
ENTRYPOINT ["python", "-P", "-m", "models"]
CMD ["--help"]

FROM library
COPY .streamlit/config.toml ./.streamlit/
COPY streamlit_app.py ./
COPY app ./app
COPY --from=bundle /frontend ./build/frontend
RUN python -B -m app.startup.set_up

USER 1000
ENV STREAMLIT_SERVER_HEADLESS=true
EXPOSE 8501
# Healthy is who reads a digit on the model that is shown first; TensorFlow loads before that.
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s CMD ["python", "-c", \
    "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/served/ready', timeout=4)"]
CMD ["streamlit", "run", "--server.address=0.0.0.0", "--server.port=8501"]
