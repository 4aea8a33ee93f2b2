-- Runs once, when the server's volume is empty; the database and the user (with its password) come from the
-- container's environment. Text compares byte by byte, as in SQLite and in the lake.
ALTER DATABASE taxi CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin;

-- What loading months, swapping partitions and creating views need; no right on the server itself.
REVOKE ALL PRIVILEGES ON taxi.* FROM 'taxi'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW,
      CREATE TEMPORARY TABLES, LOCK TABLES ON taxi.* TO 'taxi'@'%';
