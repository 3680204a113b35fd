FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONPATH=/app \
    DATA_DIR=/data \
    WEB_HOST=0.0.0.0 \
    WEB_PORT=8080

WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/base.txt

# Compiled here, because the user below may not write beside the code.
COPY . .
RUN python -m compileall -q . \
 && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin assistant \
 && install --directory --owner assistant --mode 0700 /data

USER assistant
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD \
    ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"WEB_PORT\"]}/health', timeout=4)"]
CMD ["python", "-m", "bot", "run"]
