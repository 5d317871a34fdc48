using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace ZfsSync.Witness.Storage;

/// <summary>
/// A connection that its user gives back by disposing it: it stays open, set up, and with the statements that it has
/// prepared. Opening one and preparing statements take longer than most statements run.
/// </summary>
internal sealed class KeptConnection(string connectionString, Action<KeptConnection> giveBack)
    : SqliteConnection(connectionString)
{
    private const int MostStatements = 200;
    private readonly Dictionary<string, SqliteCommand> idle = new(StringComparer.Ordinal);

    /// <summary>Whether its commits wait for the disk; as it is opened, they do.</summary>
    public bool IsDurable { get; set; } = true;

    /// <summary>Which of the dialect's generations it was opened in; one of an earlier generation is not kept.</summary>
    public int Generation { get; init; }

    /// <summary>One that nobody else uses until it is given back.</summary>
    public SqliteCommand Take(string sql) =>
        idle.Remove(sql, out var kept) ? kept : new SqliteCommand(sql, this) { CommandTimeout = DefaultTimeout };

    public void GiveBack(SqliteCommand statement)
    {
        statement.Parameters.Clear();
        statement.Transaction = null;
        if (idle.Count >= MostStatements || !idle.TryAdd(statement.CommandText, statement))
            statement.Dispose();
    }

    /// <summary>Closes it for good.</summary>
    public void Discard()
    {
        foreach (var statement in idle.Values)
            statement.Dispose();
        idle.Clear();
        base.Dispose(true);
    }

    protected override DbCommand CreateDbCommand() => new KeptStatement(this);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            giveBack(this);
        else
            base.Dispose(disposing);
    }
}
