"""What only Airflow needs: policy, alerts, assets, operators. `plugins/` is on the path of every Airflow component."""
