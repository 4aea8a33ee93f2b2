"""What the project adds to Airflow itself: operators, triggers and alerts, importable in every Airflow process."""
