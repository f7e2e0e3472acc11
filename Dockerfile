# docker build -t pollbot .    docs/install.md leads through it
FROM python:3.13-slim AS built
WORKDIR /source
COPY requirements.lock ./
RUN python -m venv /opt/pollbot \
    && /opt/pollbot/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY src ./src
RUN /opt/pollbot/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
# Schedules and deadlines need the time zones; an image without them shall not come to be.
RUN python -c "import zoneinfo; zoneinfo.ZoneInfo('Europe/Berlin')" \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin pollbot \
    && install -d -o pollbot -g pollbot -m 0700 /data
COPY --from=built /opt/pollbot /opt/pollbot
ENV PATH=/opt/pollbot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    POLLBOT_DATABASE=/data/pollbot.db \
    POLLBOT_PORT=3000
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 3000
# 200 once the database writes, Slack is reached and the workers run.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['POLLBOT_PORT']}/healthz\", timeout=4)"]
# SIGTERM, Docker's own, lets pollbot finish what it accepted.
CMD ["pollbot", "serve"]
