"""What a trip is: months, columns, zones, calendar. Facts only, no I/O beyond the reference files beside this one."""
