# Image of web server, worker and clock; which of them it is, the command says (docker-compose.yml).

FROM python:3.11.14-slim-bookworm AS packages
WORKDIR /build
COPY pyproject.toml requirements.lock ./
# uv first, by its own hash in the lock; it then installs what pyproject.toml asks for without the tools of developers,
# in the versions and with the hashes of the lock.
RUN sed -n '/^uv==/,/^    # via/p' requirements.lock > uv.lock \
 && pip install --no-cache-dir --require-hashes -r uv.lock \
 && python -m venv --without-pip /opt/portal/env \
 && uv pip install --no-cache --python /opt/portal/env/bin/python --require-hashes \
    --constraint requirements.lock --requirement pyproject.toml

FROM python:3.11.14-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
    fontconfig fonts-noto-cjk libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 portal \
 && useradd --uid 10001 --gid portal --no-create-home --home-dir /var/lib/portal --shell /usr/sbin/nologin portal \
 && install -d -o portal -g portal -m 0750 /var/lib/portal
COPY --from=packages /opt/portal/env /opt/portal/env
COPY . /opt/portal/app
WORKDIR /opt/portal/app
ENV PATH=/opt/portal/env/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PORTAL_ENV=production \
    PORTAL_VAR=/var/lib/portal
RUN for catalogue in locale/*/LC_MESSAGES/*.po; do \
      pybabel -q compile --input-file "$catalogue" --output-file "${catalogue%.po}.mo" || exit 1; \
    done
USER portal
VOLUME /var/lib/portal
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["python", "jinjiang_portal/deploy/healthcheck.py"]
CMD ["gunicorn", "--config", "jinjiang_portal/deploy/gunicorn_conf.py"]
