#!/bin/sh
# The prediction service's own account: it reads the warehouse, and writes prediction_log and nothing else. Runs once,
# when the volume is empty; on an older volume: docker compose exec mysql sh /docker-entrypoint-initdb.d/20-serving.sh
# CREATE is granted because MySQL grants on a table that is not there yet only with it; migrations make the table.
set -eu
MYSQL_PWD="$MYSQL_ROOT_PASSWORD" mysql -u root <<SQL
CREATE USER IF NOT EXISTS 'serving'@'%' IDENTIFIED BY '$MYSQL_SERVING_PASSWORD';
GRANT SELECT ON taxi.* TO 'serving'@'%';
GRANT INSERT, UPDATE, DELETE, CREATE ON taxi.prediction_log TO 'serving'@'%';
SQL
