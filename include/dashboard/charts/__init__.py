"""What all figures share: the dialect of ECharts is spoken here, and nowhere else."""
