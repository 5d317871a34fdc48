using System.Globalization;
using System.Text.Json;
using SQLitePCL;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Benchmarks.Witness;

/// <summary>
/// The least that a first report can cost: its JSON read token by token, each snapshot inserted by one prepared
/// statement into a table like ours, one transaction per host. Nothing is checked, compared or answered.
/// </summary>
internal static class BareIntake
{
    public static TimeSpan Run(GeneratedFleet fleet, int hosts)
    {
        SqliteLibrary.Load(Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var file = Path.GetTempFileName();
        try
        {
            return Run(file, fleet, hosts);
        }
        finally
        {
            foreach (var suffix in new[] { "", "-wal", "-shm" })
                File.Delete(file + suffix);
        }
    }

    private static TimeSpan Run(string file, GeneratedFleet fleet, int hosts)
    {
        Check(raw.sqlite3_open(file, out var db));
        Execute(db, "pragma journal_mode=wal");
        Execute(db, "pragma synchronous=full");
        Execute(
            db,
            """
            create table rows (dataset bigint not null, guid bigint not null, guid_known boolean not null,
                name text not null, createtxg bigint, created_at bigint, size bigint, used bigint, referenced bigint,
                holds bigint, extra text, first_seen bigint not null, changed_at bigint not null,
                primary key (dataset, guid)) without rowid
            """
        );
        Check(
            raw.sqlite3_prepare_v2(db, "insert into rows values (?,?,1,?,?,?,null,?,?,?,null,1,1)", out var statement)
        );
        var spent = TimeSpan.Zero;
        for (var host = 0; host <= hosts; host++)
        {
            var bodies = HostRequests.Of(fleet.Inventory(host), sequence: 1).Lists;
            var started = Environment.CpuUsage.TotalTime;
            Execute(db, "begin immediate");
            var dataset = host * 1000L;
            foreach (var body in bodies)
                Insert(statement, body, ref dataset);
            Execute(db, "commit");
            // The first one finds code that is not compiled yet.
            if (host > 0)
                spent += Environment.CpuUsage.TotalTime - started;
        }
        raw.sqlite3_finalize(statement);
        raw.sqlite3_close_v2(db);
        return spent;
    }

    private static void Insert(sqlite3_stmt statement, byte[] body, ref long dataset)
    {
        var reader = new Utf8JsonReader(body);
        var isSnapshot = false;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartArray && isSnapshot)
                dataset++;
            if (reader.TokenType == JsonTokenType.EndArray)
                isSnapshot = false;
            if (reader.TokenType == JsonTokenType.EndObject && isSnapshot)
            {
                raw.sqlite3_bind_int64(statement, 1, dataset);
                if (raw.sqlite3_step(statement) != raw.SQLITE_DONE)
                    throw new InvalidOperationException("A row was not inserted.");
                raw.sqlite3_reset(statement);
            }
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            if (reader.ValueTextEquals("snapshots"u8))
            {
                isSnapshot = true;
                dataset++;
            }
            else if (isSnapshot)
                Bind(statement, ref reader);
        }
    }

    private static void Bind(sqlite3_stmt statement, ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("guid"u8))
        {
            reader.Read();
            var guid = ulong.Parse(reader.ValueSpan, CultureInfo.InvariantCulture);
            raw.sqlite3_bind_int64(statement, 2, unchecked((long)guid));
        }
        else if (reader.ValueTextEquals("name"u8))
        {
            reader.Read();
            raw.sqlite3_bind_text(statement, 3, reader.ValueSpan);
        }
        else
        {
            var column =
                reader.ValueTextEquals("createtxg"u8) ? 4
                : reader.ValueTextEquals("creation"u8) ? 5
                : reader.ValueTextEquals("used"u8) ? 6
                : reader.ValueTextEquals("referenced"u8) ? 7
                : 8;
            reader.Read();
            raw.sqlite3_bind_int64(statement, column, reader.GetInt64());
        }
    }

    private static void Execute(sqlite3 db, string sql) => Check(raw.sqlite3_exec(db, sql));

    private static void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            throw new InvalidOperationException($"SQLite answered {result}.");
    }
}
