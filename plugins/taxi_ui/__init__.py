"""Pages under Airflow's API server: what the home holds, and the services that run beside it."""
