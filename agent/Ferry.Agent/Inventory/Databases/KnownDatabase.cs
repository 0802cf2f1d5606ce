namespace Ferry.Agent.Inventory.Databases;

/// <summary>How a database server is recognised, and what brings it to rest.</summary>
/// <param name="Product">Its name.</param>
/// <param name="Processes">Names of its server's process as the kernel says them (at most 15 characters); one that ends in <c>*</c> is the beginning of a name.</param>
/// <param name="Programs">Paths of its server; <c>*</c> stands for one folder.</param>
/// <param name="Quiesce">What to do before the last pass of a copy.</param>
internal sealed record KnownDatabase(string Product, IReadOnlyList<string> Processes, IReadOnlyList<string> Programs, string Quiesce)
{
    /// <summary>Those that are looked for.</summary>
    public static readonly IReadOnlyList<KnownDatabase> All =
    [
        new("PostgreSQL", ["postgres", "postmaster"], ["/usr/lib/postgresql/*/bin/postgres", "/usr/pgsql-*/bin/postgres", "/usr/bin/postgres", "/usr/local/pgsql/bin/postgres"],
            "Stop it for the last pass (systemctl stop postgresql): its data then lies on the disk as a clean shutdown leaves it."),
        new("MySQL or MariaDB", ["mysqld", "mariadbd"], ["/usr/sbin/mysqld", "/usr/sbin/mariadbd", "/usr/libexec/mysqld", "/usr/libexec/mariadbd", "/usr/local/mysql/bin/mysqld"],
            "Stop it for the last pass, or hold FLUSH TABLES WITH READ LOCK; tables of MyISAM are damaged by a copy while they are written."),
        new("SQL Server", ["sqlservr"], ["/opt/mssql/bin/sqlservr"], "Stop it for the last pass (systemctl stop mssql-server)."),
        new("Oracle Database", ["ora_pmon_*", "db_pmon_*", "asm_pmon_*"], ["/etc/oratab", "/var/opt/oracle/oratab"],
            "Shut it down for the last pass (SHUTDOWN IMMEDIATE), or put it into backup mode; disks of ASM have to be captured together."),
        new("MongoDB", ["mongod"], ["/usr/bin/mongod", "/usr/local/bin/mongod"], "Stop it for the last pass, or hold db.fsyncLock()."),
    ];
}
