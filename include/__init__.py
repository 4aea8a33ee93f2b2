"""The platform's own code: plain Python that imports no Airflow."""
