# The app in a container: `docker build -t digit-parity .`, `docker run -p 8501:8501 digit-parity`.

# TensorFlow.js, bundled from npm by the lock file.
FROM node:22-slim AS bundle
WORKDIR /tfjs
COPY models/tfjs/package.json models/tfjs/package-lock.json models/tfjs/.npmrc ./
RUN npm ci --omit=dev
COPY models/tfjs/build.js models/tfjs/build_app.js ./
COPY models/tfjs/src ./src
COPY app /app
RUN node build.js && node build_app.js /app /frontend

FROM python:3.11-slim
# The user that Hugging Face Spaces runs as; nothing here belongs to it, so nothing can be changed.
RUN useradd --create-home --uid 1000 app
WORKDIR /srv/digit-parity
# The packages first: their layer, by far the largest, is kept until the lock file changes.
COPY requirements.txt ./
RUN pip install --no-cache-dir --no-compile --requirement requirements.txt
COPY .streamlit/config.toml ./.streamlit/
COPY streamlit_app.py ./
COPY models ./models
COPY app ./app
COPY --from=bundle /tfjs/dist ./models/tfjs/dist
COPY --from=bundle /frontend ./build/frontend
RUN python -B -m app.startup.set_up

USER 1000
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    STREAMLIT_SERVER_HEADLESS=true
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["python", "-c", \
    "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["streamlit", "run", "--server.address=0.0.0.0", "--server.port=8501"]
